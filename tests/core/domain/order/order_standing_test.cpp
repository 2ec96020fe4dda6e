// Every way an order as a whole can go, and every way it cannot.

#include "core/domain/order/order.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::domain::order_standing_test {
namespace {

using namespace test;

constexpr OrderStatus kEvery[] = {OrderStatus::kApproved, OrderStatus::kHold,
                                  OrderStatus::kCompleted, OrderStatus::kCancelled,
                                  OrderStatus::kRejected};

/// "" or the reason of the refusal.
template <class Event>
std::string refusal(const Result<Event>& done) {
  return done ? "" : done.error().reason;
}

std::string hold(OrderStatus from, std::int64_t unrouted = 1000) {
  return refusal(decide(HoldOrder{HoldReason::kFraud, "look", from, unrouted}));
}
std::string release(OrderStatus from) { return refusal(decide(ReleaseHold{"fine", from})); }
std::string reject(OrderStatus from, bool with_a_site = false) {
  return refusal(decide(RejectOrder{"no", from, with_a_site}));
}

TEST_CASE("order standing: every arrow and every refusal", "[domain][order]") {
  struct Row {
    OrderStatus from;
    std::string hold;
    std::string release;
    std::string reject;
  };
  const std::vector<Row> rows{
      {OrderStatus::kApproved, "", "not_held", ""},
      {OrderStatus::kHold, "already_held", "", ""},
      {OrderStatus::kCompleted, "order_ended", "not_held", "order_ended"},
      {OrderStatus::kCancelled, "order_ended", "not_held", "order_ended"},
      {OrderStatus::kRejected, "order_ended", "not_held", "order_ended"},
  };
  CHECK(rows.size() == std::size(kEvery));
  for (const Row& row : rows) {
    CAPTURE(name_of(row.from));
    CHECK(hold(row.from) == row.hold);
    CHECK(release(row.from) == row.release);
    CHECK(reject(row.from) == row.reject);
  }
}

TEST_CASE("order standing: what is with sites is not held, nor rejected", "[domain][order]") {
  CHECK(hold(OrderStatus::kApproved, 0) == "too_late");
  CHECK(reject(OrderStatus::kApproved, true) == "too_late");
  CHECK(reject(OrderStatus::kHold, true) == "too_late");
  CHECK(hold(OrderStatus::kCompleted, 0) == "order_ended");
}

TEST_CASE("order standing: a note is short UTF-8 text", "[domain][order]") {
  CHECK(check_note(std::string(kMaxOrderNote, 'n')));
  for (const std::string& note : {std::string(kMaxOrderNote + 1, 'n'), std::string("\xff")}) {
    CHECK(refusal(decide(HoldOrder{HoldReason::kManual, note, OrderStatus::kApproved, 1})) ==
          "bad_note");
    CHECK(refusal(decide(ReleaseHold{note, OrderStatus::kHold})) == "bad_note");
    CHECK(refusal(decide(RejectOrder{note, OrderStatus::kHold, false})) == "bad_note");
  }
}

TEST_CASE("order standing: names are read as they are written", "[domain][order]") {
  for (const OrderStatus status : kEvery) CHECK(parse_order_status(name_of(status)) == status);
  CHECK(parse_order_status("CREATED").error().reason == "bad_status");
  for (const auto reason : {HoldReason::kFraud, HoldReason::kAddress, HoldReason::kManual}) {
    CHECK(parse_hold_reason(name_of(reason)) == reason);
  }
  CHECK(parse_hold_reason("").error().reason == "bad_hold_reason");
  CHECK(name_of(static_cast<HoldReason>(9)).empty());
  for (const auto kind : {SaleKind::kWeb, SaleKind::kPhone, SaleKind::kMarketplace,
                          SaleKind::kStore, SaleKind::kWholesale}) {
    CHECK(parse_sale_kind(name_of(kind)) == kind);
  }
  CHECK(parse_sale_kind("").error().reason == "bad_sale_kind");
}

LineProgress goods(std::int64_t cancelled, std::int64_t shipped) {
  LineProgress line;
  line.ordered_milli = 2000;
  line.cancelled_milli = cancelled;
  line.shipped_milli = shipped;
  return line;
}

TEST_CASE("order standing: the status of a held or rejected order", "[domain][order]") {
  const OrderStanding held{HoldReason::kAddress, false};
  const OrderStanding rejected{std::nullopt, true};
  CHECK(status_of({goods(0, 0)}, held) == OrderStatus::kHold);
  CHECK(status_of({goods(1000, 1000)}, held) == OrderStatus::kCompleted);
  CHECK(status_of({goods(2000, 0)}, held) == OrderStatus::kCancelled);
  CHECK(status_of({goods(2000, 0)}, rejected) == OrderStatus::kRejected);
}

OrderPlaced placed() {
  return {order_id(1),
          "web",
          "1",
          utc("2026-11-24T08:00:00Z"),
          "",
          {},
          {{LineNo(1), sku("A"), "A", Quantity::pieces(2), gbp(1)}},
          FulfilmentMethod::kShip,
          {}};
}

TEST_CASE("order standing: an order folds what happened to it as a whole", "[domain][order]") {
  auto order = evolve(std::nullopt, placed());
  CHECK(order->standing == OrderStanding{});
  order = evolve(order, OrderHeld{HoldReason::kManual, ""});
  CHECK(order->standing == OrderStanding{HoldReason::kManual, false});
  order = evolve(order, OrderHoldReleased{});
  CHECK(order->standing == OrderStanding{});
  order = evolve(evolve(order, OrderHeld{}), OrderRejected{});
  CHECK(order->standing == OrderStanding{std::nullopt, true});
  CHECK_FALSE(evolve(std::nullopt, OrderHeld{}));
  CHECK_FALSE(evolve(std::nullopt, OrderHoldReleased{}));
  CHECK_FALSE(evolve(std::nullopt, OrderRejected{}));
}

/// An order of one line, so that both stand at the same place, and the places it came by.
struct Walk {
  std::optional<Order> order = evolve(std::nullopt, placed());
  std::string path = "CREATED";

