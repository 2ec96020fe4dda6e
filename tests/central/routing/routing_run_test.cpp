#include "central/routing/routing_run.h"

#include "central/orders/order_book.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <limits>

namespace cairn::central::routing_run_test {
namespace {

using domain::PartialOrders;
using domain::ReferenceEvent;
using domain::StockEvent;
using storage::UnitOfWork;
using storage::test::bin;
using storage::test::node;
using storage::test::pieces;
using storage::test::placed;
using storage::test::site;
using storage::test::sku;

/// A hub with two sites: "near" next to where the orders go, "far" some hundred kilometres away.
struct Hub : storage::test::Store {
  Hub() : Store(storage::test::hub_identity(node(77))) {
    define("near", {51'500'000, -100'000});
    define("far", {54'000'000, -100'000});
  }

  void define(std::string_view name, const GeoPoint& position, bool active = true) {
    append(ReferenceEvent(domain::FacilityDefined{
               {site(name), std::string(name), domain::FacilityKind::kStore, position, active}}),
           domain::facility_key(site(name)), {});
  }
  void stock(std::string_view at, std::string_view article, std::int64_t units,
             std::string_view location = "B-1") {
    append(StockEvent(storage::test::counted(article, location, pieces(units),
                                             domain::CountSource::kImport)),
           {}, site(at));
  }
  OrderId place(const std::string& number, const std::vector<storage::test::Wanted>& lines) {
    const auto id =
        job([&](UnitOfWork& work) { return place_order(work, placed(number, lines), {}); });
    REQUIRE(id);
    return *id;
  }
  RoutingOutcome run(PartialOrders partial = PartialOrders::kWait, std::int64_t after = 0,
                     std::size_t limit = 100) {
    const auto outcome = job([&](UnitOfWork& work) {
      return run_routing(work, ids, partial, after, limit, storage::test::user(3));
    });
    REQUIRE(outcome);
    return *outcome;
  }
  /// "site: line units, ..." for each group of an order, in the order they were opened.
  std::string groups_of(OrderId order) {
    std::string text;
    storage::ShipGroupFilter filter;
    filter.order = order;
    for (const auto& row : storage::ship_groups(connection(), filter)) {
      text += row.site.text() + ":";
      for (const auto& line : storage::ship_group_lines(connection(), row.id)) {
        text += fmt::format(" {}x{}", line.line.value(), line.ordered.text());
      }
      text += "; ";
    }
    return text;
  }
  std::int64_t waiting(OrderId order, std::uint32_t line = 1) {
    for (const auto& row : storage::order_lines(connection(), order)) {
      if (row.progress.line == LineNo(line)) return row.progress.waiting_milli();
    }
    return -1;
  }
  std::string shortages(OrderId order, PartialOrders partial = PartialOrders::kWait) {
    std::string text;
    for (const auto& entry : preview_routing(connection(), order, partial).shortages) {
      text += fmt::format("{} {}/{}; ", entry.sku.text(), milli_text(entry.available_milli),
                          milli_text(entry.wanted_milli));
    }
    return text;
  }

  sim::SimRandom random{1};
  IdSource ids{clock, random};
};

TEST_CASE("routing run: an order goes to the nearest site that has all of it",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  hub.stock("far", "A1", 50);
  const OrderId fits = hub.place("1", {{1, "A1", 3}});
  const OrderId does_not = hub.place("2", {{1, "A1", 10}});
  const RoutingOutcome outcome = hub.run();
  CHECK(hub.groups_of(fits) == "near: 1x3; ");
  CHECK(hub.groups_of(does_not) == "far: 1x10; ");
  CHECK(outcome.orders_seen == 2);
  CHECK(outcome.orders_routed == 2);
  CHECK(outcome.orders_partly == 0);
  CHECK(outcome.orders_waiting == 0);
  CHECK(outcome.groups_opened == 2);
  CHECK_FALSE(outcome.more);
  CHECK(hub.waiting(fits) == 0);
}

TEST_CASE("routing run: what one order was promised the next one does not get",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 10);
  std::vector<OrderId> orders;
  for (int i = 1; i <= 4; ++i) orders.push_back(hub.place(std::to_string(i), {{1, "A1", 4}}));
  const RoutingOutcome outcome = hub.run();
  CHECK(outcome.orders_routed == 2);
  CHECK(outcome.orders_waiting == 2);
  CHECK(hub.groups_of(orders[0]) == "near: 1x4; ");
  CHECK(hub.groups_of(orders[1]) == "near: 1x4; ");
  CHECK(hub.groups_of(orders[2]).empty());
  CHECK(hub.waiting(orders[3]) == pieces(4));
  const auto stock = storage::stock_by_site(hub.connection(), sku("A1"));
  REQUIRE(stock.size() == 1);
  CHECK(stock[0].stock.reserved_milli == pieces(8));
  // Not in a later run either; the two that are left fit a smaller order.
  CHECK(hub.run().groups_opened == 0);
  const OrderId small = hub.place("5", {{1, "A1", 2}});
  CHECK(hub.run().orders_routed == 1);
  CHECK(hub.groups_of(small) == "near: 1x2; ");
}

TEST_CASE("routing run: the same article on several lines of an order is promised once",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  const OrderId order = hub.place("1", {{1, "A1", 3}, {2, "A1", 3}});
  CHECK(hub.run().orders_waiting == 1);
  CHECK(hub.groups_of(order).empty());
  hub.stock("near", "A1", 6);
  CHECK(hub.run().orders_routed == 1);
  CHECK(hub.groups_of(order) == "near: 1x3 2x3; ");
}

TEST_CASE("routing run: an order that no site has whole is shared out", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  hub.stock("far", "A2", 5);
  const OrderId order = hub.place("1", {{1, "A1", 1}, {2, "A2", 1}});
  const RoutingOutcome outcome = hub.run();
  CHECK(outcome.orders_routed == 1);
  CHECK(outcome.groups_opened == 2);
  CHECK(hub.groups_of(order) == "near: 1x1; far: 2x1; ");
}

TEST_CASE("routing run: an order with a line that nobody has waits whole, or in part, as asked",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  const OrderId order = hub.place("1", {{1, "A1", 2}, {2, "A9", 1}});
  RoutingOutcome outcome = hub.run(PartialOrders::kWait);
  CHECK(outcome.orders_waiting == 1);
  CHECK(outcome.groups_opened == 0);
  outcome = hub.run(PartialOrders::kSplitLines);
  CHECK(outcome.orders_partly == 1);
  CHECK(hub.groups_of(order) == "near: 1x2; ");
  CHECK(hub.waiting(order, 2) == pieces(1));
  // Only what waits is routed later.
  hub.stock("near", "A9", 5);
  outcome = hub.run(PartialOrders::kWait);
  CHECK(outcome.orders_routed == 1);
  CHECK(hub.groups_of(order) == "near: 1x2; near: 2x1; ");
}

TEST_CASE("routing run: cancelled units and services are not routed", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 10);
  auto order = placed("1", {{1, "A1", 5}, {2, "POSTAGE", 1}});
  order.lines[1].service = true;
  const auto id = hub.job([&](UnitOfWork& work) { return place_order(work, order, {}); });
  REQUIRE(id);
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return cancel_units(work, {*id, LineNo(1), pieces(2), {}, "c", {}}, {});
  }));
  CHECK(hub.run().orders_routed == 1);
  CHECK(hub.groups_of(*id) == "near: 1x3; ");
}

TEST_CASE("routing run: a closed site gets nothing, a shortage is no stock", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  hub.stock("far", "A1", 5);
  hub.define("near", {51'500'000, -100'000}, false);
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  hub.run();
  CHECK(hub.groups_of(order) == "far: 1x2; ");

  hub.append(StockEvent(storage::test::moved("A2", "B-1", "", pieces(3))), {}, site("far"));
  const OrderId short_of = hub.place("2", {{1, "A2", 1}});
  CHECK(hub.run().orders_waiting == 1);
  CHECK(hub.groups_of(short_of).empty());
}

TEST_CASE("routing run: a group carries what the site needs to know of its articles",
          "[central][routing]") {
  Hub hub;
  auto product = storage::test::product("A1", 7);
  product.name = "As the catalogue calls it";
  hub.append(ReferenceEvent(domain::ProductDefined{product}), domain::product_key(sku("A1")), {});
  hub.stock("near", "A1", 5);
  hub.stock("near", "A2", 5);
  const OrderId order = hub.place("4711", {{3, "A1", 2}, {8, "A2", 1}});
  hub.run();
  storage::ShipGroupFilter filter;
  filter.order = order;
  const auto rows = storage::ship_groups(hub.connection(), filter);
  REQUIRE(rows.size() == 1);
  const domain::ShipGroup& group = hub.replica().ship_group(rows[0].id);
  CHECK(group.order == order);
  CHECK(group.order_reference == "4711");
  CHECK(group.site == site("near"));
  REQUIRE(group.lines.size() == 2);
  CHECK(group.lines[0].line.line == LineNo(3));
  CHECK(group.lines[0].line.name == "As the catalogue calls it");
  CHECK(group.lines[0].line.gtins == product.gtins);
  CHECK(group.lines[0].line.unit_weight_mg == product.unit_weight_mg);
  CHECK(group.lines[0].line.unit_price == storage::test::pounds(199));
  CHECK(group.lines[0].line.ordered == Quantity::pieces(2));
  CHECK(group.lines[1].line.name == "Article A2");  // not in the catalogue: as it was ordered
  CHECK(group.lines[1].line.gtins.empty());
}

TEST_CASE("routing run: a long run goes in parts, each order once", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 3);
  std::vector<OrderId> orders;
  for (int i = 1; i <= 5; ++i) orders.push_back(hub.place(std::to_string(i), {{1, "A1", 1}}));
  RoutingOutcome sum;
  std::int64_t after = 0;
  int parts = 0;
  for (bool more = true; more; ++parts) {
    REQUIRE(parts < 10);
    const RoutingOutcome part = hub.run(PartialOrders::kWait, after, 2);
    CHECK(part.orders_seen <= 2);
    sum.orders_seen += part.orders_seen;
    sum.orders_routed += part.orders_routed;
    sum.orders_waiting += part.orders_waiting;
    more = part.more;
    after = part.last_rank;
  }
  CHECK(parts == 3);
  CHECK(sum.orders_seen == 5);
  CHECK(sum.orders_routed == 3);
  CHECK(sum.orders_waiting == 2);
  for (std::size_t i = 0; i < 5; ++i) CHECK(hub.groups_of(orders[i]).empty() == (i >= 3));
}

TEST_CASE("routing run: a run over nothing does nothing", "[central][routing]") {
  Hub hub;
  const RoutingOutcome outcome = hub.run(PartialOrders::kWait, 7);
  CHECK(outcome.orders_seen == 0);
  CHECK(outcome.last_rank == 7);
  CHECK_FALSE(outcome.more);
}

TEST_CASE("routing run: one that is undone has promised nothing", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  const OrderId order = hub.place("1", {{1, "A1", 5}});
  const auto undone = hub.job([&hub](UnitOfWork& work) -> Result<bool> {
    REQUIRE(run_routing(work, hub.ids, PartialOrders::kWait, 0, 100, {}));
    return fail(ErrorCode::kRejected, "no_thanks", "no");
  });
  REQUIRE_FALSE(undone);
  CHECK(hub.waiting(order) == pieces(5));
  CHECK(storage::stock_by_site(hub.connection(), sku("A1")).at(0).stock.reserved_milli == 0);
  CHECK(hub.run().orders_routed == 1);
}

TEST_CASE("routing preview: it says what would happen and what is short, and does nothing",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 3);
  hub.stock("far", "A1", 2);
  hub.stock("near", "A3", 9);
  const OrderId order = hub.place("1", {{1, "A1", 4}, {2, "A1", 3}, {3, "A2", 1}, {4, "A3", 2}});
  CHECK(hub.shortages(order) == "A1 5/7; A2 0/1; ");
  const auto wait = preview_routing(hub.connection(), order, PartialOrders::kWait);
  CHECK(wait.decision.groups.empty());
  CHECK(wait.decision.waiting.size() == 4);
  const auto split = preview_routing(hub.connection(), order, PartialOrders::kSplitLines);
  CHECK(split.decision.waiting == std::vector<LineNo>{LineNo(2), LineNo(3)});
  CHECK_FALSE(split.decision.groups.empty());
  CHECK(hub.groups_of(order).empty());
  CHECK(hub.waiting(order, 4) == pieces(2));
}

TEST_CASE("routing preview: what is promised to others is not there", "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  hub.place("1", {{1, "A1", 4}});
  hub.run();
  const OrderId order = hub.place("2", {{1, "A1", 2}});
  CHECK(hub.shortages(order) == "A1 1/2; ");
  // Promised more than there is: nothing is there, not less than nothing.
  hub.stock("near", "A1", 0);
  CHECK(hub.shortages(order) == "A1 0/2; ");
}

TEST_CASE("routing preview: an order that waits for nothing, or is none, is short of nothing",
          "[central][routing]") {
  Hub hub;
  hub.stock("near", "A1", 5);
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  CHECK(hub.shortages(order).empty());
  hub.run();
  CHECK(hub.shortages(order).empty());
  CHECK(preview_routing(hub.connection(), order, PartialOrders::kWait).decision.groups.empty());
  const auto none =
      preview_routing(hub.connection(), storage::test::order_id(9), PartialOrders::kWait);
  CHECK(none.decision.groups.empty());
  CHECK(none.shortages.empty());
}

TEST_CASE("routing run: it survives whatever figures a device has sent", "[central][routing]") {
  Hub hub;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::vector<Bytes> records;
  for (const char* const location : {"B-1", "B-2"}) {
    records.push_back(
        storage::test::octets(StockEvent(storage::test::moved("A1", "", location, kMost)), {},
                              site("near"), storage::test::at_ms(1)));
  }
  hub.take_uplink(node(1), Incarnation(1), site("near"), records);
  hub.place("1", {{1, "A1", 1}});
  try {
    hub.run();
  } catch (const storage::SqlFailure& failure) {
    FAIL(failure.message);
  }
}

}  // namespace
}  // namespace cairn::central::routing_run_test
