// Routing after the first time: pickups, shorts, conversions and stock that is set apart.

#include "central/routing/routing_run.h"
#include "tests/central/support/order_hub.h"
#include "tests/sim/sim_random.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace cairn::central::routing_again_test {
namespace {

using namespace test;
using domain::PartialOrders;
using domain::StockEvent;

/// Two sites: "near" next to where the orders go, "far" some hundred kilometres away.
struct Hub : OrderHub {
  Hub() {
    define("near", {51'500'000, -100'000});
    define("far", {54'000'000, -100'000});
  }
  void define(std::string_view name, const GeoPoint& position) {
    append(domain::ReferenceEvent(domain::FacilityDefined{
               {site(name), std::string(name), domain::FacilityKind::kStore, position, true}}),
           domain::facility_key(site(name)), {});
  }
  void stock(std::string_view at, std::string_view article, std::int64_t units,
             std::string_view location = "B-1") {
    append(StockEvent(storage::test::counted(article, location, pieces(units))), {}, site(at));
  }
  RoutingOutcome run() {
    const auto outcome = job([this](UnitOfWork& work) {
      return run_routing(work, ids, PartialOrders::kWait, 0, 100, user(3));
    });
    REQUIRE(outcome);
    return *outcome;
  }
  std::vector<storage::ShipGroupRow> rows(OrderId order) {
    storage::ShipGroupFilter filter;
    filter.order = order;
    return storage::ship_groups(connection(), filter);
  }
  /// "METHOD site: line x units, ..." for each group of an order, in the order they were opened.
  std::string groups_of(OrderId order) {
    std::string text;
    for (const auto& row : rows(order)) {
      text += row.method + " " + row.site.text() + ":";
      for (const auto& line : storage::ship_group_lines(connection(), row.id)) {
        text += fmt::format(" {}x{}", line.line.value(), line.ordered.text());
      }
      text += "; ";
      clock.advance(std::chrono::milliseconds(1));
    }
    return text;
  }
  /// The site of the order's last group lacks units of line 1.
  void lacks(OrderId order, std::int64_t units) {
    const auto row = rows(order).back();
    clock.advance(std::chrono::seconds(1));
    take_uplink(node(row.site == site("near") ? 1 : 2), Incarnation(1), row.site,
                {storage::test::octets(
                    domain::ShipGroupEvent(domain::LineShorted{
                        LineNo(1), pieces(units), domain::ShortReason::kNoVariance, {}}),
                    domain::ship_group_key(row.id), row.site, storage::test::at_ms(++ms_))});
  }

  sim::SimRandom random{1};
  IdSource ids{clock, random};

 private:
  std::uint64_t ms_ = 0;
};

TEST_CASE("routing again: a pickup goes to its own site and nowhere else", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 50);
  hub.stock("far", "A1", 3);
  const OrderId order = hub.place("1", {{1, "A1", 2}}, "far");
  const OrderId too_many = hub.place("2", {{1, "A1", 2}}, "far");
  const RoutingOutcome outcome = hub.run();
  CHECK(hub.groups_of(order) == "PICKUP far: 1x2; ");
  CHECK(hub.groups_of(too_many).empty());
  CHECK(outcome.orders_routed == 1);
  CHECK(outcome.orders_waiting == 1);
  hub.stock("far", "A1", 9);
  hub.run();
  CHECK(hub.groups_of(too_many) == "PICKUP far: 1x2; ");
}

TEST_CASE("routing again: what a pickup site lacks waits for the customer's choice",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 50);
  hub.stock("far", "A1", 50);
  const OrderId order = hub.place("1", {{1, "A1", 5}}, "far");
  hub.run();
  hub.lacks(order, 3);
  CHECK(hub.run().orders_seen == 0);
  CHECK(hub.groups_of(order) == "PICKUP far: 1x5; ");
  // Two of them shall be shipped, from the nearest site that has them.
  REQUIRE(hub.convert(order, 1, 2));
  CHECK(hub.run().orders_routed == 1);
  CHECK(hub.groups_of(order) == "PICKUP far: 1x5; SHIP near: 1x2; ");
  CHECK(hub.line(order, 1).parked_milli() == pieces(1));
  CHECK(hub.run().orders_seen == 0);
}

TEST_CASE("routing again: converted units are shipped by any site but the one that lacks them",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 50);
  const OrderId order = hub.place("1", {{1, "A1", 2}}, "near");
  hub.run();
  hub.lacks(order, 2);
  REQUIRE(hub.convert(order, 1, 2));
  // "near" still counts 48, but it could not give any to this order.
  CHECK(hub.run().orders_waiting == 1);
  hub.stock("far", "A1", 5);
  CHECK(hub.run().orders_routed == 1);
  CHECK(hub.groups_of(order) == "PICKUP near: 1x2; SHIP far: 1x2; ");
}

TEST_CASE("routing again: a site that was short is not asked again for that article of that order",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 50);
  hub.stock("near", "A2", 50);
  hub.stock("far", "A1", 50);
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  hub.run();
  hub.lacks(order, 3);
  hub.run();
  CHECK(hub.groups_of(order) == "SHIP near: 1x4; SHIP far: 1x3; ");
  // Another order, and another article of the same one, are another matter.
  const OrderId other = hub.place("2", {{1, "A1", 1}});
  hub.run();
  CHECK(hub.groups_of(other) == "SHIP near: 1x1; ");
  // When every site lacks it, it waits.
  hub.lacks(order, 1);
  CHECK(hub.run().orders_waiting == 1);
  CHECK(preview_routing(hub.connection(), order, PartialOrders::kWait).decision.waiting ==
        std::vector<LineNo>{LineNo(1)});
}

TEST_CASE("routing again: what is set apart is not promised", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 3);
  hub.stock("near", "A1", 9, domain::hold_damaged().text());
  hub.stock("near", "A1", 9, domain::hold_qc().text());
  const OrderId fits = hub.place("1", {{1, "A1", 3}});
  const OrderId does_not = hub.place("2", {{1, "A1", 1}});
  const RoutingOutcome outcome = hub.run();
  CHECK(outcome.orders_routed == 1);
  CHECK(hub.groups_of(fits) == "SHIP near: 1x3; ");
  CHECK(hub.groups_of(does_not).empty());
}

TEST_CASE("routing again: units cancelled in a group are not routed again", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 50);
  const OrderId order = hub.place("1", {{1, "A1", 5}});
  hub.run();
  REQUIRE(hub.cancel_line(order, 1, 2));
  CHECK(hub.run().orders_seen == 0);
  const auto stock = storage::stock_by_site(hub.connection(), sku("A1"));
  CHECK(stock.at(0).stock.reserved_milli == pieces(3));
}

TEST_CASE("routing preview: a pickup is looked for at its site alone", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 50);
  hub.stock("far", "A1", 1);
  const OrderId order = hub.place("1", {{1, "A1", 2}}, "far");
  const auto preview = preview_routing(hub.connection(), order, PartialOrders::kWait);
  CHECK(preview.decision.groups.empty());
  REQUIRE(preview.shortages.size() == 1);
  CHECK(preview.shortages[0].wanted_milli == pieces(2));
  CHECK(preview.shortages[0].available_milli == pieces(1));
}

}  // namespace
}  // namespace cairn::central::routing_again_test
