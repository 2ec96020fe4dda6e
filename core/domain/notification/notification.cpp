#include "core/domain/notification/notification.h"

#include <algorithm>

namespace cairn::domain {
namespace {

constexpr Duration kFirstPause = std::chrono::seconds(30);
constexpr Duration kLongestPause = std::chrono::hours(1);

}  // namespace

std::string_view name_of(NotificationKind kind) {
  switch (kind) {
    case NotificationKind::kConfirmed:
      return "CONFIRMED";
    case NotificationKind::kReady:
      return "READY";
    case NotificationKind::kDelayed:
      return "DELAYED";
    case NotificationKind::kRejectedWithChoices:
      return "REJECTED_WITH_CHOICES";
    case NotificationKind::kCancelled:
      return "CANCELLED";
    case NotificationKind::kRefunded:
      return "REFUNDED";
  }
  return "";
}

Result<NotificationKind> parse_notification_kind(std::string_view text) {
  for (const NotificationKind kind : kNotificationKinds) {
    if (name_of(kind) == text) return kind;
  }
  return fail(ErrorCode::kInvalid, "bad_notification_kind",
              "a kind is CONFIRMED, READY, DELAYED, REJECTED_WITH_CHOICES, CANCELLED or REFUNDED");
}

std::string_view name_of(NotificationState state) {
  switch (state) {
    case NotificationState::kPending:
      return "PENDING";
    case NotificationState::kSending:
      return "SENDING";
    case NotificationState::kSent:
      return "SENT";
    case NotificationState::kFailed:
      return "FAILED";
    case NotificationState::kUnknown:
      return "UNKNOWN";
  }
  return "";
}

Result<NotificationState> parse_notification_state(std::string_view text) {
  for (const NotificationState state : kNotificationStates) {
    if (name_of(state) == text) return state;
  }
  return fail(ErrorCode::kInvalid, "bad_notification_state",
              "a state is PENDING, SENDING, SENT, FAILED or UNKNOWN");
}

Duration pause_before_retry(std::uint32_t tries) {
  Duration pause = kFirstPause;
  for (std::uint32_t each = 1; each < tries && pause < kLongestPause; ++each) pause *= 2;
  return std::min(pause, kLongestPause);
}

NotificationState state_after(DeliveryOutcome outcome, UtcTime made, UtcTime now) {
  switch (outcome) {
    case DeliveryOutcome::kTaken:
      return NotificationState::kSent;
    case DeliveryOutcome::kNotNow:
      return now.us - made.us < kDeliveryPatience.count() ? NotificationState::kPending
                                                          : NotificationState::kFailed;
    case DeliveryOutcome::kNotEver:
      return NotificationState::kFailed;
    case DeliveryOutcome::kUnknown:
      break;
  }
  return NotificationState::kUnknown;
}

}  // namespace cairn::domain
