#include "core/domain/order/order_change.h"

#include "core/domain/order/order_amounts.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <functional>
#include <rapidcheck.h>
#include <string>
#include <vector>

namespace cairn::domain::order_change_test {
namespace {

using namespace test;

OrderLine article(std::uint32_t no, std::int64_t units, std::int64_t minor = 100) {
  return {LineNo(no), sku("S-" + std::to_string(no)), "Article", Quantity::pieces(units),
          gbp(minor)};
}

/// Two of line 1, five of line 2, postage.
Order two_lines() {
  OrderPlaced placed;
  placed.order = order_id(1);
  placed.channel = "web";
  placed.external_id = "1";
  placed.placed_at = utc("2026-11-24T08:00:00Z");
  placed.lines = {article(1, 2), article(2, 5)};
  placed.lines[0].tax_minor = 33;
  placed.lines[0].discount_minor = 20;
  OrderLine postage{LineNo(9), sku("POST"), "Postage", Quantity::pieces(1), gbp(400), true};
  placed.lines.push_back(postage);
  placed.destination = {53'000'000, -1'000'000};
  return *evolve(std::nullopt, OrderEvent(placed));
}

ChangeOrder quantity(std::uint32_t line, std::int64_t units) {
  ChangeOrder command;
  command.quantities = {{LineNo(line), units * kMilliPerUnit}};
  return command;
}

Order changed(Order order, const ChangeOrder& command) {
  std::optional<Order> after = std::move(order);
  const auto events = decide(*after, command).value();
  for (const OrderEvent& event : events) {
    after = evolve(std::move(after), event);
  }
  return *after;
}

void refused(const ChangeOrder& command, std::string_view reason) {
  const auto events = decide(two_lines(), command);
  REQUIRE_FALSE(events);
  CHECK(events.error().reason == reason);
  CHECK_FALSE(events.error().message.empty());
}

TEST_CASE("order change: units less are cancelled, units more are a line of their own",
          "[domain][order]") {
  const auto less = decide(two_lines(), quantity(2, 3)).value();
  REQUIRE(less.size() == 1);
  CHECK(std::get<OrderUnitsCancelled>(less[0]) ==
        OrderUnitsCancelled{LineNo(2), 2000, CancelReason::kCustomer, "change"});
  const auto more = decide(two_lines(), quantity(1, 5)).value();
  REQUIRE(more.size() == 1);
  const auto& added = std::get<OrderLineAdded>(more[0]);
  CHECK(added.raises == LineNo(1));
  CHECK(added.line.line == LineNo(10));
  CHECK(added.line.sku == sku("S-1"));
  CHECK(added.line.ordered == Quantity::pieces(3));
  CHECK(added.line.unit_price == gbp(100));
  CHECK(added.line.discount_minor == 0);
  CHECK(added.line.tax_minor == 50);  // 33 for two, 49.5 for three
  CHECK(decide(two_lines(), quantity(1, 2)).value().empty());
  // What was cancelled before counts.
  const Order cut = changed(two_lines(), quantity(2, 3));
  CHECK(decide(cut, quantity(2, 3)).value().empty());
  CHECK(std::get<OrderLineAdded>(decide(cut, quantity(2, 4)).value()[0]).line.ordered ==
        Quantity::pieces(1));
}

TEST_CASE("order change: lines are added behind the others, or with a number of their own",
          "[domain][order]") {
  ChangeOrder command;
  command.add = {article(0, 1), article(12, 1), article(0, 2)};
  command.note = "called";
  const Order after = changed(two_lines(), command);
  REQUIRE(after.lines.size() == 6);
  CHECK(after.lines[3].line.line == LineNo(13));
  CHECK(after.lines[4].line.line == LineNo(12));
  CHECK(after.lines[5].line.line == LineNo(14));
  CHECK(after.placed == two_lines().placed);
}

TEST_CASE("order change: another way to the customer keeps the one before", "[domain][order]") {
  ChangeOrder command;
  command.delivery =
      DeliveryPlace{FulfilmentMethod::kPickup, site("york"), {53'000'000, -1'000'000}};
  const auto events = decide(two_lines(), command).value();
  REQUIRE(events.size() == 1);
  const auto& now = std::get<OrderDeliveryChanged>(events[0]);
  CHECK(now.before == DeliveryPlace{FulfilmentMethod::kShip, {}, {53'000'000, -1'000'000}});
  CHECK(now.after == *command.delivery);
  const Order after = changed(two_lines(), command);
  CHECK(after.delivery == *command.delivery);
  CHECK(after.placed.method == FulfilmentMethod::kShip);
  CHECK(decide(after, command).value().empty());
}

TEST_CASE("order change: what is refused, and why", "[domain][order]") {
  refused(quantity(7, 1), "no_such_line");
  refused(quantity(1, -1), "bad_order");
  ChangeOrder command = quantity(1, 1);
  command.quantities.front().milli = 1500;
  refused(command, "bad_order");
  command = quantity(1, 1);
  command.quantities.push_back(command.quantities.front());
  refused(command, "bad_order");
  command = {};
  command.add = {article(1, 1)};
  refused(command, "bad_order");
  command.add = {article(0, 0)};
  refused(command, "bad_order");
  command.add = {article(0, 1)};
  command.add[0].unit_price = {100, currency("EUR")};
  refused(command, "bad_order");
  command.add = {article(0, 1)};
  command.add[0].discount_minor = 101;
  refused(command, "bad_order");
  command.add = {article(UINT32_MAX, 1), article(0, 1)};
  refused(command, "bad_order");
  command.add.assign(kMaxOrderLines - 2, article(0, 1));
  refused(command, "bad_order");
  command = {};
  command.delivery = DeliveryPlace{FulfilmentMethod::kPickup, {}, {}};
  refused(command, "bad_order");
  command.delivery = DeliveryPlace{FulfilmentMethod::kShip, site("york"), {}};
  refused(command, "bad_order");
  command.delivery = DeliveryPlace{FulfilmentMethod::kShip, {}, {91'000'000, 0}};
  refused(command, "bad_order");
  command = quantity(1, 0);
  command.quantities.push_back({LineNo(2), 0});
  refused(command, "nothing_left");
  command = quantity(1, 1);
  command.note = std::string(kMaxOrderNote + 1, 'x');
  refused(command, "bad_note");
  command = quantity(1, 1);
  command.with_a_site = true;
  refused(command, "too_late");
  for (const auto status :
       {OrderStatus::kCancelled, OrderStatus::kCompleted, OrderStatus::kRejected}) {
    command = quantity(1, 1);
    command.status = status;
    refused(command, "order_ended");
  }
  command.status = OrderStatus::kHold;
  CHECK(decide(two_lines(), command));
}

TEST_CASE("order change: as many units are wanted as were asked for, whatever was before",
          "[domain][order]") {
  CHECK(rc::check("quantities one after the other", [] {
    Order order = two_lines();
    const auto steps = *rc::gen::inRange(0, 8);
    for (int step = 0; step < steps; ++step) {
      const auto at = *rc::gen::inRange<std::size_t>(0, order.lines.size());
      const LineNo line = order.lines[at].line.line;
      const auto units = *rc::gen::inRange<std::int64_t>(0, 9);
      ChangeOrder command;
      command.quantities = {{line, units * kMilliPerUnit}};
      std::int64_t before = 0;
      for (const OrderLineState& state : order.lines) before += state.wanted_milli();
      const std::int64_t had = order.lines[at].wanted_milli();
      const auto events = decide(order, command);
      if (!events) {
        RC_ASSERT(events.error().reason == "nothing_left");
        continue;
      }
      order = changed(order, command);
      std::int64_t after = 0;
      for (const OrderLineState& state : order.lines) {
        RC_ASSERT(state.wanted_milli() >= 0);
        after += state.wanted_milli();
      }
      RC_ASSERT(after - before == units * kMilliPerUnit - had);
      RC_ASSERT(order.placed == two_lines().placed);
    }
  }));
}

TEST_CASE("order amounts: in proportion, half up, and never beyond all sums", "[domain][order]") {
  CHECK(in_proportion(0, 5, 2) == 0);
  CHECK(in_proportion(33, 3000, 2000) == 50);
  CHECK(in_proportion(33, 1000, 3000) == 11);
  CHECK(in_proportion(1, 1, 3) == 0);
  CHECK(in_proportion(1, 1, 2) == 1);
  CHECK(in_proportion(kMaxMinor, kMaxMilli, kMaxMilli) == kMaxMinor);
  CHECK(in_proportion(kMaxMinor, kMaxMilli, 1).error().reason == "overflow");
  CHECK(in_proportion(kMaxMinor, 3, 2).error().reason == "overflow");
}

}  // namespace
}  // namespace cairn::domain::order_change_test
