// Cancelling units of an order wherever they are: with nobody yet, or in the groups of sites.

#include "tests/central/support/order_hub.h"
#include "tests/core/storage/support/dump.h"

namespace cairn::central::cancel_units_test {
namespace {

using namespace test;
using Hub = OrderHub;

TEST_CASE("cancel units: those that no site has go first, then those of a group",
          "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 10}});
  hub.route(order, 1, {{1, "A1", 8}});
  REQUIRE(hub.cancel_line(order, 1, 1));
  CHECK(hub.in(1).cancelled_milli == 0);
  CHECK(hub.line(order, 1).waiting_milli() == pieces(1));
  REQUIRE(hub.cancel_line(order, 1, 4));
  CHECK(hub.in(1) == domain::LineBuckets{.open_milli = pieces(5), .cancelled_milli = pieces(3)});
  const auto line = hub.line(order, 1);
  CHECK(line.cancelled_milli == pieces(5));
  CHECK(line.routed_milli == pieces(5));
  CHECK(line.waiting_milli() == 0);
  CHECK(hub.replica().order(order)->find(LineNo(1))->cancelled_milli == pieces(2));
}

TEST_CASE("cancel units: of several groups the newest first", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 6}});
  hub.route(order, 2, {{1, "A1", 2}});
  hub.route(order, 1, {{1, "A1", 4}}, "depot");
  REQUIRE(hub.cancel_line(order, 1, 5));
  CHECK(hub.in(1).cancelled_milli == pieces(4));
  CHECK(hub.in(2).cancelled_milli == pieces(1));
  CHECK(hub.replica().ship_group(group_id(1)).status() == domain::ShipGroupStatus::kCancelled);
  CHECK(domain::status_of({hub.line(order, 1)}) == domain::OrderStatus::kApproved);
}

TEST_CASE("cancel units: picked units go back to their bin, those in a package too",
          "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  hub.route(order, 1, {{1, "A1", 4}});
  hub.pick(1, 3);
  hub.pack(1, 1);
  REQUIRE(hub.cancel_line(order, 1, 4));
  CHECK(hub.in(1).cancelled_milli == pieces(4));
  const auto backs = storage::put_backs(hub.connection(), site("store"));
  REQUIRE(backs.size() == 1);
  CHECK(backs[0].put_back.milli == pieces(3));
  CHECK(domain::status_of({hub.line(order, 1)}) == domain::OrderStatus::kCancelled);
}

TEST_CASE("cancel units: a group that is packed is passed over", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 5}});
  hub.route(order, 1, {{1, "A1", 2}});
  hub.route(order, 2, {{1, "A1", 3}}, "depot");
  hub.pick(2, 3, 1, 3, "depot");
  hub.happens(
      2,
      domain::PackageClosed{{{LineNo(1), pieces(3)}}, 1, 1, domain::WeightCheck::kMatched, {}, ""},
      3, "depot");
  REQUIRE(hub.cancel_line(order, 1, 2));
  CHECK(hub.in(1).cancelled_milli == pieces(2));
  CHECK(hub.in(2).cancelled_milli == 0);
}

TEST_CASE("cancel units: of what is packed or gone nothing is cancelled, and nothing of the rest",
          "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 10}, {2, "A2", 1}});
  hub.route(order, 1, {{1, "A1", 4}});
  hub.route(order, 2, {{1, "A1", 3}}, "depot");
  hub.pick(1, 4);
  hub.pack(1, 4);
  hub.shorted(2, 1, 1, 3, "depot");
  const std::string before = storage::test::dump_projections(hub.connection());
  const std::uint64_t written = hub.written();
  // Free are: three never routed, one short, two in the second group.
  check_refused(hub.cancel_line(order, 1, 7), ErrorCode::kRejected, "too_late");
  CHECK(hub.cancel_line(order, 1, 7).error().message.find("1 units of line 1") !=
        std::string::npos);
  CHECK(hub.written() == written);
  CHECK(storage::test::dump_projections(hub.connection()) == before);
  CHECK(hub.cancel_line(order, 1, 6));
}

