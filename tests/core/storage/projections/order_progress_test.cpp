// The figures of order lines: what the ship groups of an order have done with them.

#include "core/storage/projections/orders.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

namespace cairn::storage::order_progress_test {
namespace {

using domain::FulfilmentMethod;
using domain::OrderEvent;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;

struct Hub : test::GroupHub {
  void place(std::uint64_t number, const std::vector<test::Wanted>& lines, bool pickup = false) {
    auto order = test::placed(fmt::format("{}", number), lines);
    order.order = order_id(number);
    if (pickup) {
      order.method = FulfilmentMethod::kPickup;
      order.pickup_site = site("store");
    }
    append(OrderEvent(order), domain::order_key(order_id(number)), {});
  }
  /// A group of the order; groups are numbered through.
  void route(std::uint64_t order, std::uint64_t group, std::int64_t units,
             FulfilmentMethod method = FulfilmentMethod::kShip, std::string_view at = "store") {
    auto event = test::allocated(group_id(group), order_id(order), {{1, "A1", units}});
    event.method = method;
    allocate(group, event, at);
  }
  void convert(std::uint64_t order, std::int64_t units) {
    append(OrderEvent(domain::PickupConverted{LineNo(1), pieces(units)}),
           domain::order_key(order_id(order)), {});
  }
  void cancel_order(std::uint64_t order, std::int64_t units) {
    append(OrderEvent(domain::OrderUnitsCancelled{LineNo(1), pieces(units),
                                                  domain::CancelReason::kCustomer, "c"}),
           domain::order_key(order_id(order)), {});
  }
  domain::LineProgress line(std::uint64_t order) {
    return order_lines(connection(), order_id(order)).at(0).progress;
  }
  /// The queue of each article is the sum of what waits of it, and no row is left of what does not.
  void check_queues() {
    CHECK(test::rows_of(connection(),
                        "SELECT sku, pickup_site, milli, pickup_milli FROM article_queue"
                        " ORDER BY sku, pickup_site",
                        4) ==
          test::rows_of(connection(),
                        "SELECT sku, pickup_site, sum(waiting_milli), sum(waiting_pickup_milli)"
                        " FROM order_line WHERE waiting_milli > 0 GROUP BY sku, pickup_site"
                        " ORDER BY sku, pickup_site",
                        4));
  }
  /// "cancelled routed waiting parked" of line 1; the row and the arithmetic agree.
  std::string figures(std::uint64_t order) {
    const domain::LineProgress p = line(order);
    CHECK(number(fmt::format("SELECT waiting_milli FROM order_line o JOIN customer_order c ON"
                             " c.id = o.order_id WHERE c.external_id = '{}' AND o.line = 1",
                             order)) == p.waiting_milli());
    check_queues();
    return fmt::format("{} {} {} {}", milli_text(p.cancelled_milli), milli_text(p.routed_milli),
                       milli_text(p.waiting_milli()), milli_text(p.parked_milli()));
  }
};

TEST_CASE("order progress: an order that is picked up says so", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 2}}, true);
  hub.place(2, {{1, "A1", 2}});
  const auto pickup = find_order(hub.connection(), order_id(1));
  REQUIRE(pickup);
  CHECK(pickup->method == FulfilmentMethod::kPickup);
  CHECK(pickup->pickup_site == site("store"));
  const auto shipped = find_order(hub.connection(), order_id(2));
  CHECK(shipped->method == FulfilmentMethod::kShip);
  CHECK(shipped->pickup_site.empty());
  CHECK(customer_lines(hub.connection(), "customer-7", test::sku("A1")).at(0).order.method ==
        FulfilmentMethod::kPickup);
}

TEST_CASE("order progress: what a site could not give waits again", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}});
  hub.route(1, 1, 10);
  CHECK(hub.figures(1) == "0 10 0 0");
  hub.shorted(1, 4);
  CHECK(hub.figures(1) == "0 6 4 0");
  hub.route(1, 2, 4, FulfilmentMethod::kShip, "depot");
  CHECK(hub.figures(1) == "0 10 0 0");
}

TEST_CASE("order progress: what is cancelled in a group is cancelled in the order",
          "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}});
  hub.cancel_order(1, 1);
  hub.route(1, 1, 6);
  CHECK(hub.figures(1) == "1 6 3 0");
  hub.pick(1, 5);
  hub.cancel(1, 2);
  CHECK(hub.figures(1) == "3 4 3 0");
  // The order's own event and the groups' stay apart.
  CHECK(hub.replica().order(order_id(1))->find(LineNo(1))->cancelled_milli == pieces(1));
}

TEST_CASE("order progress: a pickup with shorts is parked until the customer has chosen",
          "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}}, true);
  hub.route(1, 1, 10, FulfilmentMethod::kPickup);
  hub.shorted(1, 4);
  CHECK(hub.figures(1) == "0 6 0 4");
  CHECK(orders(hub.connection(), {0, 9, true}).empty());
  hub.convert(1, 3);
  CHECK(hub.figures(1) == "0 6 3 1");
  CHECK(hub.line(1).waiting_to_ship_milli() == pieces(3));
  CHECK(orders(hub.connection(), {0, 9, true}).size() == 1);
  hub.route(1, 2, 2, FulfilmentMethod::kShip, "depot");
  CHECK(hub.figures(1) == "0 8 1 1");
  CHECK(hub.line(1).to_ship_milli == pieces(2));
  CHECK(hub.line(1).waiting_to_ship_milli() == pieces(1));
  hub.cancel_order(1, 1);
  hub.route(1, 3, 1, FulfilmentMethod::kShip, "mall");
  CHECK(hub.figures(1) == "1 9 0 0");
}

