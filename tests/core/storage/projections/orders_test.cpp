#include "core/storage/projections/orders.h"

#include "core/storage/projections/order_queues.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

namespace cairn::storage::orders_test {
namespace {

using domain::OrderEvent;
using domain::ShipGroupEvent;
using test::at_ms;
using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;

struct Hub : test::Store {
  Hub() : Store(test::hub_identity(node(77))) {}

  void place(std::uint64_t number, const std::vector<test::Wanted>& lines) {
    auto order = test::placed(fmt::format("{}", number), lines);
    order.order = order_id(number);
    append(OrderEvent(order), domain::order_key(order_id(number)), {});
  }
  void cancel(std::uint64_t number, std::uint32_t line, std::int64_t units) {
    append(OrderEvent(domain::OrderUnitsCancelled{LineNo(line), pieces(units),
                                                  domain::CancelReason::kCustomer, "c"}),
           domain::order_key(order_id(number)), {});
  }
  void route(std::uint64_t number, std::uint64_t group, const std::vector<test::Wanted>& lines,
             std::string_view at = "store") {
    append(ShipGroupEvent(test::allocated(group_id(group), order_id(number), lines)),
           domain::ship_group_key(group_id(group)), site(at));
  }
  /// At the site: a fact about a group.
  void happens(std::uint64_t group, const ShipGroupEvent& event, std::string_view at = "store") {
    take_uplink(
        node(at == "store" ? 1 : 2), Incarnation(1), site(at),
        {test::octets(event, domain::ship_group_key(group_id(group)), site(at), at_ms(++ms_))});
  }
  void pick(std::uint64_t group, std::uint32_t line, std::int64_t units,
            std::string_view at = "store") {
    happens(group, domain::LinePicked{LineNo(line), pieces(units), bin("B-1")}, at);
  }
  void ship(std::uint64_t group, std::uint32_t line, std::int64_t units,
            std::string_view at = "store") {
    happens(group, domain::ShipGroupShipped{{{LineNo(line), pieces(units)}}}, at);
  }
  /// "line: ordered cancelled routed picked shipped waiting", in units.
  std::string lines(std::uint64_t number) {
    std::string text;
    for (const OrderLineRow& row : order_lines(connection(), order_id(number))) {
      const domain::LineProgress& p = row.progress;
      text += fmt::format("{}: {} {} {} {} {} {}\n", p.line.value(), milli_text(p.ordered_milli),
                          milli_text(p.cancelled_milli), milli_text(p.routed_milli),
                          milli_text(p.picked_milli), milli_text(p.shipped_milli),
                          milli_text(p.waiting_milli()));
    }
    return text;
  }
  std::string page(const OrderPage& page) {
    std::string text;
    for (const OrderRow& row : orders(connection(), page)) text += row.external_id + " ";
    return text;
  }

 private:
  std::uint64_t ms_ = 0;
};

TEST_CASE("orders: a placed order is found as it was placed", "[storage][orders]") {
  Hub hub;
  auto order = test::placed("4711", {{1, "A1", 5}, {7, "A2", 1}});
  order.order = order_id(1);
  order.lines[1].service = true;
  order.lines[1].unit_price = test::pounds(395);
  hub.append(OrderEvent(order), domain::order_key(order_id(1)), {});
  for (const auto& row :
       {find_order(hub.connection(), order_id(1)), find_order(hub.connection(), "web", "4711")}) {
    REQUIRE(row);
    CHECK(row->rank == 1);
    CHECK(row->id == order_id(1));
    CHECK(row->channel == "web");
    CHECK(row->external_id == "4711");
    CHECK(row->placed_at == order.placed_at);
    CHECK(row->customer == "customer-7");
    CHECK(row->destination == order.destination);
  }
  CHECK_FALSE(find_order(hub.connection(), order_id(2)));
  CHECK_FALSE(find_order(hub.connection(), "shop", "4711"));
  const auto lines = order_lines(hub.connection(), order_id(1));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].line == order.lines[0]);
  CHECK(lines[1].line == order.lines[1]);
  CHECK(lines[1].progress.service);
}

