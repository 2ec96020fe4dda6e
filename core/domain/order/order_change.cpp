#include "core/domain/order/order_change.h"

#include "core/domain/order/order_amounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad_change(std::string why) {
  return fail(ErrorCode::kInvalid, "bad_order", std::move(why));
}

/// Gives out numbers of lines that the order does not have.
class LineNumbers {
 public:
  explicit LineNumbers(const Order& order) {
    for (const OrderLineState& state : order.lines) last_ = std::max(last_, state.line.line);
  }
  Result<LineNo> next() {
    if (last_ == LineNo(UINT32_MAX)) return bad_change("no line number is left");
    return last_ = LineNo(last_.value() + 1);
  }
  void taken(LineNo line) { last_ = std::max(last_, line); }

 private:
  LineNo last_;
};

/// The units more of a line, as a line.
Result<OrderLine> more_of(const OrderLine& line, std::int64_t milli, LineNo number) {
  OrderLine more = line;
  more.line = number;
  more.ordered.milli = milli;
  more.kit.reset();
  more.discount_minor = 0;
  more.order_discount_minor = 0;
  const auto tax = in_proportion(line.tax_minor, milli, line.ordered.milli);
  if (!tax) return fail(tax.error());
  more.tax_minor = *tax;
  return more;
}

Result<> change_quantities(const Order& order, const ChangeOrder& command, LineNumbers& numbers,
                           std::vector<OrderEvent>& less, std::vector<OrderEvent>& more) {
  std::set<LineNo> seen;
  for (const LineQuantity& wanted : command.quantities) {
    const OrderLineState* const state = order.find(wanted.line);
    if (state == nullptr) {
      return fail(
          ErrorCode::kNotFound, "no_such_line",
          fmt::format("order {} has no line {}", order.placed.external_id, wanted.line.value()));
    }
    if (!seen.insert(wanted.line).second) {
      return bad_change(fmt::format("line {} is changed twice", wanted.line.value()));
    }
    if (wanted.milli < 0 || wanted.milli > kMaxMilli ||
        !Quantity{wanted.milli, state->line.ordered.uom}.whole()) {
      return bad_change(fmt::format("line {}: nothing or more is wanted, and no part of a piece",
                                    wanted.line.value()));
    }
    const std::int64_t by = wanted.milli - state->wanted_milli();
    if (by < 0) {
      less.emplace_back(OrderUnitsCancelled{wanted.line, -by, CancelReason::kCustomer, "change"});
    }
    if (by <= 0) continue;
    const auto number = numbers.next();
    if (!number) return fail(number.error());
    auto line = more_of(state->line, by, *number);
    if (!line) return fail(line.error());
    more.emplace_back(OrderLineAdded{*std::move(line), wanted.line, command.note});
  }
  return {};
}

Result<> add_lines(const Order& order, const ChangeOrder& command, LineNumbers& numbers,
                   std::vector<OrderEvent>& more) {
  for (OrderLine line : command.add) {
    if (line.line == LineNo()) {
      const auto number = numbers.next();
      if (!number) return fail(number.error());
      line.line = *number;
    }
    numbers.taken(line.line);
    const bool foreign = !order.lines.empty() &&
                         line.unit_price.currency != order.lines.front().line.unit_price.currency;
    if (foreign) return bad_change("an order has one currency");
    const auto gross = gross_minor(line);
    if (!gross) return fail(gross.error());
    if (line.order_discount_minor != 0 || line.discount_minor > *gross) {
      return bad_change(
          fmt::format("line {}: its discount is more than it costs", line.line.value()));
    }
    more.emplace_back(OrderLineAdded{std::move(line), LineNo(), command.note});
  }
  return {};
}

/// Every line as it will be, to be checked like those of an order that is placed.
Result<> check_outcome(const Order& order, const std::vector<OrderEvent>& events) {
  std::vector<OrderLine> lines;
  for (const OrderLineState& state : order.lines) lines.push_back(state.line);
  for (const OrderEvent& event : events) {
    const auto* const added = std::get_if<OrderLineAdded>(&event);
    if (added != nullptr) lines.push_back(added->line);
  }
  if (auto ok = check_lines(lines); !ok) return ok;
  const auto total = total_of(lines, order.placed.tax_added);
  if (!total) return fail(total.error());
  std::optional<Order> after = order;
  for (const OrderEvent& event : events) after = evolve(std::move(after), event);
  const bool any = std::ranges::any_of(after->lines, [](const OrderLineState& state) {
    return !state.line.service && state.wanted_milli() > 0;
  });
  if (any) return {};
  return fail(ErrorCode::kRejected, "nothing_left",
              "nothing would be left of the order: cancel it instead; nothing was changed");
}

}  // namespace

Result<> check_delivery(const DeliveryPlace& delivery) {
  if (!delivery.destination.valid()) return bad_change("latitude or longitude is out of range");
  if ((delivery.method == FulfilmentMethod::kPickup) == delivery.pickup_site.empty()) {
    return bad_change("an order that is picked up names the site, another one does not");
  }
  return {};
}

Result<std::vector<OrderEvent>> decide(const Order& order, const ChangeOrder& command) {
  if (auto ok = check_note(command.note); !ok) return fail(ok.error());
  if (command.status != OrderStatus::kApproved && command.status != OrderStatus::kHold) {
    return fail(ErrorCode::kRejected, "order_ended",
                fmt::format("the order is {}: nothing was changed", name_of(command.status)));
  }
  if (command.with_a_site) {
    return fail(ErrorCode::kRejected, "too_late",
                "a site has, or had, some of the order: nothing was changed. Cancel units of it, "
                "or place another order");
  }
  LineNumbers numbers(order);
  for (const OrderLine& line : command.add) numbers.taken(line.line);
  std::vector<OrderEvent> events;
  std::vector<OrderEvent> more;
  if (auto ok = change_quantities(order, command, numbers, events, more); !ok) {
    return fail(ok.error());
  }
  if (auto ok = add_lines(order, command, numbers, more); !ok) return fail(ok.error());
  std::ranges::move(more, std::back_inserter(events));
  if (command.delivery && *command.delivery != order.delivery) {
    if (auto ok = check_delivery(*command.delivery); !ok) return fail(ok.error());
    events.emplace_back(OrderDeliveryChanged{order.delivery, *command.delivery, command.note});
  }
  if (auto ok = check_outcome(order, events); !ok) return fail(ok.error());
  return events;
}

}  // namespace cairn::domain