TEST_CASE("cancel units: what was handed over or shipped is too late", "[central][orders]") {
  Hub hub;
  const OrderId pickup = hub.place("1", {{1, "A1", 2}}, "store");
  hub.route(pickup, 1, {{1, "A1", 2}}, "store", domain::FulfilmentMethod::kPickup);
  hub.pick(1, 2);
  REQUIRE(hub.cancel_line(pickup, 1, 1));  // it waits at the counter
  hub.hand_over(1, 1);
  check_refused(hub.cancel_line(pickup, 1, 1), ErrorCode::kRejected, "too_late");
  const OrderId shipped = hub.place("2", {{1, "A1", 2}});
  hub.route(shipped, 2, {{1, "A1", 2}});
  hub.pick(2, 2);
  hub.ship(2, 2);
  check_refused(hub.cancel_line(shipped, 1, 1), ErrorCode::kRejected, "too_late");
}

TEST_CASE("cancel units: a parked unit can be cancelled instead of shipped", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}}, "store");
  hub.route(order, 1, {{1, "A1", 4}}, "store", domain::FulfilmentMethod::kPickup);
  hub.shorted(1, 3);
  REQUIRE(hub.cancel_line(order, 1, 2));
  CHECK(hub.line(order, 1).parked_milli() == pieces(1));
  CHECK(hub.in(1).cancelled_milli == 0);
}

TEST_CASE("cancel units: one cancellation has one business key, however many events it takes",
          "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 5}});
  hub.route(order, 1, {{1, "A1", 2}});
  hub.route(order, 2, {{1, "A1", 2}}, "depot");
  REQUIRE(hub.cancel_line(order, 1, 5, "cancellation 17"));
  CHECK(hub.number("SELECT count(*) FROM business_key") == 1);
  CHECK(hub.replica().has_effect("cancellation 17"));
  // Where nothing waits the key is on the first group's event.
  const OrderId routed = hub.place("2", {{1, "A1", 4}});
  hub.route(routed, 3, {{1, "A1", 2}});
  hub.route(routed, 4, {{1, "A1", 2}}, "depot");
  REQUIRE(hub.cancel_line(routed, 1, 4, "cancellation 18"));
  CHECK(hub.number("SELECT count(*) FROM business_key") == 2);
  CHECK(hub.replica().has_effect("cancellation 18"));
}

TEST_CASE("cancel units: pieces are cancelled whole, in groups as well", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  hub.route(order, 1, {{1, "A1", 4}});
  const UnitCancellation half{order, LineNo(1), 1500, domain::CancelReason::kCustomer, "", {}};
  const std::uint64_t written = hub.written();
  check_refused(hub.job([&half](UnitOfWork& work) { return cancel_units(work, half, {}); }),
                ErrorCode::kInvalid, "bad_quantity");
  CHECK(hub.written() == written);
}

TEST_CASE("cancel units: the site hears of it, and what it picks all the same goes back",
          "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  hub.route(order, 1, {{1, "A1", 2}});
  storage::test::Store device(storage::test::site_identity(node(1), site("store")));
  REQUIRE(device.take_feed(hub.frame_of("site:store")));
  REQUIRE(hub.cancel_line(order, 1, 2));
  // Offline meanwhile.
  device.append(domain::ShipGroupEvent(domain::LinePicked{LineNo(1), pieces(2), bin("B-1")}),
                domain::ship_group_key(group_id(1)), site("store"));
  REQUIRE(device.take_feed(hub.frame_of("site:store")));
  const domain::ShipGroup& group = device.replica().ship_group(group_id(1));
  CHECK(group.status() == domain::ShipGroupStatus::kCancelled);
  REQUIRE(group.put_backs.size() == 1);
  CHECK(group.put_backs.front().milli == pieces(2));
}

}  // namespace
}  // namespace cairn::central::cancel_units_test
