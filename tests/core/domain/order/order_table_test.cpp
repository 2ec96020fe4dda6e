// Every state that a line of an order can be in, with every command: written out here, and tried
// out pair by pair.

#include "core/domain/order/order.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::domain::order_table_test {
namespace {

using namespace cairn::test;

/// "" is allowed. Each command is about one piece of the line's two.
struct Row {
  std::string state;
  FulfilmentMethod method;
  std::function<void(LineProgress&)> happened;
  OrderStatus status;
  std::string cancel;
  std::string convert;
};

const std::vector<Row>& table() {
  constexpr auto kShip = FulfilmentMethod::kShip;
  constexpr auto kPickup = FulfilmentMethod::kPickup;
  using P = LineProgress;
  static const std::vector<Row> rows{
      {"waits", kShip, [](P&) {}, OrderStatus::kApproved, "", "is_no_pickup"},
      {"with a site", kShip, [](P& p) { p.routed_milli = p.to_ship_milli = 2000; },
       OrderStatus::kApproved, "already_routed", "is_no_pickup"},
      {"partly with a site", kShip, [](P& p) { p.routed_milli = p.to_ship_milli = 1000; },
       OrderStatus::kApproved, "", "is_no_pickup"},
      {"shipped", kShip, [](P& p) { p.routed_milli = p.to_ship_milli = p.shipped_milli = 2000; },
       OrderStatus::kCompleted, "already_routed", "is_no_pickup"},
      {"came back", kShip, [](P& p) { p.routed_milli = p.to_ship_milli = p.returned_milli = 2000; },
       OrderStatus::kCompleted, "already_routed", "is_no_pickup"},
      {"cancelled", kShip, [](P& p) { p.cancelled_milli = 2000; }, OrderStatus::kCancelled,
       "already_routed", "is_no_pickup"},
      {"waits for its site", kPickup, [](P&) {}, OrderStatus::kApproved, "", "nothing_parked"},
      {"with its site", kPickup, [](P& p) { p.routed_milli = 2000; }, OrderStatus::kApproved,
       "already_routed", "nothing_parked"},
      {"waits for the customer's choice", kPickup, [](P& p) { p.pickup_short_milli = 2000; },
       OrderStatus::kApproved, "", ""},
      {"to be shipped instead", kPickup,
       [](P& p) { p.pickup_short_milli = p.converted_milli = 2000; }, OrderStatus::kApproved, "",
       "nothing_parked"},
      {"one cancelled before anybody chose", kPickup,
       [](P& p) {
         p.pickup_short_milli = 2000;
         p.cancelled_milli = p.parked_cancelled_milli = 1000;
       },
       OrderStatus::kApproved, "", ""},
      {"handed over", kPickup, [](P& p) { p.routed_milli = p.shipped_milli = 2000; },
       OrderStatus::kCompleted, "already_routed", "nothing_parked"},
      {"cancelled", kPickup, [](P& p) { p.cancelled_milli = 2000; }, OrderStatus::kCancelled,
       "already_routed", "nothing_parked"},
  };
  return rows;
}

OrderPlaced placed(FulfilmentMethod method) {
  OrderPlaced order{
      order_id(1), "web",  "1001", utc("2026-11-24T08:00:00Z"), "", {51'507'222, -127'500},
      {},          method, {}};
  order.lines = {{LineNo(1), sku("SKU-1"), "Article", Quantity::pieces(2), gbp(199), false}};
  if (method == FulfilmentMethod::kPickup) order.pickup_site = site("store-1");
  return order;
}

template <class Answer>
std::string reason_of(const Answer& answer) {
  if (answer) return "";
  CHECK(answer.error().code == ErrorCode::kRejected);
  CHECK_FALSE(answer.error().message.empty());
  return answer.error().reason;
}

TEST_CASE("order table: every state with every command", "[domain][order][table]") {
  for (const Row& row : table()) {
    CAPTURE(row.state, name_of(row.method));
    const Order order = *evolve(std::nullopt, placed(row.method));
    LineProgress progress;
    progress.line = LineNo(1);
    progress.ordered_milli = 2000;
    row.happened(progress);
    CHECK(status_of({progress}) == row.status);
    CHECK(reason_of(decide(order, CancelUnits{LineNo(1), 1000, CancelReason::kCustomer, "c",
                                              progress.unrouted_milli()})) == row.cancel);
    CHECK(reason_of(decide(order, ConvertPickup{LineNo(1), 1000, progress.parked_milli()})) ==
          row.convert);
    // Placing it again is a matter of whoever takes orders; as a fact it changes nothing.
    CHECK(decide(PlaceOrder{placed(row.method)}));
    CHECK(*evolve(order, placed(row.method)) == order);
  }
}

}  // namespace
}  // namespace cairn::domain::order_table_test
