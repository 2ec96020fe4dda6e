#include "core/storage/projections/returns.h"

#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::storage::returns_test {
namespace {

using test::bin;
using test::came_back;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;
using test::uuid;
using Hub = test::GroupHub;

std::string ids(Hub& hub, const ReturnFilter& filter) {
  std::string text;
  for (const ReturnRow& row : returns(hub.connection(), filter)) {
    for (std::uint64_t i = 1; i < 10; ++i) {
      if (row.id == ReturnId(uuid(i))) text += std::to_string(i) + " ";
    }
  }
  return text;
}

TEST_CASE("returns: a row says what came back, for how much, and who took it",
          "[storage][returns]") {
  Hub hub;
  auto taken = came_back(1, 5, 2, 3);
  taken.lines.push_back({LineNo(4),
                         sku("A2"),
                         "Tea",
                         {250, Uom::kKilogram},
                         500,
                         test::pounds(200),
                         test::pounds(50),
                         domain::ReturnCondition::kDamaged,
                         bin("HOLD-DAMAGED")});
  taken.refund = test::pounds(448);
  taken.approved_by = test::user(4);
  taken.reason = "too small";
  const EventRef ref = hub.comes_back(taken);
  CHECK(hub.changes.returns);
  const auto rows = returns(hub.connection(), {});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].id == ReturnId(uuid(1)));
  CHECK(rows[0].ref == ref);
  CHECK(rows[0].group == group_id(5));
  CHECK(rows[0].order == order_id(5));
  CHECK(rows[0].order_reference == "web-1");
  CHECK(rows[0].site == site("store"));
  CHECK(rows[0].refund == test::pounds(448));
  CHECK(rows[0].taken_at == test::at_ms(1));
  CHECK(rows[0].actor == test::user(9));
  CHECK(rows[0].approved_by == test::user(4));
  CHECK(rows[0].reason == "too small");
  REQUIRE(rows[0].lines.size() == 2);
  CHECK(rows[0].lines[0].line == LineNo(1));
  CHECK(rows[0].lines[0].sku == sku("A1"));
  CHECK(rows[0].lines[0].quantity == Quantity::pieces(2));
  CHECK(rows[0].lines[0].refund_minor == 398);
  CHECK(rows[0].lines[0].condition == "RESTOCK");
  CHECK(rows[0].lines[0].to == bin("B-1"));
  CHECK(rows[0].lines[1].name == "Tea");
  CHECK(rows[0].lines[1].quantity == Quantity{250, Uom::kKilogram});
  CHECK(rows[0].lines[1].condition == "DAMAGED");
}

TEST_CASE("returns: lists are filtered and come in the order they were taken, in pages",
          "[storage][returns]") {
  Hub hub;
  hub.comes_back(came_back(3, 5, 1, 9));
  hub.comes_back(came_back(1, 6, 1, 9), 2, "depot");
  hub.comes_back(came_back(2, 5, 1, 9));
  CHECK(ids(hub, {}) == "3 1 2 ");
  ReturnFilter at_store;
  at_store.site = site("store");
  CHECK(ids(hub, at_store) == "3 2 ");
  ReturnFilter of_order;
  of_order.order = order_id(6);
  CHECK(ids(hub, of_order) == "1 ");
  ReturnFilter page;
  page.limit = 2;
  CHECK(ids(hub, page) == "3 1 ");
  const auto last = returns(hub.connection(), page).back();
  page.after_hlc = last.taken_at.value;
  page.after_id = last.id.value();
  CHECK(ids(hub, page) == "2 ");
}

