#pragma once
// Where an order as a whole stands: held, rejected, and what its lines make of it. Pure.
//
//   CREATED   -> APPROVED | HOLD     in the transaction that places it
//   APPROVED  -> HOLD                as long as a unit is with no site
//   HOLD      -> APPROVED            released
//   HOLD, APPROVED -> REJECTED       as long as no unit is with a site
//   HOLD, APPROVED -> CANCELLED      every unit of goods is cancelled
//   HOLD, APPROVED -> COMPLETED      every unit is shipped or cancelled, and not all are cancelled
//
// CREATED is nothing that anybody can see: it ends within that transaction.

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::domain {

enum class OrderStatus : std::uint8_t {
  kApproved,   ///< something is still to be shipped
  kCompleted,  ///< every unit is shipped or cancelled, and not all are cancelled
  kCancelled,  ///< every unit of goods is cancelled
  kHold,       ///< as kApproved, but no site is given any of it until it is released
  kRejected,   ///< head office does not want it
};

/// "APPROVED", "COMPLETED", "CANCELLED", "HOLD", "REJECTED".
std::string_view name_of(OrderStatus status);
/// Errors: kInvalid "bad_status" with the known ones.
Result<OrderStatus> parse_order_status(std::string_view text);

enum class HoldReason : std::uint8_t {
  kFraud = 1,    ///< somebody has to look whether it is paid honestly
  kAddress = 2,  ///< where it goes to is not known well enough
  kManual = 3,   ///< a person wants it so
};
/// "FRAUD", "ADDRESS", "MANUAL"; empty for a number that is none of them.
std::string_view name_of(HoldReason reason);
/// Errors: kInvalid "bad_hold_reason".
Result<HoldReason> parse_hold_reason(std::string_view text);

/// It keeps its units, and no site is given any.
struct OrderHeld {
  static constexpr std::uint32_t kTypeId = 104;
  HoldReason reason = HoldReason::kManual;
  std::string note;  ///< for people; at most 200 octets
  friend bool operator==(const OrderHeld&, const OrderHeld&) = default;
};

struct OrderHoldReleased {
  static constexpr std::uint32_t kTypeId = 105;
  std::string note;  ///< for people; at most 200 octets
  friend bool operator==(const OrderHoldReleased&, const OrderHoldReleased&) = default;
};

/// Head office does not want it. Its units are cancelled by events of their own beside it.
struct OrderRejected {
  static constexpr std::uint32_t kTypeId = 106;
  std::string note;  ///< why, for people; at most 200 octets
  friend bool operator==(const OrderRejected&, const OrderRejected&) = default;
};

/// Longest note of these, in octets of UTF-8.
inline constexpr std::size_t kMaxOrderNote = 200;
/// Errors: kInvalid "bad_note".
Result<> check_note(const std::string& note);

/// What these events have made of an order.
struct OrderStanding {
  std::optional<HoldReason> hold{};
  bool rejected = false;
  friend bool operator==(const OrderStanding&, const OrderStanding&) = default;
};

struct HoldOrder {
  HoldReason reason = HoldReason::kManual;
  std::string note;
  OrderStatus status = OrderStatus::kApproved;
  std::int64_t unrouted_milli = 0;  ///< wanted, and with no site
};
/// Errors: kInvalid "bad_note"; kConflict "already_held"; kRejected "order_ended", "too_late" (all
/// of it is with sites).
Result<OrderHeld> decide(const HoldOrder& command);

struct ReleaseHold {
  std::string note;
  OrderStatus status = OrderStatus::kApproved;
};
/// Errors: kInvalid "bad_note"; kConflict "not_held".
Result<OrderHoldReleased> decide(const ReleaseHold& command);

struct RejectOrder {
  std::string note;
  OrderStatus status = OrderStatus::kApproved;
  bool with_a_site = false;  ///< some of it is, or was
};
/// Errors: kInvalid "bad_note"; kRejected "order_ended", "too_late".
Result<OrderRejected> decide(const RejectOrder& command);

}  // namespace cairn::domain
