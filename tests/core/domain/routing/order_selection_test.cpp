#include "core/domain/routing/order_selection.h"

#include "tests/core/domain/support/routing_rules.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <tuple>
#include <vector>

namespace cairn::domain::order_selection_test {
namespace {

using namespace test;

TEST_CASE("order filters: each takes what it names, its exclude twin leaves that out",
          "[domain][routing]") {
  struct Row {
    std::string filter;
    std::function<void(OrderFilters&)> set;
    bool taken;
  };
  const std::vector<Row> rows{
      {"none", [](OrderFilters&) {}, true},
      {"shipping method", [](auto& f) { f.shipping_method.any_of = {"STD", "NEXT_DAY"}; }, true},
      {"shipping method, another", [](auto& f) { f.shipping_method.any_of = {"STD"}; }, false},
      {"shipping method, exclude", [](auto& f) { f.shipping_method.none_of = {"NEXT_DAY"}; },
       false},
      {"shipping method, exclude another", [](auto& f) { f.shipping_method.none_of = {"STD"}; },
       true},
      {"priority", [](auto& f) { f.priority.any_of = {"1", "2"}; }, true},
      {"priority, another", [](auto& f) { f.priority.any_of = {"1"}; }, false},
      {"priority, exclude", [](auto& f) { f.priority.none_of = {"2"}; }, false},
      {"promise days cutoff", [](auto& f) { f.promise_days_most = 3; }, true},
      {"promise days cutoff, too many", [](auto& f) { f.promise_days_most = 2; }, false},
      {"promise days cutoff, exclude", [](auto& f) { f.promise_days_over = 3; }, false},
      {"promise days cutoff, exclude fewer", [](auto& f) { f.promise_days_over = 2; }, true},
      {"sales channel", [](auto& f) { f.sales_channel.any_of = {"web"}; }, true},
      {"sales channel, another", [](auto& f) { f.sales_channel.any_of = {"phone"}; }, false},
      {"sales channel, exclude", [](auto& f) { f.sales_channel.none_of = {"web"}; }, false},
      {"product category, one of its lines", [](auto& f) { f.product_category.any_of = {"care"}; },
       true},
      {"product category, another", [](auto& f) { f.product_category.any_of = {"hats"}; }, false},
      {"product category, exclude", [](auto& f) { f.product_category.none_of = {"shoes"}; }, false},
      {"origin facility group", [](auto& f) { f.origin_group.any_of = {"north"}; }, true},
      {"origin facility group, another", [](auto& f) { f.origin_group.any_of = {"south"}; }, false},
      {"origin facility group, exclude", [](auto& f) { f.origin_group.none_of = {"north"}; },
       false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.filter);
    OrderRouting routing;
    routing.queues = {ParkingQueue::kBrokering};
    row.set(routing.filters);
    CHECK(matches(routing.filters, waiting_order()) == row.taken);
    CHECK(select_orders(routing, {waiting_order()}).size() == (row.taken ? 1 : 0));
  }
}

TEST_CASE("order filters: a routing takes from its queues, and never a rejected pickup",
          "[domain][routing]") {
  const std::vector<ParkingQueue> all{
      ParkingQueue::kBrokering, ParkingQueue::kUnfillable,     ParkingQueue::kUnfillableHold,
      ParkingQueue::kRejected,  ParkingQueue::kPickupRejected, ParkingQueue::kReleased,
      ParkingQueue::kPreorder,  ParkingQueue::kBackorder,      ParkingQueue::kCustomerService};
  for (const ParkingQueue queue : all) {
    CAPTURE(name_of(queue));
    WaitingOrder order = waiting_order();
    order.queue = queue;
    OrderRouting routing;
    routing.queues = all;
    CHECK(select_orders(routing, {order}).size() ==
          (queue == ParkingQueue::kPickupRejected || queue == ParkingQueue::kCustomerService ? 0
                                                                                             : 1));
    std::erase(routing.queues, queue);
    CHECK(select_orders(routing, {order}).empty());
    CHECK(parse_parking_queue(name_of(queue)) == queue);
  }
  CHECK(name_of(ParkingQueue{0}).empty());
  CHECK(name_of(ParkingQueue{10}).empty());
  const auto unknown = parse_parking_queue("QUEUE");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().reason == "bad_queue");
  CHECK_THAT(unknown.error().message, Catch::Contains("REJECTED_ITEM_PARKING"));
}

TEST_CASE("order sorts: each by itself, then order date, then id", "[domain][routing]") {
  WaitingOrder first = waiting_order(1);
  WaitingOrder second = waiting_order(2);
  WaitingOrder third = waiting_order(3);
  first.ship_by = third.ship_by = utc("2026-11-29T00:00:00Z");
  second.ship_by = utc("2026-11-28T00:00:00Z");
  first.ship_after = second.ship_after = utc("2026-11-28T00:00:00Z");
  second.ordered_at = utc("2026-11-27T09:00:00Z");
  first.delivery_days = 5;
  third.priority = 1;
  const std::vector<WaitingOrder> orders{third, second, first};
  struct Row {
    std::string name;
    std::vector<OrderSort> sorts;
    std::vector<std::size_t> taken;  ///< indexes into `orders`: 2 is the first
  };
  const std::vector<Row> rows{
      {"none: order date, then id", {}, {2, 0, 1}},
      {"ship-by", {OrderSort::kShipBy}, {1, 2, 0}},
      {"ship-after", {OrderSort::kShipAfter}, {0, 2, 1}},
      {"order date", {OrderSort::kOrderDate}, {2, 0, 1}},
      {"shipping method: delivery days", {OrderSort::kShippingMethod}, {0, 1, 2}},
      {"priority", {OrderSort::kPriority}, {0, 2, 1}},
      {"priority, then ship-by", {OrderSort::kPriority, OrderSort::kShipBy}, {0, 1, 2}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    OrderRouting routing;
    routing.queues = {ParkingQueue::kBrokering};
    routing.sorts = row.sorts;
    CHECK(select_orders(routing, orders) == row.taken);
  }
}

TEST_CASE("routing run: what is active, by sequence, then by name", "[domain][routing]") {
  RoutingRun run;
  for (const auto& [name, sequence, active] :
       {std::tuple("late", 9, true), {"off", 1, false}, {"b", 2, true}, {"a", 2, true}}) {
    OrderRouting routing;
    routing.name = name;
    routing.sequence = sequence;
    routing.active = active;
    InventoryRule rule;
    rule.name = name;
    rule.sequence = sequence;
    rule.active = active;
    run.routings.push_back(routing);
    for (OrderRouting& each : run.routings) each.rules.push_back(rule);
  }
  std::string names;
  for (const OrderRouting& routing : active_routings(run)) names += routing.name + " ";
  CHECK(names == "a b late ");
  names.clear();
  for (const InventoryRule& rule : active_rules(run.routings.front())) names += rule.name + " ";
  CHECK(names == "a b late ");
}

}  // namespace
}  // namespace cairn::domain::order_selection_test
