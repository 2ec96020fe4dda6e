#include "tests/central/support/order_hub.h"

namespace cairn::central::convert_pickup_test {
namespace {

using namespace test;
using Hub = OrderHub;

/// A pickup of five, of which the store lacks three.
struct Parked : Hub {
  Parked() {
    route(order, 1, {{1, "A1", 5}}, "store", domain::FulfilmentMethod::kPickup);
    shorted(1, 3);
  }
  OrderId order = place("1", {{1, "A1", 5}, {2, "A2", 1}}, "store");
};

TEST_CASE("convert pickup: parked units wait to be shipped", "[central][orders]") {
  Parked hub;
  CHECK(hub.line(hub.order, 1).parked_milli() == pieces(3));
  REQUIRE(hub.convert(hub.order, 1, 2));
  CHECK(hub.line(hub.order, 1).parked_milli() == pieces(1));
  CHECK(hub.line(hub.order, 1).waiting_to_ship_milli() == pieces(2));
  REQUIRE(hub.convert(hub.order, 1, 1));
  CHECK(hub.line(hub.order, 1).parked_milli() == 0);
  CHECK(hub.line(hub.order, 1).waiting_to_ship_milli() == pieces(3));
}

TEST_CASE("convert pickup: no more than is parked, and only of pickups", "[central][orders]") {
  Parked hub;
  const OrderId shipped = hub.place("2", {{1, "A1", 5}});
  const std::uint64_t written = hub.written();
  check_refused(hub.convert(hub.order, 1, 4), ErrorCode::kRejected, "nothing_parked");
  check_refused(hub.convert(hub.order, 2, 1), ErrorCode::kRejected, "nothing_parked");
  check_refused(hub.convert(hub.order, 1, 0), ErrorCode::kInvalid, "bad_quantity");
  check_refused(hub.convert(hub.order, 9, 1), ErrorCode::kNotFound, "no_such_line");
  check_refused(hub.convert(shipped, 1, 1), ErrorCode::kRejected, "is_no_pickup");
  check_refused(hub.convert(storage::test::order_id(9), 1, 1), ErrorCode::kNotFound,
                "no_such_order");
  CHECK(hub.written() == written);
}

}  // namespace
}  // namespace cairn::central::convert_pickup_test
