#include "core/domain/order/order.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::domain::order_test {
namespace {

using namespace test;

OrderLine line(std::uint32_t no, std::int64_t count) {
  return {LineNo(no), sku("SKU-" + std::to_string(no)),
          "Article",  Quantity::pieces(count),
          gbp(199),   false};
}

OrderPlaced placed() {
  return {order_id(1),
          "web",
          "1001",
          utc("2026-11-24T08:00:00Z"),
          "c-17",
          {51'507'222, -127'500},
          {line(1, 2), line(2, 5)},
          FulfilmentMethod::kShip,
          {}};
}

Order order() { return *evolve(std::nullopt, placed()); }

/// decide() after `change`.
Result<OrderPlaced> place(const std::function<void(OrderPlaced&)>& change) {
  OrderPlaced wanted = placed();
  change(wanted);
  return decide(PlaceOrder{wanted});
}

TEST_CASE("order: a well-formed one is placed as it is", "[domain][order]") {
  const auto event = decide(PlaceOrder{placed()});
  REQUIRE(event);
  CHECK(*event == placed());
}

TEST_CASE("order: every limit lets its edge pass", "[domain][order]") {
  const std::vector<std::function<void(OrderPlaced&)>> edges{
      [](OrderPlaced& o) { o.channel = std::string(32, 'c'); },
      [](OrderPlaced& o) { o.external_id = std::string(64, 'x'); },
      [](OrderPlaced& o) { o.customer = std::string(64, 'x'); },
      [](OrderPlaced& o) { o.customer.clear(); },
      [](OrderPlaced& o) { o.destination = {-90'000'000, 180'000'000}; },
      [](OrderPlaced& o) { o.lines[0].name = std::string(200, 'n'); },
      [](OrderPlaced& o) { o.lines[0].name.clear(); },
      [](OrderPlaced& o) { o.lines[0].unit_price.minor = 0; },
      [](OrderPlaced& o) { o.lines[0].ordered = {1, Uom::kKilogram}; },
      [](OrderPlaced& o) { o.lines[0].line = LineNo(UINT32_MAX); },
      [](OrderPlaced& o) { o.lines[0].service = true; },
      [](OrderPlaced& o) {
        o.lines.clear();
        for (std::uint32_t no = 1; no <= kMaxOrderLines; ++no) o.lines.push_back(line(no, 1));
      },
  };
  for (std::size_t i = 0; i < edges.size(); ++i) {
    CAPTURE(i);
    CHECK(place(edges[i]).has_value());
  }
}

TEST_CASE("order: a malformed one is refused with a sentence", "[domain][order]") {
  struct Row {
    std::function<void(OrderPlaced&)> change;
    std::string says;
  };
  const std::vector<Row> rows{
      {[](OrderPlaced& o) { o.channel.clear(); }, "channel"},
      {[](OrderPlaced& o) { o.channel = std::string(33, 'c'); }, "channel"},
      {[](OrderPlaced& o) { o.channel = "\xff"; }, "channel"},
      {[](OrderPlaced& o) { o.external_id.clear(); }, "number"},
      {[](OrderPlaced& o) { o.external_id = std::string(65, 'x'); }, "number"},
      {[](OrderPlaced& o) { o.external_id = std::string("1\0", 2); }, "number"},
      {[](OrderPlaced& o) { o.customer = std::string(65, 'x'); }, "customer"},
      {[](OrderPlaced& o) { o.customer = "\xc0\x80"; }, "customer"},
      {[](OrderPlaced& o) { o.destination.latitude_udeg = 90'000'001; }, "latitude"},
      {[](OrderPlaced& o) { o.lines.clear(); }, "at least one line"},
      {[](OrderPlaced& o) { o.lines[1].line = LineNo(0); }, "numbered from 1"},
      {[](OrderPlaced& o) { o.lines[1].line = LineNo(1); }, "line 1 appears twice"},
      {[](OrderPlaced& o) { o.lines[1].ordered.milli = 0; }, "line 2 orders nothing"},
      {[](OrderPlaced& o) { o.lines[1].ordered.milli = -1000; }, "line 2 orders nothing"},
      {[](OrderPlaced& o) { o.lines[1].unit_price.minor = -1; }, "line 2 has a negative price"},
      {[](OrderPlaced& o) { o.lines[1].name = std::string(201, 'n'); }, "line 2: the name"},
      {[](OrderPlaced& o) { o.lines[1].name = "\xff"; }, "line 2: the name"},
      {[](OrderPlaced& o) { o.lines[1].unit_price.currency = currency("EUR"); }, "one currency"},
      {[](OrderPlaced& o) {
         o.lines.clear();
         for (std::uint32_t no = 1; no <= kMaxOrderLines + 1; ++no) o.lines.push_back(line(no, 1));
       },
       "at most 2000 lines"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    const auto refused = place(row.change);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_order");
    CHECK_THAT(refused.error().message, Catch::Contains(row.says));
  }
}

TEST_CASE("order: pieces are ordered and cancelled whole", "[domain][order]") {
  CHECK_FALSE(place([](OrderPlaced& o) { o.lines[0].ordered.milli = 1500; }));
  CHECK_FALSE(decide(order(), CancelUnits{LineNo(1), 500, CancelReason::kCustomer, "", 2000}));
}

TEST_CASE("order: the source of a cancellation is short UTF-8 text", "[domain][order]") {
  CHECK_FALSE(decide(order(), CancelUnits{LineNo(1), 1000, CancelReason::kCustomer, "\xff", 2000}));
}

TEST_CASE("order: nothing is an order before it is placed", "[domain][order]") {
  const OrderUnitsCancelled cancelled{LineNo(1), 1000, CancelReason::kCustomer, "x"};
  CHECK_FALSE(evolve(std::nullopt, cancelled));
  const auto fresh = evolve(std::nullopt, placed());
  REQUIRE(fresh);
  CHECK(fresh->placed == placed());
  CHECK(fresh->lines == std::vector<OrderLineState>{{line(1, 2), 0, 0}, {line(2, 5), 0, 0}});
}

TEST_CASE("order: a second placement changes nothing", "[domain][order]") {
  OrderPlaced other = placed();
  other.lines.pop_back();
  CHECK(evolve(order(), other) == order());
}

TEST_CASE("order: cancellations add up and never exceed what was ordered", "[domain][order]") {
  const auto cancel = [](const Order& from, std::uint32_t no, std::int64_t milli) {
    return *evolve(from, OrderUnitsCancelled{LineNo(no), milli, CancelReason::kHeadOffice, "x"});
  };
  Order now = cancel(order(), 2, 2000);
  CHECK(now.find(LineNo(2))->cancelled_milli == 2000);
  CHECK(now.find(LineNo(2))->wanted_milli() == 3000);
  CHECK(now.find(LineNo(1))->cancelled_milli == 0);
  now = cancel(now, 2, 1000);
  CHECK(now.find(LineNo(2))->wanted_milli() == 2000);
  CHECK(cancel(now, 2, INT64_MAX).find(LineNo(2))->wanted_milli() == 0);
  CHECK(cancel(now, 2, 0) == now);
  CHECK(cancel(now, 2, -1000) == now);
  CHECK(cancel(now, 2, INT64_MIN) == now);
  CHECK(cancel(now, 9, 1000) == now);
  CHECK(now.placed == placed());
}

TEST_CASE("order: only what no site has yet can be cancelled", "[domain][order]") {
  const auto cancel = [](std::int64_t milli, std::int64_t unrouted) {
    return decide(order(), CancelUnits{LineNo(2), milli, CancelReason::kCustomer, "c-9", unrouted});
  };
  const auto all = cancel(3000, 3000);
  REQUIRE(all);
  CHECK(*all == OrderUnitsCancelled{LineNo(2), 3000, CancelReason::kCustomer, "c-9"});
  CHECK(cancel(1000, 3000).has_value());
  for (const std::int64_t unrouted : {2999, 1000, 0, -1000}) {
    CAPTURE(unrouted);
    const auto refused = cancel(3000, unrouted);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kRejected);
    CHECK(refused.error().reason == "already_routed");
  }
  CHECK_THAT(cancel(3000, 1000).error().message, Catch::Contains("only 1 units of line 2"));
}

TEST_CASE("order: cancelling nothing or an unknown line is refused", "[domain][order]") {
  for (const std::int64_t milli : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN}) {
    const auto refused =
        decide(order(), CancelUnits{LineNo(1), milli, CancelReason::kCustomer, "", 2000});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_quantity");
  }
  const auto unknown =
      decide(order(), CancelUnits{LineNo(3), 1000, CancelReason::kCustomer, "", 1000});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::kNotFound);
  CHECK(unknown.error().reason == "no_such_line");
}

