#include "core/domain/order/order.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad_order(std::string why) {
  return fail(ErrorCode::kInvalid, "bad_order", std::move(why));
}

Result<> check_kit(const SoldKit& kit) {
  const auto minor_ok = [](std::int64_t minor) { return minor >= 0 && minor <= kMaxMinor; };
  const bool whole = kit.milli > 0 && kit.milli <= kMaxMilli && kit.milli % kMilliPerUnit == 0;
  if (kit.line == LineNo() || kit.sku.text().empty() || !whole || kit.name.size() > 200 ||
      !is_utf8(kit.name) || !minor_ok(kit.unit_price.minor) || !minor_ok(kit.discount_minor) ||
      !minor_ok(kit.tax_minor)) {
    return bad_order(fmt::format("kit {} is not well told", kit.line.value()));
  }
  return {};
}

Result<> check_line(const OrderLine& line) {
  const auto no = line.line.value();
  if (no == 0) return bad_order("lines are numbered from 1");
  if (line.ordered.milli <= 0) return bad_order(fmt::format("line {} orders nothing", no));
  if (!line.ordered.whole()) return bad_order(fmt::format("line {} orders part of a piece", no));
  if (line.unit_price.minor < 0) return bad_order(fmt::format("line {} has a negative price", no));
  if (line.name.size() > 200 || !is_utf8(line.name)) {
    return bad_order(fmt::format("line {}: the name is longer than 200 octets or not UTF-8", no));
  }
  for (const std::int64_t minor :
       {line.discount_minor, line.order_discount_minor, line.tax_minor}) {
    if (minor >= 0 && minor <= kMaxMinor) continue;
    return bad_order(
        fmt::format("line {}: discounts and tax are 0 to {} minor units", no, kMaxMinor));
  }
  return line.kit ? check_kit(*line.kit) : Result<>();
}

/// A kit's number is that of no line, and of no other kit.
Result<> check_kits(const std::vector<OrderLine>& lines, const std::set<LineNo>& numbers) {
  std::map<LineNo, const SoldKit*> kits;
  for (const OrderLine& line : lines) {
    if (!line.kit) continue;
    const auto known = kits.try_emplace(line.kit->line, &*line.kit).first->second;
    if (numbers.contains(line.kit->line) || *known != *line.kit) {
      return bad_order(fmt::format("line {} appears twice", line.kit->line.value()));
    }
  }
  return {};
}

/// What a discount says of the promotion it comes from.
Result<> check_promotion(const OrderDiscount& discount) {
  const auto text_ok = [](const std::string& text, std::size_t most) {
    return text.size() <= most && is_utf8(text);
  };
  if (!text_ok(discount.promotion, 64) || !text_ok(discount.title, 200) ||
      !text_ok(discount.coupon, 32)) {
    return bad_order("a promotion's name, title or coupon is too long or not UTF-8");
  }
  std::int64_t rest = discount.minor;
  for (const OrderDiscount::Share& share : discount.shares) {
    if (share.minor <= 0 || share.minor > rest) rest = -1;
    if (rest < 0) break;
    rest -= share.minor;
  }
  const bool own = discount.promotion.empty();
  const bool fits = own ? discount.shares.empty() && discount.coupon.empty() : rest == 0;
  if (fits) return {};
  return bad_order(
      fmt::format("the lines' shares of discount {} are not the discount", discount.code));
}

Result<> check_discounts(const OrderPlaced& order) {
  if (order.discounts.size() > kMaxOrderDiscounts) {
    return bad_order(fmt::format("an order has at most {} discounts", kMaxOrderDiscounts));
  }
  std::int64_t rest = 0;
  for (const OrderDiscount& discount : order.discounts) {
    if (auto ok = check_promotion(discount); !ok) return ok;
    if (discount.code.empty() || discount.code.size() > 64 || !is_utf8(discount.code)) {
      return bad_order("the code of a discount has 1 to 64 octets");
    }
    if (discount.minor <= 0 || discount.minor > kMaxMinor) {
      return bad_order(
          fmt::format("discount {} takes nothing off, or more than there is", discount.code));
    }
    rest += discount.minor;
  }
  for (const OrderLine& line : order.lines) rest -= line.order_discount_minor;
  if (rest != 0) return bad_order("the lines' shares are not the order's discounts");
  return {};
}

void apply(std::optional<Order>& order, const OrderPlaced& placed) {
  if (order) return;
  Order fresh{placed, {}};
  for (const OrderLine& line : placed.lines) fresh.lines.push_back({line, 0, 0});
  fresh.delivery = {placed.method, placed.pickup_site, placed.destination};
  order = std::move(fresh);
}