// Four short at the counter, three to be shipped, the fourth cancelled: the customer has chosen for
// all four, so that nothing is parked when the site that ships lacks one.
TEST_CASE("order progress: what was chosen to be shipped is not parked a second time",
          "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}}, true);
  hub.route(1, 1, 10, FulfilmentMethod::kPickup);
  hub.shorted(1, 4);
  hub.convert(1, 3);
  hub.route(1, 2, 3, FulfilmentMethod::kShip, "depot");
  hub.cancel_order(1, 1);
  CHECK(hub.figures(1) == "1 9 0 0");
  hub.shorted(2, 1, 1, 3, "depot");
  CHECK(hub.figures(1) == "1 8 1 0");
}

TEST_CASE("order progress: what was cancelled before it was with a site is not one of the parked",
          "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}}, true);
  hub.cancel_order(1, 2);
  hub.route(1, 1, 8, FulfilmentMethod::kPickup);
  hub.shorted(1, 4);
  CHECK(hub.figures(1) == "2 4 0 4");
  hub.cancel_order(1, 3);
  CHECK(hub.figures(1) == "5 4 0 1");
  hub.convert(1, 1);
  CHECK(hub.figures(1) == "5 4 1 0");
}

TEST_CASE("order progress: picked, shipped and returned units, by any way to the customer",
          "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 9}}, true);
  hub.route(1, 1, 5, FulfilmentMethod::kPickup);
  hub.route(1, 2, 4, FulfilmentMethod::kShip, "depot");
  hub.pick(1, 5);
  hub.pick(2, 4, 1, 3, "depot");
  hub.happens(
      2,
      domain::PackageClosed{{{LineNo(1), pieces(3)}}, 1, 1, domain::WeightCheck::kMatched, {}, ""},
      3, "depot");
  CHECK(hub.line(1).picked_milli == pieces(9));
  hub.hand_over(1, 5);
  hub.ship(2, 3, 1, 3, "depot");
  CHECK(hub.line(1).picked_milli == pieces(1));
  CHECK(hub.line(1).shipped_milli == pieces(8));
  hub.happens(1, domain::UnitsReturned{LineNo(1), pieces(2), {node(1), Incarnation(1), 1}});
  CHECK(hub.line(1).shipped_milli == pieces(6));
  CHECK(hub.line(1).returned_milli == pieces(2));
  CHECK(domain::status_of({hub.line(1)}) == domain::OrderStatus::kApproved);
  hub.ship(2, 1, 1, 3, "depot");
  CHECK(domain::status_of({hub.line(1)}) == domain::OrderStatus::kCompleted);
}

TEST_CASE("order progress: a hand-over that was a mistake leads from COMPLETED back to APPROVED",
          "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 2}}, true);
  hub.route(1, 1, 2, FulfilmentMethod::kPickup);
  hub.pick(1, 2);
  const auto is = [&hub](domain::OrderStatus status) {
    OrderPage page;
    page.status = status;
    return domain::status_of({hub.line(1)}) == status && orders(hub.connection(), page).size() == 1;
  };
  CHECK(is(domain::OrderStatus::kApproved));
  const EventRef handed = hub.hand_over(1, 2);
  CHECK(is(domain::OrderStatus::kCompleted));
  hub.happens(1, domain::HandOverUndone{handed});
  CHECK(is(domain::OrderStatus::kApproved));
  CHECK(hub.line(1).shipped_milli == 0);
  CHECK(hub.line(1).picked_milli == pieces(2));
  CHECK(hub.figures(1) == "0 2 0 0");
}

TEST_CASE("order totals: waiting and parked units", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}}, true);
  hub.place(2, {{1, "A1", 5}});
  hub.route(1, 1, 10, FulfilmentMethod::kPickup);
  hub.route(2, 2, 5);
  hub.shorted(1, 4);
  hub.shorted(2, 2);
  hub.convert(1, 1);
  hub.cancel(2, 1);
  const OrderTotals totals = order_totals(hub.connection());
  CHECK(totals.orders == 2);
  CHECK(totals.ordered_milli == pieces(15));
  CHECK(totals.cancelled_milli == pieces(1));
  CHECK(totals.routed_milli == pieces(8));
  CHECK(totals.waiting_milli == pieces(3));
  CHECK(totals.parked_milli == pieces(3));
  CHECK(totals.waiting_orders == 2);
}

TEST_CASE("order progress: a rebuild gives the same figures", "[storage][orders]") {
  Hub hub;
  hub.place(1, {{1, "A1", 10}}, true);
  hub.route(1, 1, 10, FulfilmentMethod::kPickup);
  hub.shorted(1, 4);
  hub.convert(1, 3);
  hub.cancel(1, 1);
  hub.route(1, 2, 2, FulfilmentMethod::kShip, "depot");
  const std::string before = hub.figures(1);
  hub.rebuild();
  CHECK(hub.figures(1) == before);
}

}  // namespace
}  // namespace cairn::storage::order_progress_test
