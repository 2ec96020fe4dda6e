// What becomes of an order when sites could not give its units: where it waits, and which sites are
// asked again.

#include "central/routing/rejections.h"

#include "central/orders/order_holds.h"
#include "central/orders/order_queue_book.h"
#include "central/routing/routing_run.h"
#include "core/storage/site_load.h"
#include "tests/central/support/order_hub.h"
#include "tests/sim/sim_random.h"

#include <chrono>
#include <optional>
#include <string>

namespace cairn::central::rejections_test {
namespace {

using namespace test;
using domain::ParkingQueue;

struct Hub : OrderHub {
  /// A site is given some of line 1 and is short of all of it, or of a part.
  void rejects(OrderId order, std::uint64_t group, std::string_view at, std::int64_t units = 1,
               std::uint32_t line = 1, std::int64_t given = 0,
               domain::FulfilmentMethod method = domain::FulfilmentMethod::kShip) {
    route(order, group, {{line, line == 1 ? "A1" : "A2", given == 0 ? units : given}}, at, method);
    shorted(group, units, line, group, at);
    REQUIRE(
        job([&](UnitOfWork& work) { return on_short(work, {{order, {LineNo(line)}}}, rules); }));
  }
  /// "QUEUE until", with "said" if somebody has said so; empty if nothing waits.
  std::string queue(OrderId order) {
    const auto found = storage::queue_of(connection(), order);
    if (!found) return "";
    return std::string(found->said ? "said " : "") + std::string(name_of(found->queue)) +
           (found->auto_cancel_at ? " " + found->auto_cancel_at->text() : "");
  }
  void move(OrderId order, ParkingQueue to, std::optional<UtcTime> until = {}) {
    REQUIRE(job([&](UnitOfWork& work) { return move_order(work, order, to, until, user(3)); }));
  }
  RoutingOutcome run() {
    const auto outcome = job([this](UnitOfWork& work) {
      return run_routing(work, ids, domain::PartialOrders::kSplitLines, 0, 100, user(3));
    });
    REQUIRE(outcome);
    return *outcome;
  }
  void define(std::string_view name, std::int64_t units) {
    append(domain::ReferenceEvent(domain::FacilityDefined{{site(name),
                                                           std::string(name),
                                                           domain::FacilityKind::kStore,
                                                           {51'500'000, -100'000},
                                                           true}}),
           domain::facility_key(site(name)), {});
    append(domain::StockEvent(storage::test::counted("A1", "B-1", pieces(units))), {}, site(name));
  }

  RejectionRules rules;
  sim::SimRandom random{1};
  IdSource ids{clock, random};
};

TEST_CASE("rejections: what too many sites could not give is customer service's",
          "[central][routing]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 3}, {2, "A2", 1}});
  hub.rejects(order, 1, "a");
  hub.rejects(order, 2, "b");
  CHECK(hub.queue(order) == "REJECTED_ITEM_PARKING");
  hub.rejects(order, 3, "b");  // the same site again is no other one
  CHECK(hub.queue(order) == "REJECTED_ITEM_PARKING");
  hub.rejects(order, 4, "c");
  CHECK(hub.queue(order) == "said CUSTOMER_SERVICE");
  CHECK(storage::rejecting_sites(hub.connection(), order) ==
        std::map<LineNo, std::int64_t>{{LineNo(1), 3}});
  // No run takes it from there; a person does, until yet another site has nothing.
  hub.define("a", 9);
  hub.define("d", 9);
  CHECK(hub.run().orders_seen == 0);
  hub.move(order, ParkingQueue::kBrokering);
  hub.rejects(order, 5, "d");
  CHECK(hub.queue(order) == "said CUSTOMER_SERVICE");
  // It follows from the log.
  hub.job([](UnitOfWork& work) -> Result<> {
    work.replica().rebuild();
    return {};
  });
  CHECK(hub.queue(order) == "said CUSTOMER_SERVICE");
}

TEST_CASE("rejections: sites of different lines are not counted together", "[central][routing]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}, {2, "A2", 2}});
  hub.rejects(order, 1, "a");
  hub.rejects(order, 2, "b");
  hub.rejects(order, 3, "c", 1, 2);
  CHECK(hub.queue(order) == "REJECTED_ITEM_PARKING");
  hub.rules.customer_service_after = 0;
  hub.rejects(order, 4, "d");
  CHECK(hub.queue(order) == "REJECTED_ITEM_PARKING");
  hub.rules.customer_service_after = 1;
  hub.rejects(order, 5, "e", 1, 2);
  CHECK(hub.queue(order) == "said CUSTOMER_SERVICE");
}

TEST_CASE("rejections: a pickup is its customer's matter, and what is settled nobody's",
          "[central][routing]") {
  Hub hub;
  hub.rules.customer_service_after = 1;
  const OrderId pickup = hub.place("1", {{1, "A1", 1}}, "a");
  hub.rejects(pickup, 1, "a", 1, 1, 0, domain::FulfilmentMethod::kPickup);
  CHECK(hub.queue(pickup) == "PICKUP_REJECTED");
  const OrderId cancelled = hub.place("2", {{1, "A1", 1}});
  hub.route(cancelled, 2, {{1, "A1", 1}}, "a");
  hub.shorted(2, 1, 1, 2, "a");
  REQUIRE(hub.cancel_line(cancelled, 1, 1));
  REQUIRE(hub.job(
      [&](UnitOfWork& work) { return on_short(work, {{cancelled, {LineNo(1)}}}, hub.rules); }));
  CHECK(hub.queue(cancelled).empty());
  CHECK_FALSE(storage::said_queue(hub.connection(), cancelled));
}

TEST_CASE("rejections: in which queue units wait that become short of an order that was moved",
          "[central][routing]") {
  Hub hub;
  const UtcTime until{hub.clock.now.us + 3'600'000'000};
  struct Row {
    ParkingQueue said;
    std::optional<UtcTime> until;
    std::string then;
  };
  const std::vector<Row> rows{
      // Given up before: nobody was asked for these units since.
      {ParkingQueue::kUnfillable, until, "said REJECTED_ITEM_PARKING " + until.text()},
      {ParkingQueue::kUnfillable, {}, "said REJECTED_ITEM_PARKING"},
      {ParkingQueue::kReleased, {}, "said REJECTED_ITEM_PARKING"},
      // A person looks, or goods are to come: what was said of the order holds.
      {ParkingQueue::kUnfillableHold, {}, "said UNFILLABLE_HOLD"},
      {ParkingQueue::kCustomerService, {}, "said CUSTOMER_SERVICE"},
      {ParkingQueue::kBackorder, until, "said BACKORDER_PARKING " + until.text()},
      {ParkingQueue::kPreorder, {}, "said PREORDER_PARKING"},
      {ParkingQueue::kBrokering, {}, "said BROKERING"},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i, name_of(rows[i].said));
    const OrderId order = hub.place(std::to_string(i), {{1, "A1", 3}});
    hub.route(order, 100 + i, {{1, "A1", 2}}, "a");
    hub.move(order, rows[i].said, rows[i].until);
    hub.shorted(100 + i, 1, 1, 100 + i, "a");
    REQUIRE(hub.job(
        [&](UnitOfWork& work) { return on_short(work, {{order, {LineNo(1)}}}, hub.rules); }));
    CHECK(hub.queue(order) == rows[i].then);
    CHECK(hub.line(order, 1).waiting_milli() == pieces(2));
  }
}

TEST_CASE("rejections: a site is asked again once its short is forgotten, until it is short again",
          "[central][routing]") {
  Hub hub;
  hub.define("a", 9);
  const OrderId order = hub.place("1", {{1, "A1", 3}});
  hub.rejects(order, 1, "a");
  const UtcTime noted = hub.clock.now;
  const auto shorts = [&hub, order] { return storage::shorts_of(hub.connection(), order).size(); };
  CHECK(shorts() == 1);
  CHECK(hub.run().orders_routed == 0);
  const auto forget = [&hub](UtcTime until) {
    hub.job([until](UnitOfWork& work) -> Result<> {
      storage::forget_shorts(work.connection(), until);
      return {};
    });
  };
  forget(UtcTime{noted.us - 1});
  CHECK(shorts() == 1);
  hub.clock.advance(std::chrono::hours(4));
  forget(hub.clock.now);
  CHECK(shorts() == 0);
  hub.rejects(order, 2, "a");
  CHECK(shorts() == 1);
  forget(UtcTime{noted.us + 1});
  CHECK(shorts() == 1);
  // Heard of once more, it is as old as it was.
  const UtcTime again = hub.clock.now;
  hub.clock.advance(std::chrono::hours(4));
  REQUIRE(
      hub.job([&](UnitOfWork& work) { return on_short(work, {{order, {LineNo(1)}}}, hub.rules); }));
  forget(again);
  CHECK(shorts() == 0);
  CHECK(hub.run().orders_routed == 1);
}

TEST_CASE("rejections: what a held order was sold is not given to one that came later",
          "[central][routing]") {
  Hub hub;
  hub.define("a", 3);
  const OrderId held = hub.place("1", {{1, "A1", 2}});
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return hold_order(work, held, domain::HoldReason::kFraud, "look", user(3));
  }));
  const OrderId later = hub.place("2", {{1, "A1", 2}});
  const OrderId small = hub.place("3", {{1, "A1", 1}});
  CHECK(shortages_of(hub.connection(), later).size() == 1);
  CHECK(hub.run().orders_routed == 1);
  CHECK(hub.line(small, 1).routed_milli == pieces(1));
  CHECK(hub.line(later, 1).routed_milli == 0);
  REQUIRE(hub.job([&](UnitOfWork& work) { return release_hold(work, held, "fine", user(3)); }));
  CHECK(hub.run().orders_routed == 1);
  CHECK(hub.line(held, 1).routed_milli == pieces(2));
}

}  // namespace
}  // namespace cairn::central::rejections_test
