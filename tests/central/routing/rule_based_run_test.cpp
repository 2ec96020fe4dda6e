// A run by a rule set, as jobs of a writer: what happens between them, and what one order must not
// do to the others.

#include "central/routing/rule_based_run.h"

#include "central/orders/order_holds.h"
#include "central/orders/order_queue_book.h"
#include "central/routing/rule_set_json.h"
#include "tests/central/support/order_hub.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace cairn::central::rule_based_run_test {
namespace {

using namespace test;
using domain::ParkingQueue;
using domain::StockEvent;

constexpr const char* kRules = R"({"routings":[{"name":"standard","queues":["BROKERING",)"
                               R"("UNFILLABLE_PARKING"],"rules":[{"name":"nearest",)"
                               R"("assignment":{"mode":"ORA_MULTI"}}]}]})";

struct Hub : OrderHub {
  Hub() {
    append(domain::ReferenceEvent(domain::FacilityDefined{
               {site("store"), "store", domain::FacilityKind::kStore, {51'500'000, 0}, true}}),
           domain::facility_key(site("store")), {});
  }
  void stock(std::string_view article, std::int64_t units) {
    append(StockEvent(storage::test::counted(article, "B-1", pieces(units))), {}, site("store"));
  }
  /// `between`: after so many of the run's jobs.
  RoutingOutcome run(int jobs = 0, const std::function<void()>& between = {}) {
    const auto rules = read_rule_set(*json::parse(kRules));
    REQUIRE(rules);
    std::optional<RoutingOutcome> outcome;
    std::make_shared<RuleBasedRun>(
        writer, ids, ages,
        RuleBasedRun::Settings{{"test", 1, *rules}, domain::PartialOrders::kSplitLines, user(3)},
        [&outcome](const Result<RoutingOutcome>& done) {
          INFO((done ? std::string() : done.error().message));
          REQUIRE(done);
          outcome = *done;
        })
        ->start();
    // One task is one job here: each is submitted when the one before it is done.
    for (int i = 0; i < jobs; ++i) REQUIRE(timeline.run_one(timeline.now()));
    if (between) between();
    while (timeline.run_one(timeline.now())) {
    }
    REQUIRE(outcome);
    return *outcome;
  }
  void hold(OrderId order) {
    REQUIRE(job([&](UnitOfWork& work) {
      return hold_order(work, order, domain::HoldReason::kFraud, "look", user(3));
    }));
  }
  void move(OrderId order, ParkingQueue queue, std::optional<UtcTime> until) {
    REQUIRE(job([&](UnitOfWork& work) { return move_order(work, order, queue, until, user(3)); }));
  }

  sim::SimRandom random{1};
  IdSource ids{clock, random};
  SiteAges ages;
  sim::Timeline timeline;
  sim::SimExecutor executor{timeline};
  Metrics metrics;
  storage::Writer writer{replica(), executor, clock, metrics,
                         [](const Error& error) { FAIL(error.message); }};
};

TEST_CASE("rule run: an order that is held after it was selected goes to no site",
          "[central][routing]") {
  Hub hub;
  hub.stock("A1", 9);
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  // Pickups are selected first, then the routing's orders.
  CHECK(hub.run(2, [&] { hub.hold(order); }).groups_opened == 0);
  CHECK(hub.line(order, 1).waiting_milli() == pieces(2));

  const OrderId pickup = hub.place("2", {{1, "A1", 2}}, "store");
  CHECK(hub.run(1, [&] { hub.hold(pickup); }).groups_opened == 0);
  CHECK(hub.line(pickup, 1).waiting_milli() == pieces(2));

  const OrderId parked = hub.place("3", {{1, "A1", 2}}, "store");
  const auto park = [&] { hub.move(parked, ParkingQueue::kUnfillableHold, {}); };
  CHECK(hub.run(1, park).groups_opened == 0);
}

TEST_CASE("rule run: of a pickup that its site has nothing is said any more",
          "[central][routing]") {
  Hub hub;
  hub.stock("A1", 2);
  const OrderId order = hub.place("1", {{1, "A1", 2}}, "store");
  hub.move(order, ParkingQueue::kUnfillable, UtcTime{hub.clock.now.us + 1'000'000});
  CHECK(hub.run().orders_routed == 1);
  CHECK_FALSE(storage::said_queue(hub.connection(), order));
  // A rest of it still waits.
  const OrderId partly = hub.place("2", {{1, "A1", 3}, {2, "A2", 1}}, "store");
  hub.stock("A1", 5);
  hub.move(partly, ParkingQueue::kUnfillable, UtcTime{hub.clock.now.us + 1'000'000});
  CHECK(hub.run().orders_partly == 1);
  CHECK(storage::said_queue(hub.connection(), partly) == ParkingQueue::kUnfillable);
}

TEST_CASE("rule run: what is too large for one record goes to its site in several groups",
          "[central][routing]") {
  Hub hub;
  hub.stock("A1", 2000);
  auto product = storage::test::product("A1", 1);
  product.name = std::string(400, 'n');
  hub.append(domain::ReferenceEvent(domain::ProductDefined{product}),
             domain::product_key(sku("A1")), {});
  std::vector<Wanted> lines;
  for (std::uint32_t line = 1; line <= 1150; ++line) lines.push_back({line, "A1", 1});
  const OrderId large = hub.place("1", lines);
  const OrderId small = hub.place("2", {{1, "A1", 1}});
  const RoutingOutcome outcome = hub.run();
  CHECK(outcome.orders_routed == 2);
  CHECK(hub.line(large, 1150).routed_milli == pieces(1));
  CHECK(hub.line(small, 1).routed_milli == pieces(1));
  storage::ShipGroupFilter filter;
  filter.order = large;
  CHECK(storage::ship_groups(hub.connection(), filter).size() == 2);
}

}  // namespace
}  // namespace cairn::central::rule_based_run_test