// ---- pickups ----

void pick_up(OrderPlaced& order) {
  order.method = FulfilmentMethod::kPickup;
  order.pickup_site = site("store-1");
}

TEST_CASE("order: one that is picked up names the site, another one does not", "[domain][order]") {
  const auto pickup = place(pick_up);
  REQUIRE(pickup);
  CHECK(pickup->method == FulfilmentMethod::kPickup);
  CHECK(pickup->pickup_site == site("store-1"));
  for (const auto& wrong : {place([](OrderPlaced& o) { o.method = FulfilmentMethod::kPickup; }),
                            place([](OrderPlaced& o) { o.pickup_site = site("store-1"); })}) {
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == ErrorCode::kInvalid);
    CHECK(wrong.error().reason == "bad_order");
    CHECK_THAT(wrong.error().message, Catch::Contains("names the site"));
  }
}

Order pickup_order() {
  OrderPlaced wanted = placed();
  pick_up(wanted);
  return *evolve(std::nullopt, wanted);
}

TEST_CASE("pickup: what the site could not give is shipped instead, as far as it is parked",
          "[domain][order]") {
  const auto converted = decide(pickup_order(), ConvertPickup{LineNo(2), 2000, 3000});
  REQUIRE(converted);
  CHECK(*converted == PickupConverted{LineNo(2), 2000});
  CHECK(decide(pickup_order(), ConvertPickup{LineNo(2), 3000, 3000}));
  const auto too_many = decide(pickup_order(), ConvertPickup{LineNo(2), 4000, 3000});
  REQUIRE_FALSE(too_many);
  CHECK(too_many.error().code == ErrorCode::kRejected);
  CHECK(too_many.error().reason == "nothing_parked");
  CHECK(too_many.error().message == "3 units of line 2 wait for the customer's choice");
}

