#include "central/orders/order_book.h"

#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::central::order_book_test {
namespace {

using storage::UnitOfWork;
using storage::test::node;
using storage::test::pieces;
using storage::test::placed;
using storage::test::user;

struct Hub : storage::test::Store {
  Hub() : Store(storage::test::hub_identity(node(77))) {}

  Result<OrderId> place(const domain::OrderPlaced& order) {
    return job([&order](UnitOfWork& work) { return place_order(work, order, user(3)); });
  }
  Result<> cancel(const UnitCancellation& cancellation) {
    return job(
        [&cancellation](UnitOfWork& work) { return cancel_units(work, cancellation, user(3)); });
  }
  std::uint64_t written() { return replica().log().author(node(77), Incarnation(77)).head; }
  domain::LineProgress line(OrderId order, std::uint32_t number) {
    for (const auto& row : storage::order_lines(connection(), order)) {
      if (row.progress.line == LineNo(number)) return row.progress;
    }
    FAIL("no such line");
    return {};
  }
};

UnitCancellation cancellation(OrderId order, std::uint32_t line, std::int64_t units) {
  return {order, LineNo(line), pieces(units), domain::CancelReason::kCustomer, "rma-1", {}};
}

TEST_CASE("order book: the same channel and number are the same order on every hub",
          "[central][orders]") {
  CHECK(order_id_of("web", "4711") == order_id_of("web", "4711"));
  CHECK(order_id_of("web", "4711") != order_id_of("web", "4712"));
  CHECK(order_id_of("web", "4711") != order_id_of("shop", "4711"));
  CHECK(order_id_of("web1", "1") != order_id_of("web", "11"));
  CHECK(order_id_of("", "web") != order_id_of("web", ""));
  CHECK(order_id_of("web", "4711").value().text().at(14) == '8');  // a name that follows: version 8
}

TEST_CASE("order book: an order is placed under the name that follows from its number",
          "[central][orders]") {
  Hub hub;
  auto order = placed("4711", {{1, "A1", 2}});
  order.order = storage::test::order_id(99);  // whatever the caller thinks
  const auto id = hub.place(order);
  REQUIRE(id);
  CHECK(*id == order_id_of("web", "4711"));
  const auto row = storage::find_order(hub.connection(), "web", "4711");
  REQUIRE(row);
  CHECK(row->id == *id);
  const auto state = hub.replica().order(*id);
  REQUIRE(state);
  CHECK(state->placed.order == *id);
  const auto record =
      wire::decode_record(hub.replica().log().read({node(77), Incarnation(77), 1})->record);
  REQUIRE(record);
  CHECK(record->actor == user(3));
  CHECK(record->site.empty());
}

TEST_CASE("order book: an order is placed once", "[central][orders]") {
  Hub hub;
  REQUIRE(hub.place(placed("4711", {{1, "A1", 2}})));
  const std::string rows = storage::test::dump_orders(hub.connection());
  const auto again = hub.place(placed("4711", {{1, "A1", 5}}));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::kConflict);
  CHECK(again.error().reason == "order_exists");
  CHECK(again.error().message.find("4711") != std::string::npos);
  CHECK(hub.written() == 1);
  CHECK(storage::test::dump_orders(hub.connection()) == rows);
  auto other_channel = placed("4711", {{1, "A1", 2}});
  other_channel.channel = "shop";
  CHECK(hub.place(other_channel));
}

TEST_CASE("order book: a malformed order is refused whole", "[central][orders]") {
  auto no_lines = placed("1", {});
  auto no_number = placed("", {{1, "A1", 1}});
  auto twice = placed("1", {{1, "A1", 1}, {1, "A2", 1}});
  auto nothing = placed("1", {{1, "A1", 0}});
  for (const auto& order : {no_lines, no_number, twice, nothing}) {
    Hub hub;
    const auto refused = hub.place(order);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_order");
    CHECK(hub.written() == 0);
  }
}