TEST_CASE("returns: what was refunded twice is listed with its cause", "[storage][returns]") {
  Hub hub;
  hub.comes_back(came_back(1, 5, 2, 2));
  const EventRef second = hub.comes_back(came_back(2, 5, 2, 2), 2);
  const EventRef elsewhere = hub.comes_back(came_back(3, 5, 1, 2), 3, "depot");
  hub.append(domain::ReturnEvent(domain::RefundContested{elsewhere, LineNo(1), pieces(1)}),
             domain::return_ledger_key(group_id(5), site("depot")), site("depot"));
  const auto all = refund_exceptions(hub.connection(), std::nullopt);
  REQUIRE(all.size() == 2);
  CHECK(all[0].site == site("depot"));
  CHECK(all[0].cause == elsewhere);
  CHECK(all[0].elsewhere);
  CHECK(all[1].group == group_id(5));
  CHECK(all[1].order_reference == "web-1");
  CHECK(all[1].cause == second);
  CHECK(all[1].line == LineNo(1));
  CHECK(all[1].milli == pieces(2));
  CHECK_FALSE(all[1].elsewhere);
  CHECK(refund_exceptions(hub.connection(), site("store")).size() == 1);
  CHECK(refund_exceptions(hub.connection(), site("mall")).empty());
}

TEST_CASE("returns: what other sites took back of a line, less what they took twice",
          "[storage][returns]") {
  Hub hub;
  const auto elsewhere = [&hub](std::uint32_t line, std::string_view except) {
    return returned_elsewhere_milli(hub.connection(), group_id(5), LineNo(line), site(except)) /
           1000;
  };
  CHECK(elsewhere(1, "store") == 0);
  hub.comes_back(came_back(1, 5, 2, 3));
  hub.comes_back(came_back(2, 5, 1, 3), 3, "depot");
  CHECK(elsewhere(1, "store") == 1);
  CHECK(elsewhere(1, "depot") == 2);
  CHECK(elsewhere(1, "mall") == 3);
  CHECK(elsewhere(2, "mall") == 0);
  hub.comes_back(came_back(3, 5, 3, 3));  // one was left, two are twice
  CHECK(elsewhere(1, "depot") == 3);
  hub.comes_back(came_back(4, 6, 1, 3));
  CHECK(elsewhere(1, "depot") == 3);
}

TEST_CASE("return totals: by site", "[storage][returns]") {
  Hub hub;
  CHECK(return_totals(hub.connection()).empty());
  hub.comes_back(came_back(1, 5, 2, 3));
  hub.comes_back(came_back(2, 6, 1, 3));
  hub.comes_back(came_back(3, 5, 1, 3), 3, "depot");
  std::string text;
  for (const ReturnTotals& row : return_totals(hub.connection())) {
    text += row.site.text() + " " + std::to_string(row.returns) + ": " +
            milli_text(row.returned_milli) + " for " + std::to_string(row.refund_minor) + "; ";
  }
  CHECK(text == "depot 1: 1 for 199; store 2: 3 for 597; ");
}

TEST_CASE("returns: when the feed changes the order at a site, its rows follow",
          "[storage][returns]") {
  Hub hub;
  test::Store device(test::site_identity(node(1), site("store")));
  // Its own, not confirmed yet; another device's comes first in the feed.
  device.append(domain::ReturnEvent(came_back(1, 5, 2, 2)),
                domain::return_ledger_key(group_id(5), site("store")), site("store"));
  CHECK(refund_exceptions(device.connection(), std::nullopt).empty());
  hub.comes_back(came_back(2, 5, 2, 2), 2);
  REQUIRE(device.take_feed(hub.frame_of("site:store")));
  auto twice = refund_exceptions(device.connection(), std::nullopt);
  REQUIRE(twice.size() == 1);
  CHECK(twice[0].cause == EventRef{node(1), Incarnation(1), 1});
  const Author own = device.replica().log().author(node(1), Incarnation(1));
  hub.take_uplink(node(1), Incarnation(1), site("store"),
                  device.replica().log().read_run(own, 1, 10, 1U << 20U).records);
  REQUIRE(device.take_feed(hub.frame_of("site:store")));
  CHECK(test::dump_returns(device.connection()) == test::dump_returns(hub.connection()));
  const std::string before = test::dump_returns(device.connection());
  device.rebuild();
  CHECK(test::dump_returns(device.connection()) == before);
}

}  // namespace
}  // namespace cairn::storage::returns_test
