#include "central/returns/take_back.h"

#include "core/storage/projections/returns.h"
#include "core/storage/projections/stock_on_hand.h"
#include "tests/central/support/order_hub.h"

#include <set>

namespace cairn::central::take_back_test {
namespace {

using namespace test;

/// An order of five: the store has shipped three (group 1), later the depot two (group 2).
struct Hub : OrderHub {
  Hub() {
    append(domain::StockEvent(storage::test::counted("A1", "B-7", pieces(10))), {}, site("store"));
    route(order, 1, {{1, "A1", 3}});
    route(order, 2, {{1, "A1", 2}}, "depot");
    pick(1, 3);
    ship(1, 3);
    pick(2, 2, 1, 3, "depot");
    ship(2, 2, 1, 3, "depot");
  }
  Result<> back(std::int64_t units, const Bytes& biz_key = "back 17") {
    return job([&](UnitOfWork& work) {
      return take_back(work, {order, LineNo(1), pieces(units), "rma-1", biz_key}, user(3));
    });
  }
  std::int64_t returned(std::uint64_t group) { return in(group).returned_milli / 1000; }

  OrderId order = place("1", {{1, "A1", 5}});
};

TEST_CASE("take back: the newest group first, at the site that sold it", "[central][returns]") {
  Hub hub;
  REQUIRE(hub.back(3));
  CHECK(hub.returned(2) == 2);
  CHECK(hub.returned(1) == 1);
  CHECK(hub.line(hub.order, 1).returned_milli == pieces(3));
  CHECK(hub.line(hub.order, 1).shipped_milli == pieces(2));
  const auto rows = storage::returns(hub.connection(), {});
  REQUIRE(rows.size() == 2);
  std::set<ReturnId> ids;
  for (const auto& row : rows) {
    ids.insert(row.id);
    CHECK(row.actor == user(3));
    CHECK(row.reason == "rma-1");
    CHECK(row.lines.at(0).condition == "RESTOCK");
    CHECK(row.site == (row.group == group_id(2) ? site("depot") : site("store")));
  }
  CHECK(ids.size() == 2);
}

TEST_CASE("take back: the units are on hand again, in the article's bin", "[central][returns]") {
  Hub hub;
  REQUIRE(hub.back(5));
  CHECK(storage::site_on_hand_milli(hub.connection(), site("store"), sku("A1")) == pieces(13));
  CHECK(hub.rows("SELECT location FROM stock_cell WHERE site = 'store'", 1) == "B-7\n");
  // Nobody knows of a bin at the depot.
  CHECK(hub.rows("SELECT location, on_hand_milli FROM stock_cell WHERE site = 'depot'", 2) ==
        "MAIN|2000\n");
}

TEST_CASE("take back: more than was sold, or came back before, changes nothing",
          "[central][returns]") {
  Hub hub;
  REQUIRE(hub.back(4));
  const std::uint64_t written = hub.written();
  check_refused(hub.back(2, "back 18"), ErrorCode::kRejected, "already_returned");
  CHECK(hub.written() == written);
  CHECK_FALSE(hub.replica().has_effect("back 18"));
  CHECK(hub.back(1, "back 18"));
  check_refused(hub.back(1, "back 19"), ErrorCode::kRejected, "already_returned");
}

TEST_CASE("take back: a large refund is head office's own decision", "[central][returns]") {
  Hub hub;
  auto group = storage::test::allocated(group_id(3), storage::test::order_id(3), {{1, "A1", 1}});
  group.lines[0].unit_price = storage::test::pounds(100'000'000);
  hub.allocate(3, group);
  hub.pick(3, 1);
  hub.hand_over(3, 1);
  REQUIRE(hub.job([](UnitOfWork& work) {
    return take_back(work, {storage::test::order_id(3), LineNo(1), pieces(1), "", "k"}, user(3));
  }));
  CHECK(storage::returns(hub.connection(), {}).front().refund ==
        storage::test::pounds(100'000'000));
}

TEST_CASE("take back: its business key is on one of its events", "[central][returns]") {
  Hub hub;
  REQUIRE(hub.back(3));
  CHECK(hub.replica().has_effect("back 17"));
  CHECK(hub.number("SELECT count(*) FROM business_key WHERE biz_key = CAST('back 17' AS BLOB)") ==
        1);
}

// Whoever pays the refunds does so once for each id.
TEST_CASE("take back: two returns are two refunds, with or without a key", "[central][returns]") {
  Hub hub;
  REQUIRE(hub.back(1, ""));
  REQUIRE(hub.back(1, ""));
  const auto rows = storage::returns(hub.connection(), {});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].id != rows[1].id);
}

}  // namespace
}  // namespace cairn::central::take_back_test