TEST_CASE("order book: an order that is picked up names a site, and is placed as it is",
          "[central][orders]") {
  Hub hub;
  auto pickup = placed("1", {{1, "A1", 2}});
  pickup.method = domain::FulfilmentMethod::kPickup;
  const auto refused = hub.place(pickup);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "bad_order");
  pickup.pickup_site = storage::test::site("store");
  const auto id = hub.place(pickup);
  REQUIRE(id);
  CHECK(storage::find_order(hub.connection(), *id)->pickup_site == storage::test::site("store"));
}

TEST_CASE("order book: units that no site was given can be cancelled", "[central][orders]") {
  Hub hub;
  const auto order = hub.place(placed("1", {{1, "A1", 10}, {2, "A2", 1}}));
  REQUIRE(order);
  REQUIRE(hub.cancel(cancellation(*order, 1, 3)));
  CHECK(hub.line(*order, 1).cancelled_milli == pieces(3));
  CHECK(hub.line(*order, 1).waiting_milli() == pieces(7));
  CHECK(hub.line(*order, 2).cancelled_milli == 0);
  REQUIRE(hub.cancel(cancellation(*order, 1, 7)));
  CHECK(hub.line(*order, 1).waiting_milli() == 0);
  CHECK(hub.replica().order(*order)->find(LineNo(1))->wanted_milli() == 0);
}

TEST_CASE("order book: a service can be cancelled, as far as it is still charged",
          "[central][orders]") {
  Hub hub;
  auto with_postage = placed("1", {{1, "A1", 1}, {2, "POSTAGE", 2}});
  with_postage.lines[1].service = true;
  const auto order = hub.place(with_postage);
  REQUIRE(order);
  REQUIRE(hub.cancel(cancellation(*order, 2, 1)));
  const auto more = hub.cancel(cancellation(*order, 2, 2));
  REQUIRE_FALSE(more);
  CHECK(more.error().reason == "already_routed");
  CHECK(hub.cancel(cancellation(*order, 2, 1)));
  CHECK(hub.line(*order, 2).cancelled_milli == pieces(2));
}

TEST_CASE("order book: a cancellation that makes no sense is refused with its reason",
          "[central][orders]") {
  Hub hub;
  const auto order = hub.place(placed("1", {{1, "A1", 10}}));
  REQUIRE(order);
  struct Row {
    UnitCancellation cancellation;
    ErrorCode code;
    std::string reason;
  };
  const std::vector<Row> rows{
      {cancellation(storage::test::order_id(9), 1, 1), ErrorCode::kNotFound, "no_such_order"},
      {cancellation(*order, 2, 1), ErrorCode::kNotFound, "no_such_line"},
      {cancellation(*order, 1, 0), ErrorCode::kInvalid, "bad_quantity"},
      {cancellation(*order, 1, -1), ErrorCode::kInvalid, "bad_quantity"},
      {cancellation(*order, 1, 11), ErrorCode::kRejected, "too_late"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.reason);
    const auto refused = hub.cancel(row.cancellation);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == row.code);
    CHECK(refused.error().reason == row.reason);
  }
  CHECK(hub.written() == 1);
}

TEST_CASE("order book: a cancellation leaves its business key", "[central][orders]") {
  Hub hub;
  const auto order = hub.place(placed("1", {{1, "A1", 10}}));
  REQUIRE(order);
  UnitCancellation keyed = cancellation(*order, 1, 1);
  keyed.biz_key = "cancellation 17";
  CHECK_FALSE(hub.replica().has_effect(keyed.biz_key));
  REQUIRE(hub.cancel(keyed));
  CHECK(hub.replica().has_effect(keyed.biz_key));
  const auto record =
      wire::decode_record(hub.replica().log().read({node(77), Incarnation(77), 2})->record);
  CHECK(record->biz_key == keyed.biz_key);
}

}  // namespace
}  // namespace cairn::central::order_book_test
