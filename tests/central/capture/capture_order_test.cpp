#include "central/capture/capture_order.h"

#include "central/orders/order_book.h"
#include "central/orders/order_holds.h"
#include "central/routing/routing_run.h"
#include "core/storage/projections/order_queues.h"
#include "core/storage/projections/promises.h"
#include "tests/central/support/capture_hub.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::central::capture_order_test {
namespace {

using namespace test;
using Hub = CaptureHub;

domain::OrderStatus status(Hub& hub, OrderId order) {
  return status_of(*storage::find_order(hub.connection(), order),
                   storage::order_lines(hub.connection(), order));
}

TEST_CASE("capture: the same order is captured once, another one under its number never",
          "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 5);
  auto order = Hub::wanted("1", {{1, "A1", 2}});
  CHECK(hub.outcome(order).empty());
  CHECK(hub.outcome(order) == "again");
  order.order.lines[0].name = "Another name";
  CHECK(hub.outcome(order) == "order_differs");
  order = Hub::wanted("1", {{1, "A1", 3}});
  CHECK(hub.outcome(order) == "order_differs");
  order = Hub::wanted("1", {{1, "A1", 2}});
  order.order.delivery.priority = 1;
  CHECK(hub.outcome(order) == "order_differs");
  // A shop that tells the country now did not tell another one then.
  order.order.delivery = {};
  order.order.delivery.country = "GB";
  CHECK(hub.outcome(order) == "again");
  order = Hub::wanted("1", {{1, "A1", 2}});
  order.order.channel = "phone";
  CHECK(hub.outcome(order).empty());
  CHECK(hub.online("A1") == pieces(1));
}

TEST_CASE("capture: names and units are the catalogue's", "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 5);
  const auto done = hub.capture(Hub::wanted("1", {{1, "A1", 1}}));
  REQUIRE(done);
  const auto lines = storage::order_lines(hub.connection(), done->order);
  CHECK(lines[0].line.name == storage::test::product("A1", 1).name);
}

TEST_CASE("capture: what is not there is not sold", "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 2);
  hub.count("york", "A1", 1);
  CHECK(hub.outcome(Hub::wanted("1", {{1, "A1", 2}, {2, "A1", 2}, {3, "A2", 1}})) ==
        "not_available");
  CHECK(hub.last_message ==
        "A1: wanted 4, available 3; A2: wanted 1, available 0; nothing was changed");
  CHECK(hub.outcome(Hub::wanted("2", {{1, "A1", 2}})).empty());
  CHECK(hub.outcome(Hub::wanted("3", {{1, "A1", 2}})) == "not_available");
  CHECK(hub.outcome(Hub::wanted("3", {{1, "A1", 1}})).empty());
  auto ahead = Hub::wanted("4", {{1, "A1", 7}});
  CHECK(hub.outcome(ahead) == "not_available");
  ahead.allow_backorder = true;
  CHECK(hub.outcome(ahead).empty());
  // It waits for goods, not for a site: no rule that cancels what nobody can fill finds it.
  const auto queue = storage::queue_of(hub.connection(), order_id_of("web", "4"));
  REQUIRE(queue);
  CHECK(queue->queue == domain::ParkingQueue::kBackorder);
  CHECK_FALSE(queue->auto_cancel_at);
  const auto sold = storage::queue_of(hub.connection(), order_id_of("web", "2"));
  REQUIRE(sold);
  CHECK(sold->queue == domain::ParkingQueue::kBrokering);
}

TEST_CASE("capture: services need no stock and no article", "[central][capture]") {
  Hub hub;
  auto order = Hub::wanted("1", {{1, "POSTAGE", 1}});
  order.order.lines[0].service = true;
  CHECK(hub.outcome(order).empty());
}

TEST_CASE(
    "capture: pickups are taken from their site once, and never from what was sold to be "
    "shipped",
    "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 3);
  hub.count("york", "A1", 2);
  CHECK(hub.outcome(Hub::wanted("1", {{1, "A1", 3}}, "york")) == "not_available");
  CHECK(hub.outcome(Hub::wanted("1", {{1, "A1", 2}}, "york")).empty());
  CHECK(hub.outcome(Hub::wanted("2", {{1, "A1", 1}}, "york")) == "not_available");
  CHECK(hub.outcome(Hub::wanted("3", {{1, "A1", 2}})).empty());
  CHECK(hub.outcome(Hub::wanted("4", {{1, "A1", 2}}, "leeds")) == "not_available");
  CHECK(hub.outcome(Hub::wanted("4", {{1, "A1", 1}}, "leeds")).empty());
}

TEST_CASE("capture: a malformed order is refused, and its member is named", "[central][capture]") {
  Hub hub;
  hub.facility("closed", false);
  hub.count("leeds", "A1", 5);
  struct Row {
    std::function<void(CaptureOrder&)> change;
    std::string reason;
    std::string says;
  };
  const std::vector<Row> rows{
      {[](CaptureOrder& o) { o.order.lines[0].sku = sku("NONE"); }, "unknown_sku", "/lines/0/sku"},
      {[](CaptureOrder& o) { o.order.pickup_site = site("closed"); }, "unknown_site", "closed"},
      {[](CaptureOrder& o) { o.order.pickup_site = site("nowhere"); }, "unknown_site", "nowhere"},
      {[](CaptureOrder& o) { o.order.lines[0].ordered.milli = 0; }, "bad_order", "line 1"},
      {[](CaptureOrder& o) { o.order.lines[0].ordered.milli = 1500; }, "bad_order", "line 1"},
      {[](CaptureOrder& o) { o.total = storage::test::pounds(1); }, "wrong_total", "0.01 GBP"},
      {[](CaptureOrder& o) { o.order.discounts = {{"A", kMaxMinor}}; }, "bad_order", "discount"},
      {[](CaptureOrder& o) { o.reservations = {ReservationId(storage::test::uuid(99))}; },
       "no_such_reservation", "/reservations/0"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.reason, row.says);
    auto order = Hub::wanted("1", {{1, "A1", 1}}, "leeds");
    row.change(order);
    CHECK(hub.outcome(order) == row.reason);
    CHECK_THAT(hub.last_message, Catch::Contains(row.says));
  }
}

TEST_CASE("capture: its own reservations count for it, and end with it", "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 3);
  const ReservationId mine(storage::test::uuid(7));
  const domain::StockReserved kept{
      mine, "web", sku("A1"), pieces(3), {}, UtcTime{hub.clock.now.us + 60'000'000}, ""};
  REQUIRE(hub.job(
      [&](UnitOfWork& work) { return reserve_stock(work, {kept, hub.online("A1")}, user(3)); }));
  auto order = Hub::wanted("1", {{1, "A1", 3}});
  CHECK(hub.outcome(order) == "not_available");
  order.order.channel = "phone";
  order.reservations = {mine};
  CHECK(hub.outcome(order) == "bad_reservation");
  order = Hub::wanted("1", {{1, "A2", 1}});
  order.reservations = {mine};
  CHECK(hub.outcome(order) == "bad_reservation");
  // One that is refused after all keeps its reservation.
  order = Hub::wanted("1", {{1, "A1", 4}});
  order.reservations = {mine};
  CHECK(hub.outcome(order) == "not_available");
  CHECK(storage::find_reservation(hub.connection(), mine)->ended.empty());
  order = Hub::wanted("1", {{1, "A1", 3}});
  order.reservations = {mine};
  CHECK(hub.outcome(order).empty());
  CHECK(storage::find_reservation(hub.connection(), mine)->ended == "ORDERED");
  CHECK(hub.online("A1") == 0);
}

TEST_CASE("capture: rules hold what somebody has to look at", "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 50);
  hub.rules = {1000, true};
  auto order = Hub::wanted("1", {{1, "A1", 1}});
  order.order.lines[0].unit_price = storage::test::pounds(1000);
  auto done = hub.capture(order);
  REQUIRE(done);
  CHECK(status(hub, done->order) == domain::OrderStatus::kApproved);
  order.order.external_id = "2";
  order.order.lines[0].unit_price = storage::test::pounds(1001);
  done = hub.capture(order);
  REQUIRE(done);
  CHECK(status(hub, done->order) == domain::OrderStatus::kHold);
  CHECK(storage::find_order(hub.connection(), done->order)->standing.hold ==
        domain::HoldReason::kFraud);
  order = Hub::wanted("3", {{1, "A1", 1}});
  order.order.lines[0].unit_price = storage::test::pounds(1);
  order.order.destination = {};
  done = hub.capture(order);
  REQUIRE(done);
  CHECK(storage::find_order(hub.connection(), done->order)->standing.hold ==
        domain::HoldReason::kAddress);
  // Who comes to fetch it needs no address.
  order = Hub::wanted("4", {{1, "A1", 1}}, "leeds");
  order.order.lines[0].unit_price = storage::test::pounds(1);
  order.order.destination = {};
  done = hub.capture(order);
  REQUIRE(done);
  CHECK(status(hub, done->order) == domain::OrderStatus::kApproved);
}

}  // namespace
}  // namespace cairn::central::capture_order_test
