#include "central/orders/order_holds.h"

#include "core/storage/projections/promises.h"
#include "tests/central/support/order_hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cairn::central::order_holds_test {
namespace {

using namespace test;
using domain::OrderStatus;

struct Hub : OrderHub {
  Result<> hold(OrderId order) {
    return job([&](UnitOfWork& work) {
      return hold_order(work, order, domain::HoldReason::kFraud, "look", user(3));
    });
  }
  Result<> release(OrderId order) {
    return job([&](UnitOfWork& work) { return release_hold(work, order, "fine", user(3)); });
  }
  Result<> reject(OrderId order) {
    return job([&](UnitOfWork& work) { return reject_order(work, order, "stolen", user(3)); });
  }
  /// "line: cancelled, too late", in units.
  std::string cancel(OrderId order) {
    const auto done = job([&](UnitOfWork& work) {
      return cancel_order(work, order, domain::CancelReason::kHeadOffice, "", user(3));
    });
    REQUIRE(done);
    std::string text;
    for (const LineCancellation& line : *done) {
      text += fmt::format("{}: {}, {}; ", line.line.value(), milli_text(line.cancelled_milli),
                          milli_text(line.too_late_milli));
    }
    return text;
  }
  OrderStatus status(OrderId order) {
    return status_of(*storage::find_order(connection(), order),
                     storage::order_lines(connection(), order));
  }
  std::size_t waiting() { return storage::orders(connection(), {0, 100, true}).size(); }
  std::size_t with_status(OrderStatus status) {
    storage::OrderPage page;
    page.status = status;
    return storage::orders(connection(), page).size();
  }
};

TEST_CASE("holds: a held order waits for no site, and keeps its units", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  CHECK(hub.waiting() == 1);
  REQUIRE(hub.hold(order));
  CHECK(hub.status(order) == OrderStatus::kHold);
  CHECK(hub.with_status(OrderStatus::kHold) == 1);
  CHECK(hub.with_status(OrderStatus::kApproved) == 0);
  CHECK(hub.waiting() == 0);
  CHECK(storage::unbrokered(hub.connection(), sku("A1")).milli == pieces(2));
  check_refused(hub.hold(order), ErrorCode::kConflict, "already_held");
  REQUIRE(hub.release(order));
  CHECK(hub.status(order) == OrderStatus::kApproved);
  CHECK(hub.waiting() == 1);
  check_refused(hub.release(order), ErrorCode::kConflict, "not_held");
}

TEST_CASE("holds: a rejected order gives everything up", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}, {2, "A2", 1}});
  REQUIRE(hub.hold(order));
  REQUIRE(hub.reject(order));
  CHECK(hub.status(order) == OrderStatus::kRejected);
  CHECK(hub.with_status(OrderStatus::kRejected) == 1);
  CHECK(storage::find_order(hub.connection(), order)->note == "stolen");
  CHECK(hub.waiting() == 0);
  CHECK(storage::unbrokered(hub.connection(), sku("A1")).milli == 0);
  CHECK(hub.replica().order(order)->standing.rejected);
  check_refused(hub.hold(order), ErrorCode::kRejected, "order_ended");
  check_refused(hub.reject(order), ErrorCode::kRejected, "order_ended");
  CHECK(hub.cancel(order) == "1: 0, 0; 2: 0, 0; ");
}

TEST_CASE("holds: what a site has is neither held nor rejected", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  hub.route(order, 1, {{1, "A1", 1}});
  check_refused(hub.reject(order), ErrorCode::kRejected, "too_late");
  REQUIRE(hub.hold(order));
  REQUIRE(hub.release(order));
  hub.route(order, 2, {{1, "A1", 1}});
  check_refused(hub.hold(order), ErrorCode::kRejected, "too_late");
}

TEST_CASE("holds: what a site had and could not give is not rejected", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  hub.route(order, 1, {{1, "A1", 2}});
  hub.shorted(1, 2);
  CHECK(hub.line(order, 1).routed_milli == 0);
  check_refused(hub.reject(order), ErrorCode::kRejected, "too_late");
}

TEST_CASE("holds: an order that is not there", "[central][orders]") {
  Hub hub;
  const OrderId nobody = order_id_of("web", "none");
  check_refused(hub.hold(nobody), ErrorCode::kNotFound, "no_such_order");
  check_refused(hub.release(nobody), ErrorCode::kNotFound, "no_such_order");
  check_refused(hub.reject(nobody), ErrorCode::kNotFound, "no_such_order");
}

TEST_CASE("holds: an order is cancelled as far as it can be", "[central][orders]") {
  Hub hub;
  const OrderId order = hub.place("1", {{1, "A1", 5}});
  hub.route(order, 1, {{1, "A1", 2}});
  hub.route(order, 2, {{1, "A1", 1}}, "depot");
  hub.pick(1, 2);
  hub.pack(1, 2);
  CHECK(hub.cancel(order) == "1: 3, 2; ");
  CHECK(hub.status(order) == OrderStatus::kApproved);
  CHECK(hub.cancel(order) == "1: 0, 2; ");
}

TEST_CASE("holds: a held order can be cancelled, its services with it", "[central][orders]") {
  Hub hub;
  auto placed = storage::test::placed("1", {{1, "A1", 2}, {2, "POST", 1}});
  placed.lines[1].service = true;
  const auto order =
      hub.job([&placed](UnitOfWork& work) { return place_order(work, placed, user(3)); });
  REQUIRE(order);
  REQUIRE(hub.hold(*order));
  CHECK(hub.cancel(*order) == "1: 2, 0; 2: 1, 0; ");
  CHECK(hub.status(*order) == OrderStatus::kCancelled);
}

TEST_CASE("holds: the longest order is cancelled in one go, at its sites and where it waits",
          "[central][orders]") {
  Hub hub;
  std::vector<Wanted> lines;
  for (std::uint32_t no = 1; no <= domain::kMaxOrderLines; ++no) lines.push_back({no, "A1", 2});
  const OrderId order = hub.place("1", lines);
  for (std::uint32_t group = 1; group <= 20; ++group) {
    hub.route(order, group, {{group, "A1", 1}, {group + 1, "A1", 1}});
  }
  const auto loaded = hub.job([order](UnitOfWork& work) { return load_order(work, order); });
  REQUIRE(loaded);
  CHECK(loaded->groups.at(LineNo(2)) == std::vector{group_id(2), group_id(1)});
  const auto done = hub.job([order](UnitOfWork& work) {
    return cancel_order(work, order, domain::CancelReason::kHeadOffice, "", user(3));
  });
  REQUIRE(done);
  CHECK(done->size() == lines.size());
  CHECK(std::ranges::all_of(*done, [](const LineCancellation& line) {
    return line.cancelled_milli == pieces(2) && line.too_late_milli == 0;
  }));
  CHECK(hub.status(order) == OrderStatus::kCancelled);
}

}  // namespace
}  // namespace cairn::central::order_holds_test