TEST_CASE("pickup: a conversion that makes no sense is refused with its reason",
          "[domain][order]") {
  struct Row {
    Order order;
    ConvertPickup command;
    ErrorCode code;
    std::string reason;
  };
  const std::vector<Row> rows{
      {order(), {LineNo(2), 1000, 1000}, ErrorCode::kRejected, "is_no_pickup"},
      {pickup_order(), {LineNo(9), 1000, 1000}, ErrorCode::kNotFound, "no_such_line"},
      {pickup_order(), {LineNo(2), 0, 1000}, ErrorCode::kInvalid, "bad_quantity"},
      {pickup_order(), {LineNo(2), -1000, 1000}, ErrorCode::kInvalid, "bad_quantity"},
      {pickup_order(), {LineNo(2), 1000, 0}, ErrorCode::kRejected, "nothing_parked"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.reason);
    const auto refused = decide(row.order, row.command);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == row.code);
    CHECK(refused.error().reason == row.reason);
  }
}

TEST_CASE("pickup: pieces are converted whole", "[domain][order]") {
  CHECK_FALSE(decide(pickup_order(), ConvertPickup{LineNo(2), 500, 1000}));
}

TEST_CASE("pickup: conversions add up on their line", "[domain][order]") {
  Order now = pickup_order();
  now = *evolve(now, PickupConverted{LineNo(2), 1000});
  now = *evolve(now, PickupConverted{LineNo(2), 2000});
  CHECK(now.find(LineNo(2))->converted_milli == 3000);
  CHECK(now.find(LineNo(1))->converted_milli == 0);
  CHECK(*evolve(now, PickupConverted{LineNo(9), 1000}) == now);
  CHECK_FALSE(evolve(std::nullopt, PickupConverted{LineNo(1), 1000}));
}

TEST_CASE("order: the words on screens and in reports", "[domain][order]") {
  CHECK(name_of(OrderStatus::kApproved) == "APPROVED");
  CHECK(name_of(OrderStatus::kCompleted) == "COMPLETED");
  CHECK(name_of(OrderStatus::kCancelled) == "CANCELLED");
  CHECK(name_of(CancelReason::kCustomer) == "CUSTOMER");
  CHECK(name_of(CancelReason::kHeadOffice) == "HEAD_OFFICE");
  CHECK(name_of(CancelReason::kAutoCancel) == "AUTO_CANCEL");
  CHECK(name_of(static_cast<CancelReason>(4)).empty());
}

TEST_CASE("fulfilment method: stored numbers and names never change", "[domain][order]") {
  CHECK(static_cast<int>(FulfilmentMethod::kShip) == 1);
  CHECK(static_cast<int>(FulfilmentMethod::kPickup) == 2);
  CHECK(name_of(FulfilmentMethod::kShip) == "SHIP");
  CHECK(name_of(FulfilmentMethod::kPickup) == "PICKUP");
  CHECK(name_of(static_cast<FulfilmentMethod>(0)).empty());
  CHECK(name_of(static_cast<FulfilmentMethod>(3)).empty());
  CHECK(parse_fulfilment_method("SHIP") == FulfilmentMethod::kShip);
  CHECK(parse_fulfilment_method("PICKUP") == FulfilmentMethod::kPickup);
  for (const std::string text : {"", "ship", "PICK UP", "BOPIS"}) {
    const auto refused = parse_fulfilment_method(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_method");
  }
}

}  // namespace
}  // namespace cairn::domain::order_test
