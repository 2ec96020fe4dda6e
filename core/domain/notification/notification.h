#pragma once
// Notification: one cause of which a shopper is told, and how far that has come. At the hub only,
// in no log. Several of one order may be told in one message. Pure data.

#include "core/base/result.h"
#include "core/base/time.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace cairn::domain {

enum class NotificationKind : std::uint8_t {
  kConfirmed = 1,            ///< the order was taken
  kReady = 2,                ///< a pickup waits at the counter
  kDelayed = 3,              ///< no site has been given it for too long
  kRejectedWithChoices = 4,  ///< a pickup site could not give units: what shall become of them?
  kCancelled = 5,            ///< units are not sent any more
  kRefunded = 6,             ///< money was given back
};
inline constexpr std::array kNotificationKinds = {
    NotificationKind::kConfirmed, NotificationKind::kReady,
    NotificationKind::kDelayed,   NotificationKind::kRejectedWithChoices,
    NotificationKind::kCancelled, NotificationKind::kRefunded};
/// "CONFIRMED", "READY", "DELAYED", "REJECTED_WITH_CHOICES", "CANCELLED", "REFUNDED"; empty for a
/// number that is none of them.
std::string_view name_of(NotificationKind kind);
/// Errors: kInvalid "bad_notification_kind".
Result<NotificationKind> parse_notification_kind(std::string_view text);

enum class NotificationState : std::uint8_t {
  kPending = 1,  ///< will be sent; nothing has left, or it was surely not taken
  kSending = 2,  ///< may be leaving at this moment
  kSent = 3,     ///< the mail server, or the receiver, has taken it
  kFailed = 4,   ///< refused for good, or tried for too long; nothing was taken
  kUnknown = 5,  ///< nobody knows whether it was taken: it is not sent again by itself
};
inline constexpr std::array kNotificationStates = {
    NotificationState::kPending, NotificationState::kSending, NotificationState::kSent,
    NotificationState::kFailed, NotificationState::kUnknown};
/// "PENDING", "SENDING", "SENT", "FAILED", "UNKNOWN"; empty for a number that is none of them.
std::string_view name_of(NotificationState state);
/// Errors: kInvalid "bad_notification_state".
Result<NotificationState> parse_notification_state(std::string_view text);

/// What became of one try.
enum class DeliveryOutcome : std::uint8_t {
  kTaken,    ///< whoever was told to deliver it has it
  kNotNow,   ///< surely not taken; later it may be
  kNotEver,  ///< surely not taken, and the same would be refused again
  kUnknown,  ///< nobody knows
};

/// The pause before the next try, after `tries` of them (from 1): half a minute, doubled each time,
/// an hour at most.
Duration pause_before_retry(std::uint32_t tries);
/// What was surely not taken is tried for so long.
inline constexpr Duration kDeliveryPatience = std::chrono::hours(72);

/// Where a notification stands after a try. `made`: when it was noted.
NotificationState state_after(DeliveryOutcome outcome, UtcTime made, UtcTime now);

}  // namespace cairn::domain