  Walk& then(const LineProgress& line) {
    path += "->" + std::string(name_of(status_of({line}, order->standing)));
    return *this;
  }
  Walk& then(const OrderEvent& event, const LineProgress& line = goods(0, 0)) {
    order = evolve(order, event);
    return then(line);
  }
};

TEST_CASE("order standing: each arrow of an order and of a line, by name", "[domain][order]") {
  const LineProgress waits = goods(0, 0);
  const LineProgress cancelled = goods(2000, 0);
  const LineProgress shipped = goods(0, 2000);
  CHECK(Walk().then(waits).path == "CREATED->APPROVED");
  for (const auto reason : {HoldReason::kFraud, HoldReason::kAddress, HoldReason::kManual}) {
    CAPTURE(name_of(reason));
    const OrderHeld held{reason, ""};
    CHECK(Walk().then(held).then(OrderHoldReleased{}).path == "CREATED->HOLD->APPROVED");
    CHECK(Walk().then(held).then(cancelled).path == "CREATED->HOLD->CANCELLED");
    CHECK(Walk().then(held).then(OrderRejected{}, cancelled).path == "CREATED->HOLD->REJECTED");
    CHECK(Walk().then(waits).then(held).path == "CREATED->APPROVED->HOLD");
  }
  CHECK(Walk().then(OrderRejected{}, cancelled).path == "CREATED->REJECTED");
  CHECK(Walk().then(cancelled).path == "CREATED->CANCELLED");
  CHECK(Walk().then(waits).then(cancelled).path == "CREATED->APPROVED->CANCELLED");
  CHECK(Walk().then(waits).then(shipped).path == "CREATED->APPROVED->COMPLETED");
  // Once a unit has left, cancelling the rest completes it.
  CHECK(Walk().then(goods(0, 1000)).then(goods(1000, 1000)).path == "CREATED->APPROVED->COMPLETED");
  // A correction: what had left is there again.
  CHECK(Walk().then(waits).then(shipped).then(waits).path ==
        "CREATED->APPROVED->COMPLETED->APPROVED");
}

}  // namespace
}  // namespace cairn::domain::order_standing_test