void apply(std::optional<Order>& order, const OrderUnitsCancelled& cancelled) {
  if (!order) return;
  for (OrderLineState& state : order->lines) {
    if (state.line.line != cancelled.line) continue;
    state.cancelled_milli += std::clamp<std::int64_t>(cancelled.milli, 0, state.wanted_milli());
  }
}

void apply(std::optional<Order>& order, const PickupConverted& converted) {
  if (!order) return;
  for (OrderLineState& state : order->lines) {
    if (state.line.line == converted.line) state.converted_milli += converted.milli;
  }
}

void apply(std::optional<Order>&, const CancellationUnmatched&) {}  // of no order

void apply(std::optional<Order>&, const OrderParked&) {}  // of where it waits, not of what it is

void apply(std::optional<Order>&, const CouponsGivenBack&) {}  // of its coupons alone

void apply(std::optional<Order>& order, const OrderLineAdded& added) {
  if (!order || order->find(added.line.line) != nullptr) return;
  order->lines.push_back({added.line, 0, 0});
}

void apply(std::optional<Order>& order, const OrderDeliveryChanged& changed) {
  if (order) order->delivery = changed.after;
}

void apply(std::optional<Order>& order, const OrderHeld& held) {
  if (order) order->standing.hold = held.reason;
}

void apply(std::optional<Order>& order, const OrderHoldReleased&) {
  if (order) order->standing.hold.reset();
}

void apply(std::optional<Order>& order, const OrderRejected&) {
  if (order) order->standing = {std::nullopt, true};
}

}  // namespace

std::string_view name_of(FulfilmentMethod method) {
  switch (method) {
    case FulfilmentMethod::kShip:
      return "SHIP";
    case FulfilmentMethod::kPickup:
      return "PICKUP";
  }
  return "";
}

Result<FulfilmentMethod> parse_fulfilment_method(std::string_view text) {
  for (const auto method : {FulfilmentMethod::kShip, FulfilmentMethod::kPickup}) {
    if (name_of(method) == text) return method;
  }
  return fail(ErrorCode::kInvalid, "bad_method", "an order's method is SHIP or PICKUP");
}

std::string_view name_of(SaleKind kind) {
  switch (kind) {
    case SaleKind::kWeb:
      return "WEB";
    case SaleKind::kPhone:
      return "PHONE";
    case SaleKind::kMarketplace:
      return "MARKETPLACE";
    case SaleKind::kStore:
      return "STORE";
    case SaleKind::kWholesale:
      return "WHOLESALE";
  }
  return "";
}

Result<SaleKind> parse_sale_kind(std::string_view text) {
  for (const auto kind : {SaleKind::kWeb, SaleKind::kPhone, SaleKind::kMarketplace,
                          SaleKind::kStore, SaleKind::kWholesale}) {
    if (name_of(kind) == text) return kind;
  }
  return fail(ErrorCode::kInvalid, "bad_sale_kind",
              "a sale is WEB, PHONE, MARKETPLACE, STORE or WHOLESALE");
}

std::string_view name_of(CancelReason reason) {
  switch (reason) {
    case CancelReason::kCustomer:
      return "CUSTOMER";
    case CancelReason::kHeadOffice:
      return "HEAD_OFFICE";
    case CancelReason::kAutoCancel:
      return "AUTO_CANCEL";
  }
  return "";
}

const OrderLineState* Order::find(LineNo line) const {
  const auto found =
      std::ranges::find(lines, line, [](const OrderLineState& s) { return s.line.line; });
  return found == lines.end() ? nullptr : &*found;
}

std::optional<Order> evolve(std::optional<Order> order, const OrderEvent& event) {
  std::visit([&order](const auto& e) { apply(order, e); }, event);
  return order;
}

Result<> check_lines(const std::vector<OrderLine>& lines) {
  if (lines.empty()) return bad_order("an order needs at least one line");
  if (lines.size() > kMaxOrderLines) {
    return bad_order(fmt::format("an order has at most {} lines", kMaxOrderLines));
  }
  std::set<LineNo> seen;
  for (const OrderLine& line : lines) {
    if (auto ok = check_line(line); !ok) return ok;
    if (!seen.insert(line.line).second) {
      return bad_order(fmt::format("line {} appears twice", line.line.value()));
    }
    if (line.unit_price.currency != lines.front().unit_price.currency) {
      return bad_order("an order has one currency");
    }
  }
  return check_kits(lines, seen);
}