TEST_CASE("orders: pages of those with a status, a method, a site, a number", "[storage][orders]") {
  Hub hub;
  const auto page = [&hub](const auto& narrow) {
    OrderPage wanted;
    narrow(wanted);
    return hub.page(wanted);
  };
  const auto of_status = [&page](domain::OrderStatus status) {
    return page([status](OrderPage& wanted) { wanted.status = status; });
  };
  const auto at_site = [&page](const char* name) {
    return page([name](OrderPage& wanted) { wanted.site = site(name); });
  };
  const auto beginning = [&page](const char* text) {
    return page([text](OrderPage& wanted) { wanted.text = text; });
  };
  for (const std::uint64_t number : {1U, 2U, 3U, 12U, 13U}) hub.place(number, {{1, "A1", 2}});
  hub.cancel(1, 1, 2);
  hub.route(2, 2, {{1, "A1", 2}});
  hub.pick(2, 1, 2);
  hub.ship(2, 1, 2);
  hub.route(3, 3, {{1, "A1", 1}}, "depot");
  hub.pick(3, 1, 1, "depot");
  hub.ship(3, 1, 1, "depot");
  auto service = test::placed("S%_", {{1, "A1", 1}});
  service.order = order_id(50);
  service.lines[0].service = true;
  service.method = domain::FulfilmentMethod::kPickup;
  service.pickup_site = site("store");
  hub.append(OrderEvent(service), domain::order_key(order_id(50)), {});

  CHECK(of_status(domain::OrderStatus::kApproved) == "3 12 13 ");
  CHECK(of_status(domain::OrderStatus::kCompleted) == "2 S%_ ");
  CHECK(of_status(domain::OrderStatus::kCancelled) == "1 ");
  // The rows say what the domain says.
  for (const OrderRow& row : orders(hub.connection(), {})) {
    std::vector<domain::LineProgress> lines;
    for (const auto& line : order_lines(hub.connection(), row.id)) lines.push_back(line.progress);
    CHECK(of_status(domain::status_of(lines)).find(row.external_id) != std::string::npos);
  }
  CHECK(page([](OrderPage& wanted) { wanted.method = domain::FulfilmentMethod::kPickup; }) ==
        "S%_ ");
  CHECK(at_site("store") == "2 ");
  CHECK(at_site("depot") == "3 ");
  CHECK(at_site("other").empty());
  CHECK(beginning("1") == "1 12 13 ");
  CHECK(beginning("13") == "13 ");
  CHECK(beginning("s%_") == "S%_ ");
  CHECK(beginning("%").empty());
  CHECK(beginning("_").empty());
  CHECK(page([](OrderPage& wanted) {
          wanted.text = "1";
          wanted.status = domain::OrderStatus::kApproved;
          wanted.after_rank = 4;
        }) == "13 ");
}

TEST_CASE("orders: pages of those that wait for the customer's choice", "[storage][orders]") {
  Hub hub;
  for (const std::uint64_t number : {1U, 2U}) {
    auto order = test::placed(fmt::format("{}", number), {{1, "A1", 2}});
    order.order = order_id(number);
    order.method = domain::FulfilmentMethod::kPickup;
    order.pickup_site = site("store");
    hub.append(OrderEvent(order), domain::order_key(order_id(number)), {});
    auto group = test::allocated(group_id(number), order_id(number), {{1, "A1", 2}});
    group.method = domain::FulfilmentMethod::kPickup;
    hub.append(ShipGroupEvent(group), domain::ship_group_key(group_id(number)), site("store"));
  }
  OrderPage parked;
  parked.only_parked = true;
  CHECK(hub.page(parked).empty());
  hub.happens(2, domain::LineShorted{LineNo(1), pieces(1), domain::ShortReason::kNoVariance, {}});
  CHECK(hub.page(parked) == "2 ");
  hub.append(OrderEvent(domain::PickupConverted{LineNo(1), pieces(1)}),
             domain::order_key(order_id(2)), {});
  CHECK(hub.page(parked).empty());
  CHECK(hub.page({0, 9, true}) == "2 ");
}

TEST_CASE("orders: the figures of a line through placing, cancelling, routing, picking, shipping",
          "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}, {2, "A2", 2}});
  CHECK(hub.lines(1) == "1: 10 0 0 0 0 10\n2: 2 0 0 0 0 2\n");
  hub.cancel(1, 1, 3);
  CHECK(hub.lines(1) == "1: 10 3 0 0 0 7\n2: 2 0 0 0 0 2\n");
  hub.route(1, 1, {{1, "A1", 4}});
  CHECK(hub.lines(1) == "1: 10 3 4 0 0 3\n2: 2 0 0 0 0 2\n");
  hub.route(1, 2, {{1, "A1", 3}, {2, "A2", 2}}, "depot");
  CHECK(hub.lines(1) == "1: 10 3 7 0 0 0\n2: 2 0 2 0 0 0\n");
  hub.pick(1, 1, 4);
  hub.pick(2, 1, 1, "depot");
  CHECK(hub.lines(1) == "1: 10 3 7 5 0 0\n2: 2 0 2 0 0 0\n");
  hub.ship(1, 1, 4);
  CHECK(hub.lines(1) == "1: 10 3 7 1 4 0\n2: 2 0 2 0 0 0\n");
}

TEST_CASE("orders: no more is cancelled than was ordered", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 5}});
  hub.cancel(1, 1, 3);
  hub.cancel(1, 1, 3);
  CHECK(hub.lines(1) == "1: 5 5 0 0 0 0\n");
  CHECK(hub.replica().order(order_id(1))->find(LineNo(1))->cancelled_milli == pieces(5));
}

TEST_CASE("orders: another order's groups do not count", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 5}});
  hub.place(2, {{1, "A1", 5}});
  hub.route(2, 1, {{1, "A1", 5}});
  hub.pick(1, 1, 2);
  CHECK(hub.lines(1) == "1: 5 0 0 0 0 5\n");
  CHECK(hub.lines(2) == "1: 5 0 5 2 0 0\n");
}

