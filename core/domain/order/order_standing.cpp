#include "core/domain/order/order_standing.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <array>

namespace cairn::domain {
namespace {

constexpr std::array kStatuses = {OrderStatus::kApproved, OrderStatus::kCompleted,
                                  OrderStatus::kCancelled, OrderStatus::kHold,
                                  OrderStatus::kRejected};

bool has_ended(OrderStatus status) {
  return status != OrderStatus::kApproved && status != OrderStatus::kHold;
}

tl::unexpected<Error> order_ended(OrderStatus status) {
  return fail(ErrorCode::kRejected, "order_ended",
              fmt::format("the order is {}: nothing was changed", name_of(status)));
}

}  // namespace

std::string_view name_of(OrderStatus status) {
  switch (status) {
    case OrderStatus::kApproved:
      return "APPROVED";
    case OrderStatus::kCompleted:
      return "COMPLETED";
    case OrderStatus::kCancelled:
      return "CANCELLED";
    case OrderStatus::kHold:
      return "HOLD";
    case OrderStatus::kRejected:
      return "REJECTED";
  }
  return "";
}

Result<OrderStatus> parse_order_status(std::string_view text) {
  for (const auto status : kStatuses) {
    if (name_of(status) == text) return status;
  }
  return fail(ErrorCode::kInvalid, "bad_status",
              "an order's status is one of APPROVED, COMPLETED, CANCELLED, HOLD, REJECTED");
}

std::string_view name_of(HoldReason reason) {
  switch (reason) {
    case HoldReason::kFraud:
      return "FRAUD";
    case HoldReason::kAddress:
      return "ADDRESS";
    case HoldReason::kManual:
      return "MANUAL";
  }
  return "";
}

Result<HoldReason> parse_hold_reason(std::string_view text) {
  for (const auto reason : {HoldReason::kFraud, HoldReason::kAddress, HoldReason::kManual}) {
    if (name_of(reason) == text) return reason;
  }
  return fail(ErrorCode::kInvalid, "bad_hold_reason",
              "the reason of a hold is FRAUD, ADDRESS or MANUAL");
}

Result<> check_note(const std::string& note) {
  if (note.size() <= kMaxOrderNote && is_utf8(note)) return {};
  return fail(ErrorCode::kInvalid, "bad_note",
              fmt::format("a note is UTF-8 text of at most {} octets", kMaxOrderNote));
}

Result<OrderHeld> decide(const HoldOrder& command) {
  if (auto ok = check_note(command.note); !ok) return fail(ok.error());
  if (has_ended(command.status)) return order_ended(command.status);
  if (command.status == OrderStatus::kHold) {
    return fail(ErrorCode::kConflict, "already_held", "the order is held: nothing was changed");
  }
  if (command.unrouted_milli <= 0) {
    return fail(ErrorCode::kRejected, "too_late",
                "all of the order is with sites: nothing was changed. Cancel what you can of it");
  }
  return OrderHeld{command.reason, command.note};
}

Result<OrderHoldReleased> decide(const ReleaseHold& command) {
  if (auto ok = check_note(command.note); !ok) return fail(ok.error());
  if (command.status != OrderStatus::kHold) {
    return fail(
        ErrorCode::kConflict, "not_held",
        fmt::format("the order is {}, not held: nothing was changed", name_of(command.status)));
  }
  return OrderHoldReleased{command.note};
}

Result<OrderRejected> decide(const RejectOrder& command) {
  if (auto ok = check_note(command.note); !ok) return fail(ok.error());
  if (has_ended(command.status)) return order_ended(command.status);
  if (command.with_a_site) {
    return fail(ErrorCode::kRejected, "too_late",
                "a site has, or had, some of the order: nothing was changed. Cancel it instead");
  }
  return OrderRejected{command.note};
}

}  // namespace cairn::domain