Result<OrderPlaced> decide(const PlaceOrder& command) {
  const OrderPlaced& order = command.order;
  const auto text_ok = [](const std::string& text, std::size_t least, std::size_t most) {
    return text.size() >= least && text.size() <= most && is_utf8(text);
  };
  if (!text_ok(order.channel, 1, 32)) return bad_order("the channel's name has 1 to 32 octets");
  if (!text_ok(order.external_id, 1, 64)) return bad_order("the order's number has 1 to 64 octets");
  if (!text_ok(order.customer, 0, 64)) {
    return bad_order("the customer reference has at most 64 octets");
  }
  if (!order.destination.valid()) return bad_order("latitude or longitude is out of range");
  if (auto ok = check_lines(order.lines); !ok) return fail(ok.error());
  if (auto ok = check_discounts(order); !ok) return fail(ok.error());
  if (auto ok = validate(order.delivery); !ok) return fail(ok.error());
  if ((order.method == FulfilmentMethod::kPickup) == order.pickup_site.empty()) {
    return bad_order("an order that is picked up names the site, another one does not");
  }
  return order;
}

Result<OrderUnitsCancelled> decide(const Order& order, const CancelUnits& command) {
  const OrderLineState* const line = order.find(command.line);
  if (line == nullptr) {
    return fail(
        ErrorCode::kNotFound, "no_such_line",
        fmt::format("order {} has no line {}", order.placed.external_id, command.line.value()));
  }
  if (command.milli <= 0 || !Quantity{command.milli, line->line.ordered.uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_quantity",
                "cancel a whole number of pieces, at least one");
  }
  if (command.source.size() > 64 || !is_utf8(command.source)) {
    return fail(ErrorCode::kInvalid, "bad_source",
                "the source of a cancellation is UTF-8 text of at most 64 octets");
  }
  if (command.milli > command.unrouted_milli) {
    return fail(ErrorCode::kRejected, "already_routed",
                fmt::format("only {} units of line {} are not yet with a site",
                            milli_text(command.unrouted_milli), command.line.value()));
  }
  return OrderUnitsCancelled{command.line, command.milli, command.reason, command.source};
}

Result<PickupConverted> decide(const Order& order, const ConvertPickup& command) {
  const OrderLineState* const state = order.find(command.line);
  if (state == nullptr) {
    return fail(
        ErrorCode::kNotFound, "no_such_line",
        fmt::format("order {} has no line {}", order.placed.external_id, command.line.value()));
  }
  if (order.delivery.method != FulfilmentMethod::kPickup) {
    return fail(ErrorCode::kRejected, "is_no_pickup",
                fmt::format("order {} is shipped anyway", order.placed.external_id));
  }
  if (command.milli <= 0 || !Quantity{command.milli, state->line.ordered.uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_quantity", "convert a whole number of pieces");
  }
  if (command.milli > command.parked_milli) {
    return fail(ErrorCode::kRejected, "nothing_parked",
                fmt::format("{} units of line {} wait for the customer's choice",
                            milli_text(command.parked_milli), command.line.value()));
  }
  return PickupConverted{command.line, command.milli};
}

Result<> validate(const CancellationUnmatched& cancellation) {
  if (cancellation.milli <= 0 || cancellation.milli > kMaxMilli) {
    return fail(ErrorCode::kInvalid, "bad_quantity", "a cancellation takes something off");
  }
  for (const std::string* const text : {&cancellation.customer, &cancellation.source}) {
    if (text->size() <= 64 && is_utf8(*text)) continue;
    return fail(ErrorCode::kInvalid, "bad_source",
                "customer and source of a cancellation are UTF-8 text of at most 64 octets");
  }
  return {};
}

OrderStatus status_of(const std::vector<LineProgress>& lines, const OrderStanding& standing) {
  if (standing.rejected) return OrderStatus::kRejected;
  bool goods = false;
  bool open = false;
  bool shipped = false;
  for (const LineProgress& line : lines) {
    if (line.service) continue;
    goods = true;
    const std::int64_t gone = line.shipped_milli + line.returned_milli;
    shipped = shipped || gone > 0;
    open = open || gone + line.cancelled_milli < line.ordered_milli;
  }
  if (open) return standing.hold ? OrderStatus::kHold : OrderStatus::kApproved;
  return goods && !shipped ? OrderStatus::kCancelled : OrderStatus::kCompleted;
}

}  // namespace cairn::domain
