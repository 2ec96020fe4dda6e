#pragma once
// Changes of an order that no site has yet: lines more, units more or less, another way to the
// customer. What was placed stays as it was; each change is an event of its own beside it. Pure.

#include "core/domain/order/order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain {

/// So many units of a line are wanted, all together.
struct LineQuantity {
  LineNo line;
  std::int64_t milli = 0;  ///< 0: none of it
};

struct ChangeOrder {
  std::vector<OrderLine> add{};  ///< number 0: the next one that is free
  std::vector<LineQuantity> quantities{};
  std::optional<DeliveryPlace> delivery{};
  std::string note{};  ///< for people; at most kMaxOrderNote octets
  // What the order's rows say.
  OrderStatus status = OrderStatus::kApproved;
  bool with_a_site = false;  ///< some of it is, or was
};

/// The events, in their order: units less (OrderUnitsCancelled), lines more (OrderLineAdded; units
/// more of a line are a line of their own, at its price and without its discounts), another way
/// (OrderDeliveryChanged). None: it is like that already. Errors: kInvalid "bad_note",
/// "bad_order" with a sentence, "overflow"; kNotFound "no_such_line"; kRejected "order_ended",
/// "too_late" (a site has, or had, some of it), "nothing_left" (cancel it instead).
Result<std::vector<OrderEvent>> decide(const Order& order, const ChangeOrder& command);

}  // namespace cairn::domain
