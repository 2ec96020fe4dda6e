// How far a line, and with it an order, has come.

#include "core/domain/order/order.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::line_progress_test {
namespace {

LineProgress progress(std::int64_t ordered, std::int64_t cancelled, std::int64_t shipped,
                      bool service = false) {
  LineProgress line;
  line.line = LineNo(1);
  line.service = service;
  line.ordered_milli = ordered;
  line.cancelled_milli = cancelled;
  line.shipped_milli = shipped;
  return line;
}

LineProgress returned(LineProgress line, std::int64_t milli) {
  line.shipped_milli -= milli;
  line.returned_milli = milli;
  return line;
}

TEST_CASE("order: its status follows from its lines", "[domain][order]") {
  struct Row {
    std::string what;
    std::vector<LineProgress> lines;
    OrderStatus status;
  };
  const std::vector<Row> rows{
      {"nothing yet", {progress(2000, 0, 0)}, OrderStatus::kApproved},
      {"partly shipped", {progress(2000, 0, 1000)}, OrderStatus::kApproved},
      {"one line shipped, one not",
       {progress(2000, 0, 2000), progress(1, 0, 0)},
       OrderStatus::kApproved},
      {"partly cancelled", {progress(2000, 1000, 0)}, OrderStatus::kApproved},
      {"all shipped", {progress(2000, 0, 2000)}, OrderStatus::kCompleted},
      {"shipped and cancelled", {progress(2000, 1000, 1000)}, OrderStatus::kCompleted},
      {"one line shipped, one cancelled",
       {progress(2000, 2000, 0), progress(1000, 0, 1000)},
       OrderStatus::kCompleted},
      {"all cancelled", {progress(2000, 2000, 0)}, OrderStatus::kCancelled},
      {"both lines cancelled",
       {progress(2000, 2000, 0), progress(1000, 1000, 0)},
       OrderStatus::kCancelled},
      {"services only", {progress(1000, 0, 0, true)}, OrderStatus::kCompleted},
      {"services only, cancelled", {progress(1000, 1000, 0, true)}, OrderStatus::kCompleted},
      {"goods cancelled, service not",
       {progress(2000, 2000, 0), progress(1000, 0, 0, true)},
       OrderStatus::kCancelled},
      {"goods open, service cancelled",
       {progress(2000, 0, 0), progress(1000, 1000, 0, true)},
       OrderStatus::kApproved},
      {"goods shipped beside a service",
       {progress(2000, 0, 2000), progress(1000, 0, 0, true)},
       OrderStatus::kCompleted},
      {"more shipped than ordered", {progress(1000, 0, 3000)}, OrderStatus::kCompleted},
      {"all of it came back", {returned(progress(2000, 0, 2000), 2000)}, OrderStatus::kCompleted},
      {"some came back, the rest is cancelled",
       {returned(progress(2000, 1000, 1000), 1000)},
       OrderStatus::kCompleted},
      {"some came back, the rest is still to come",
       {returned(progress(3000, 0, 2000), 1000)},
       OrderStatus::kApproved},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(status_of(row.lines) == row.status);
  }
}

TEST_CASE("line: what waits for a site", "[domain][order]") {
  LineProgress line = progress(5000, 1000, 0);
  CHECK(line.waiting_milli() == 4000);
  line.routed_milli = 3000;
  CHECK(line.unrouted_milli() == 1000);
  CHECK(line.waiting_milli() == 1000);
  CHECK(line.parked_milli() == 0);
  CHECK(line.waiting_to_ship_milli() == 0);
  line.service = true;
  CHECK(line.unrouted_milli() == 0);
  CHECK(line.waiting_milli() == 0);
}

TEST_CASE("line: what a site that ships could not give waits again at once", "[domain][order]") {
  // Ten ordered, all routed to one site, which could not give four.
  LineProgress line = progress(10'000, 0, 0);
  line.routed_milli = line.to_ship_milli = 6000;
  CHECK(line.waiting_milli() == 4000);
  CHECK(line.parked_milli() == 0);
}

/// Ten pieces of an order that is picked up.
struct Pickup {
  LineProgress line = progress(10'000, 0, 0);

  /// unrouted = parked + waiting, and of the waiting what is to be shipped.
  void check(std::int64_t parked, std::int64_t waiting, std::int64_t to_ship) const {
    CHECK(line.parked_milli() == parked);
    CHECK(line.waiting_milli() == waiting);
    CHECK(line.waiting_to_ship_milli() == to_ship);
    CHECK(line.unrouted_milli() == parked + waiting);
  }
};

TEST_CASE("line: a pickup whose site lacks some, from the shelf to the post", "[domain][order]") {
  Pickup order;
  order.check(0, 10'000, 0);
  // All of it is with the site.
  order.line.routed_milli = 10'000;
  order.check(0, 0, 0);
  // It cannot give four: they wait for the customer's choice and for nobody else.
  order.line.routed_milli = 6000;
  order.line.pickup_short_milli = 4000;
  order.check(4000, 0, 0);
  // Three of them are to be shipped.
  order.line.converted_milli = 3000;
  order.check(1000, 3000, 3000);
  // A site has two of these.
  order.line.routed_milli = 8000;
  order.line.to_ship_milli = 2000;
  order.check(1000, 1000, 1000);
  // And another the third.
  order.line.routed_milli = 9000;
  order.line.to_ship_milli = 3000;
  order.check(1000, 0, 0);
  // The customer does without the last one.
  order.line.cancelled_milli = 1000;
  order.check(0, 0, 0);
}

TEST_CASE("line: of a pickup what was never with its site is picked up there", "[domain][order]") {
  // The site had six of ten and lacked two of these; two of the lacking are to be shipped.
  Pickup order;
  order.line.routed_milli = 4000;
  order.line.pickup_short_milli = 2000;
  order.check(2000, 4000, 0);
  order.line.converted_milli = 2000;
  order.check(0, 6000, 2000);
  // Both are with another site: what still waits is picked up.
  order.line.routed_milli = 6000;
  order.line.to_ship_milli = 2000;
  order.check(0, 4000, 0);
}

TEST_CASE("line: of a pickup's parked units those that were cancelled wait for no choice",
          "[domain][order]") {
  // Four of ten were lacking; three are shipped instead, the fourth was cancelled. Then one of the
  // three is lacking as well: it is looked for elsewhere.
  Pickup order;
  order.line.routed_milli = 6000;
  order.line.pickup_short_milli = 4000;
  order.line.converted_milli = 3000;
  order.line.cancelled_milli = order.line.parked_cancelled_milli = 1000;
  order.check(0, 3000, 3000);
  order.line.routed_milli = 8000;
  order.line.to_ship_milli = 2000;
  order.check(0, 1000, 1000);
}

TEST_CASE("line: a cancelled unit of a pickup is not parked as well", "[domain][order]") {
  Pickup order;
  order.line.routed_milli = 6000;
  order.line.pickup_short_milli = 4000;
  order.line.cancelled_milli = 3000;
  order.check(1000, 0, 0);
  order.line.cancelled_milli = 4000;
  order.check(0, 0, 0);
}

}  // namespace
}  // namespace cairn::domain::line_progress_test
