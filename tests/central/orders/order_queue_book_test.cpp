// What is said of an order's queue lasts as long as its cause, and not longer.

#include "central/orders/order_queue_book.h"

#include "central/orders/order_holds.h"
#include "tests/central/support/order_hub.h"

#include <optional>

namespace cairn::central::order_queue_book_test {
namespace {

using namespace test;
using domain::ParkingQueue;

struct Hub : OrderHub {
  /// To UNFILLABLE_PARKING, for a day.
  void park(OrderId order, ParkingQueue queue = ParkingQueue::kUnfillable) {
    std::optional<UtcTime> until;
    if (queue == ParkingQueue::kUnfillable) until = UtcTime{clock.now.us + kDay.count()};
    REQUIRE(job([&](UnitOfWork& work) { return move_order(work, order, queue, until, user(3)); }));
  }
  std::optional<ParkingQueue> said(OrderId order) {
    return storage::said_queue(connection(), order);
  }
  std::int64_t cancel_due(OrderId order) {
    clock.advance(kDay);
    return job([order](UnitOfWork& work) { return cancel_expired(work, order); }).value();
  }
  void rebuild() {
    job([](UnitOfWork& work) -> Result<> {
      work.replica().rebuild();
      return {};
    });
  }
  void lacks(std::uint64_t group, std::int64_t units, std::uint32_t line = 1) {
    happens(group, domain::LineShorted{LineNo(line), pieces(units),
                                       domain::ShortReason::kNotInStock, bin("B-1")});
  }
  static constexpr Duration kDay = std::chrono::hours(24);
};

TEST_CASE("queues: of what is cancelled nothing is said any more", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}, {2, "A2", 1}});
  hub.route(order, 1, {{1, "A1", 1}});
  hub.park(order);
  REQUIRE(hub.cancel_line(order, 1, 1));
  CHECK(hub.said(order) == ParkingQueue::kUnfillable);  // line 2 waits
  REQUIRE(hub.cancel_line(order, 2, 1));
  CHECK_FALSE(hub.said(order));
  hub.rebuild();
  CHECK_FALSE(hub.said(order));
  CHECK(hub.cancel_due(order) == 0);

  const OrderId whole = hub.place("2", {{1, "A1", 2}, {2, "A2", 1}});
  hub.park(whole);
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return cancel_order(work, whole, domain::CancelReason::kCustomer, "", user(3));
  }));
  CHECK_FALSE(hub.said(whole));
  const OrderId rejected = hub.place("3", {{1, "A1", 2}});
  hub.park(rejected);
  REQUIRE(hub.job([&](UnitOfWork& work) { return reject_order(work, rejected, "", user(3)); }));
  CHECK_FALSE(hub.said(rejected));
}

TEST_CASE("queues: units for which the customer has to choose do not wait", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}, {2, "A2", 1}}, "store");
  hub.route(order, 1, {{1, "A1", 2}}, "store", domain::FulfilmentMethod::kPickup);
  hub.lacks(1, 2);
  hub.park(order);
  REQUIRE(hub.cancel_line(order, 2, 1));
  CHECK(hub.line(order, 1).parked_milli() == pieces(2));
  CHECK_FALSE(hub.said(order));
}

TEST_CASE("auto-cancel: leaves lines alone for which the customer has yet to choose",
          "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 4}, {2, "A2", 1}}, "store");
  hub.route(order, 1, {{1, "A1", 4}}, "store", domain::FulfilmentMethod::kPickup);
  hub.lacks(1, 4);
  REQUIRE(hub.convert(order, 1, 2));
  hub.park(order);
  CHECK(hub.cancel_due(order) == pieces(1));
  CHECK(hub.line(order, 1).parked_milli() == pieces(2));
  CHECK(hub.line(order, 1).waiting_milli() == pieces(2));
  CHECK(hub.line(order, 2).cancelled_milli == pieces(1));
  CHECK_FALSE(hub.said(order));
}

}  // namespace
}  // namespace cairn::central::order_queue_book_test
