#include "central/capture/change_order.h"

#include "central/orders/order_holds.h"
#include "core/domain/order/order_amounts.h"
#include "core/storage/projections/order_queues.h"
#include "tests/central/support/capture_hub.h"

#include <string>
#include <vector>

namespace cairn::central::change_order_test {
namespace {

using namespace test;

struct Hub : CaptureHub {
  Hub() {
    count("leeds", "A1", 6);
    count("york", "A1", 3);
    count("leeds", "A2", 4);
    CHECK(outcome(wanted("1", {{1, "A1", 2}})).empty());
  }
  OrderId id() { return order_id_of("web", "1"); }
  /// "" or the reason of the refusal, which has changed nothing.
  std::string change(OrderChange change) {
    change.order = id();
    const std::uint64_t before = written();
    const auto done =
        job([&](UnitOfWork& work) { return change_order(work, ages, rules, change, user(3)); });
    if (done) return "";
    last_message = done.error().message;
    CHECK(written() == before);
    return done.error().reason;
  }
  std::string quantity(std::uint32_t line, std::int64_t units) {
    OrderChange wanted;
    wanted.quantities = {{LineNo(line), pieces(units)}};
    return change(wanted);
  }
  std::string add(std::string_view article, std::int64_t units) {
    OrderChange wanted;
    wanted.add = {
        {LineNo(), sku(article), "", {pieces(units), Uom::kPiece}, storage::test::pounds(100)}};
    return change(wanted);
  }
  std::string collect_at(std::string_view place) {
    OrderChange wanted;
    wanted.delivery.method = domain::FulfilmentMethod::kPickup;
    wanted.delivery.pickup_site = site(place);
    return change(wanted);
  }
  std::string ship() {
    OrderChange wanted;
    wanted.delivery.method = domain::FulfilmentMethod::kShip;
    return change(wanted);
  }
  std::int64_t waiting() {
    std::int64_t milli = 0;
    for (const auto& row : storage::order_lines(connection(), id())) {
      milli += row.progress.waiting_milli();
    }
    return milli;
  }
};

TEST_CASE("change: lines more, units more and less, while no site has it", "[central][capture]") {
  Hub hub;
  CHECK(hub.add("A2", 1).empty());
  CHECK(hub.quantity(1, 4).empty());
  CHECK(hub.quantity(1, 1).empty());
  CHECK(hub.waiting() == pieces(1 + 1 + 2));
  CHECK(hub.online("A1") == pieces(9 - 3));
  CHECK(hub.online("A2") == pieces(3));
  const auto lines = storage::order_lines(hub.connection(), hub.id());
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].line.name == storage::test::product("A2", 2).name);
  CHECK(lines[2].line.sku == sku("A1"));
  // The views made anew say the same, and the order that was placed is still that order.
  hub.rebuild();
  CHECK(hub.waiting() == pieces(4));
  CHECK(hub.outcome(Hub::wanted("1", {{1, "A1", 2}})) == "again");
  CHECK(hub.outcome(Hub::wanted("1", {{1, "A1", 1}})) == "order_differs");
}

TEST_CASE("change: what is not there is not sold; the order's own units count for it",
          "[central][capture]") {
  Hub hub;
  CHECK(hub.quantity(1, 10) == "not_available");
  CHECK(hub.last_message == "A1: wanted 10, available 9; nothing was changed");
  CHECK(hub.quantity(1, 9).empty());
  CHECK(hub.online("A1") == 0);
  CHECK(hub.add("A1", 1) == "not_available");
  CHECK(hub.add("NONE", 1) == "unknown_sku");
  // Less is always there.
  CHECK(hub.quantity(1, 1).empty());
  OrderChange ahead;
  ahead.quantities = {{LineNo(1), pieces(20)}};
  ahead.allow_backorder = true;
  CHECK(hub.change(ahead).empty());
  const auto queue = storage::queue_of(hub.connection(), hub.id());
  REQUIRE(queue);
  CHECK(queue->queue == domain::ParkingQueue::kBackorder);
}

TEST_CASE("change: another way to the customer is compared with what is there",
          "[central][capture]") {
  Hub hub;
  CHECK(hub.quantity(1, 9).empty());  // all there is
  CHECK(hub.collect_at("york") == "not_available");
  CHECK(hub.last_message == "A1: wanted 9, available 3; nothing was changed");
  CHECK(hub.quantity(1, 2).empty());  // 2 of line 1, 7 more on a line of their own
  CHECK(hub.quantity(2, 1).empty());
  CHECK(hub.collect_at("nowhere") == "unknown_site");
  CHECK(hub.collect_at("york").empty());
  const auto row = storage::find_order(hub.connection(), hub.id());
  CHECK(row->method == domain::FulfilmentMethod::kPickup);
  CHECK(row->pickup_site == site("york"));
  CHECK(hub.outcome(Hub::wanted("2", {{1, "A1", 1}}, "york")) == "not_available");
  CHECK(hub.collect_at("leeds").empty());
  CHECK(hub.ship().empty());
  CHECK(storage::find_order(hub.connection(), hub.id())->pickup_site == SiteId());
  CHECK(hub.online("A1") == pieces(6));
  CHECK(hub.outcome(Hub::wanted("2", {{1, "A1", 3}}, "york")).empty());
}

TEST_CASE("change: too late once a site has, or had, some of it", "[central][capture]") {
  Hub hub;
  hub.route(hub.id(), 1, {{1, "A1", 1}}, "leeds");
  CHECK(hub.quantity(1, 1) == "too_late");
  CHECK(hub.add("A2", 1) == "too_late");
  CHECK(hub.ship() == "too_late");
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return cancel_order(work, hub.id(), domain::CancelReason::kCustomer, "", user(3));
  }));
  CHECK(hub.quantity(1, 1) == "order_ended");
}

TEST_CASE("change: an order that costs too much now is held", "[central][capture]") {
  Hub hub;
  hub.rules.above_minor =
      domain::total_of({storage::order_lines(hub.connection(), hub.id())[0].line}, false)
          .value()
          .minor;
  CHECK(hub.quantity(1, 1).empty());
  CHECK_FALSE(storage::find_order(hub.connection(), hub.id())->standing.hold);
  CHECK(hub.quantity(1, 2).empty());
  CHECK(storage::find_order(hub.connection(), hub.id())->standing.hold ==
        domain::HoldReason::kFraud);
  CHECK(hub.add("A2", 1).empty());  // held, and held still
  REQUIRE(hub.job([&hub](UnitOfWork& work) { return release_hold(work, hub.id(), "", user(3)); }));
  CHECK(hub.quantity(1, 0).empty());  // cheaper: whoever released it has seen more
  CHECK_FALSE(storage::find_order(hub.connection(), hub.id())->standing.hold);
}

TEST_CASE("change: nothing new writes nothing, and what does not exist is not changed",
          "[central][capture]") {
  Hub hub;
  const auto before = hub.written();
  CHECK(hub.quantity(1, 2).empty());
  CHECK(hub.ship().empty());
  CHECK(hub.written() == before);
  CHECK(hub.quantity(8, 2) == "no_such_line");
  const auto none = hub.job([&](UnitOfWork& work) {
    OrderChange change;
    change.order = order_id_of("web", "none");
    return change_order(work, hub.ages, hub.rules, change, user(3));
  });
  REQUIRE_FALSE(none);
  CHECK(none.error().reason == "no_such_order");
}

}  // namespace
}  // namespace cairn::central::change_order_test