TEST_CASE("orders: they come in the order they were placed, in pages", "[storage][orders]") {
  Hub hub;
  for (const std::uint64_t number : {30U, 10U, 20U}) hub.place(number, {{1, "A1", 1}});
  CHECK(hub.page({}) == "30 10 20 ");
  CHECK(hub.page({0, 2, false}) == "30 10 ");
  CHECK(hub.page({2, 2, false}) == "20 ");
  CHECK(hub.page({3, 2, false}).empty());
}

TEST_CASE("orders: waiting are those with units that no site was given", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 2}});
  hub.place(2, {{1, "A1", 2}, {2, "A2", 1}});
  hub.place(3, {{1, "A1", 2}});
  CHECK(hub.page({0, 9, true}) == "1 2 3 ");
  hub.route(1, 1, {{1, "A1", 2}});
  hub.route(2, 2, {{1, "A1", 2}});
  hub.cancel(3, 1, 2);
  CHECK(hub.page({0, 9, true}) == "2 ");
  hub.cancel(2, 2, 1);
  CHECK(hub.page({0, 9, true}).empty());
}

TEST_CASE("orders: a service never waits to be routed", "[storage][orders]") {
  Hub hub;
  auto order = test::placed("1", {{1, "POSTAGE", 1}});
  order.order = order_id(1);
  order.lines[0].service = true;
  hub.append(OrderEvent(order), domain::order_key(order_id(1)), {});
  CHECK(hub.lines(1) == "1: 1 0 0 0 0 0\n");
  CHECK(hub.page({0, 9, true}).empty());
  CHECK(hub.page({}) == "1 ");
}

TEST_CASE("orders: a customer's lines of an article, oldest first", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 2}, {2, "A2", 1}});
  hub.place(2, {{1, "A2", 1}, {2, "A1", 5}, {3, "A1", 6}});
  auto other = test::placed("3", {{1, "A1", 9}});
  other.order = order_id(3);
  other.customer = "somebody-else";
  hub.append(OrderEvent(other), domain::order_key(order_id(3)), {});
  hub.route(2, 1, {{2, "A1", 5}});
  hub.pick(1, 2, 4);
  const auto lines = customer_lines(hub.connection(), "customer-7", sku("A1"));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].order.external_id == "1");
  CHECK(lines[0].progress.ordered_milli == pieces(2));
  CHECK(lines[1].order.external_id == "2");
  CHECK(lines[1].progress.line == LineNo(2));
  CHECK(lines[1].progress.routed_milli == pieces(5));
  CHECK(lines[1].progress.picked_milli == pieces(4));
  CHECK(lines[2].progress.line == LineNo(3));
  CHECK(customer_lines(hub.connection(), "nobody", sku("A1")).empty());
}

TEST_CASE("orders: totals count goods only", "[storage][orders]") {
  Hub hub;
  CHECK(order_totals(hub.connection()).orders == 0);
  auto order = test::placed("1", {{1, "A1", 10}, {2, "POSTAGE", 1}});
  order.order = order_id(1);
  order.lines[1].service = true;
  hub.append(OrderEvent(order), domain::order_key(order_id(1)), {});
  hub.place(2, {{1, "A1", 4}, {2, "A2", 2}});
  hub.cancel(1, 1, 1);
  hub.route(2, 1, {{1, "A1", 4}, {2, "A2", 2}});
  const OrderTotals totals = order_totals(hub.connection());
  CHECK(totals.orders == 2);
  CHECK(totals.lines == 3);
  CHECK(totals.ordered_milli == pieces(16));
  CHECK(totals.cancelled_milli == pieces(1));
  CHECK(totals.routed_milli == pieces(6));
  CHECK(totals.waiting_milli == pieces(9));
  CHECK(totals.waiting_orders == 1);
}

TEST_CASE("orders: a rebuild gives the same rows and ranks", "[storage][orders]") {
  Hub hub;
  for (const std::uint64_t number : {3U, 1U, 2U}) {
    hub.place(number, {{1, "A1", 2}, {2, "A2", 2}});
  }
  hub.cancel(1, 2, 1);
  hub.route(1, 1, {{1, "A1", 2}});
  hub.pick(1, 1, 1);
  const std::string before = hub.lines(1) + hub.page({}) + hub.page({0, 9, true});
  hub.rebuild();
  CHECK(hub.lines(1) + hub.page({}) + hub.page({0, 9, true}) == before);
  hub.place(4, {{1, "A1", 1}});
  CHECK(hub.page({}) == "3 1 2 4 ");
}

TEST_CASE("orders: what waits is not looked for among all orders there ever were",
          "[storage][orders]") {
  Hub hub;
  std::string plan;
  Statement& explain =
      hub.connection().prepare("EXPLAIN QUERY PLAN SELECT o.rank FROM customer_order o WHERE " +
                               std::string(kIsRoutable) + " AND rank > ?1 ORDER BY rank LIMIT ?2");
  while (explain.step()) plan += explain.text(3) + "\n";
  CAPTURE(plan);
  CHECK(plan.find("SEARCH o USING INDEX") == 0);
  CHECK(plan.find("ix_order_line__waiting") != std::string::npos);
}

}  // namespace
}  // namespace cairn::storage::orders_test
