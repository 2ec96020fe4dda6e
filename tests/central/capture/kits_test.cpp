// Kits, from the catalogue to the lines of an order.

#include "central/capture/catalogue_lines.h"
#include "central/capture/change_order.h"
#include "central/promise/kit_stock.h"
#include "core/domain/order/order_amounts.h"
#include "tests/central/support/capture_hub.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::central::kits_test {
namespace {

using namespace test;

using Parts = std::vector<std::pair<std::string, std::int64_t>>;

struct Hub : CaptureHub {
  Hub() {
    count("leeds", "A1", 5);
    count("leeds", "A2", 4);
    count("york", "A1", 4);
    define_kit({{"A1", 2}, {"A2", 1}});
  }
  void define_kit(const Parts& parts, bool active = true) {
    domain::Product kit;
    kit.sku = sku("KIT");
    kit.name = "A kit";
    kit.active = active;
    for (const auto& [article, units] : parts) kit.parts.push_back({sku(article), units});
    append(domain::ReferenceEvent(domain::ProductDefined{kit}), domain::product_key(kit.sku), {});
  }
  std::vector<storage::OrderLineRow> lines(const std::string& number) {
    return storage::order_lines(connection(), order_id_of("web", number));
  }
  KitStock kit_stock() {
    KitStock kit;
    const auto product = storage::find_product(connection(), sku("KIT"));
    REQUIRE(product);
    for (const domain::KitPart& part : product->parts) {
      kit.parts.push_back(
          {part, channel_stock(connection(), storage::stock_by_site(connection(), part.sku), ages,
                               "web", part.sku, clock.now)});
    }
    return kit;
  }
};

TEST_CASE("kits: an order has a line for each part", "[central][capture]") {
  Hub hub;
  auto order = Hub::wanted("1", {{1, "KIT", 2}, {2, "A1", 1}});
  order.total = domain::total_of(order.order.lines, false).value();
  CHECK(hub.outcome(order).empty());
  const auto lines = hub.lines("1");
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].line.line == LineNo(2));
  CHECK_FALSE(lines[0].line.kit);
  CHECK(lines[1].line.line == LineNo(3));
  CHECK(lines[1].line.sku == sku("A1"));
  CHECK(lines[1].line.ordered.milli == pieces(4));
  CHECK(lines[2].line.ordered.milli == pieces(2));
  REQUIRE(lines[2].line.kit);
  CHECK(lines[2].line.kit->line == LineNo(1));
  CHECK(lines[2].line.kit->name == "A kit");
  CHECK(lines[2].line.kit == lines[1].line.kit);
  CHECK(lines[1].line.together == 0);  // two of them
  CHECK(lines[2].line.together == 0);
  CHECK(hub.online("A1") == pieces(9 - 5));
  CHECK(hub.online("A2") == pieces(4 - 2));
  // Views that are made anew say the same.
  hub.rebuild();
  const auto again = hub.lines("1");
  REQUIRE(again.size() == 3);
  CHECK(again[2].line == lines[2].line);
}

TEST_CASE("kits: the same order again is the same, whatever the kit is made of by now",
          "[central][capture]") {
  Hub hub;
  const auto order = Hub::wanted("1", {{1, "KIT", 1}});
  CHECK(hub.outcome(order).empty());
  CHECK(hub.outcome(order) == "again");
  hub.define_kit({{"A2", 3}});
  CHECK(hub.outcome(order) == "again");
  hub.define_kit({}, false);
  CHECK(hub.outcome(order) == "again");
  CHECK(hub.outcome(Hub::wanted("1", {{1, "KIT", 2}})) == "order_differs");
  CHECK(hub.outcome(Hub::wanted("1", {{1, "A1", 2}})) == "order_differs");
  auto dearer = order;
  dearer.order.lines[0].unit_price.minor += 1;
  CHECK(hub.outcome(dearer) == "order_differs");
  auto together = order;
  together.order.lines[0].together = 5;
  CHECK(hub.outcome(together) == "order_differs");
}

TEST_CASE("kits: the number of a kit is that of no other line", "[central][capture]") {
  Hub hub;
  CHECK(hub.outcome(Hub::wanted("1", {{1, "KIT", 1}, {1, "A1", 1}})) == "bad_order");
  CHECK(hub.outcome(Hub::wanted("1", {{1, "KIT", 1}, {1, "KIT", 1}})) == "bad_order");
  CHECK(hub.outcome(Hub::wanted("1", {{2, "KIT", 1}, {1, "KIT", 1}})).empty());
  const auto lines = hub.lines("1");
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].line.kit->line == LineNo(2));
  CHECK(lines[2].line.kit->line == LineNo(1));
  CHECK(lines[0].line.together != lines[2].line.together);
  CHECK(hub.outcome(Hub::wanted("1", {{2, "KIT", 1}, {1, "KIT", 1}})) == "again");
  CHECK(hub.outcome(Hub::wanted("1", {{2, "KIT", 1}, {2, "KIT", 1}})) == "order_differs");
  OrderChange change;
  change.order = order_id_of("web", "1");
  change.add = {
      {LineNo(1), sku("KIT"), "", {pieces(1), Uom::kPiece}, lines[2].line.kit->unit_price}};
  const auto done = hub.job(
      [&](UnitOfWork& work) { return change_order(work, hub.ages, hub.rules, change, user(3)); });
  REQUIRE_FALSE(done);
  CHECK(done.error().reason == "bad_order");
}

TEST_CASE("kits: an order has no more lines with all parts than without kits",
          "[central][capture]") {
  Hub hub;
  std::vector<Wanted> lines;
  for (std::uint32_t line = 1; line <= 1001; ++line) lines.push_back({line, "KIT", 1});
  CHECK(hub.outcome(Hub::wanted("1", lines)) == "bad_order");
  CHECK(hub.last_message == "an order has at most 2000 lines, with the parts of its kits");
}

TEST_CASE("kits: the parts of a single kit go together, as its channel says or by themselves",
          "[central][capture]") {
  Hub hub;
  auto order = Hub::wanted("1", {{1, "KIT", 1}, {2, "KIT", 1}, {3, "KIT", 2}, {4, "A1", 1}});
  order.order.lines[1].together = 7;
  order.allow_backorder = true;
  CHECK(hub.outcome(order).empty());
  std::vector<std::uint32_t> numbers;
  for (const auto& row : hub.lines("1")) numbers.push_back(row.line.together);
  CHECK(numbers == std::vector<std::uint32_t>{0, 8, 8, 7, 7, 0, 0});
  CHECK(hub.outcome(order) == "again");
}

TEST_CASE("kits: as many as the parts suffice for, and no more", "[central][capture]") {
  Hub hub;
  // York has no A2: what it has of A1 makes no kit.
  CHECK(hub.kit_stock().online_milli() == pieces(2));
  CHECK(hub.kit_stock().in_stock_milli() == pieces(2));
  const auto sites = hub.kit_stock().sites();
  REQUIRE(sites.size() == 1);
  CHECK(sites[0].site == site("leeds"));
  CHECK(sites[0].pickup_milli == pieces(2));
  CHECK(hub.outcome(Hub::wanted("1", {{1, "KIT", 5}})) == "not_available");
  CHECK(hub.last_message ==
        "A1: wanted 10, available 9; A2: wanted 5, available 4; nothing was changed");
  CHECK(hub.outcome(Hub::wanted("2", {{1, "KIT", 3}}, "leeds")) == "not_available");
  CHECK(hub.outcome(Hub::wanted("3", {{1, "KIT", 4}})).empty());
  CHECK(hub.kit_stock().online_milli() == 0);
  CHECK_FALSE(hub.kit_stock().date_for(pieces(1)));
}

TEST_CASE("kits: a part that is no article any more cannot be sold", "[central][capture]") {
  Hub hub;
  hub.define_kit({{"A1", 1}, {"GONE", 1}});
  CHECK(hub.outcome(Hub::wanted("1", {{1, "KIT", 1}})) == "unknown_sku");
  CHECK(hub.last_message ==
        "/lines/0/sku: kit KIT has a part GONE, which is no article any more; nothing was changed");
  hub.define_kit({{"A1", 1}}, false);
  CHECK(hub.outcome(Hub::wanted("1", {{1, "KIT", 1}})) == "unknown_sku");
  hub.define_kit({{"KIT", 1}});
  CHECK(hub.outcome(Hub::wanted("1", {{1, "KIT", 1}})) == "unknown_sku");
}

TEST_CASE("kits: one can be added to an order; more of a part is no part of it",
          "[central][capture]") {
  Hub hub;
  CHECK(hub.outcome(Hub::wanted("1", {{1, "A1", 1}})).empty());
  OrderChange change;
  change.order = order_id_of("web", "1");
  change.add = {{LineNo(), sku("KIT"), "", {pieces(1), Uom::kPiece}, storage::test::pounds(100)}};
  const auto run = [&hub](const OrderChange& wanted) {
    return hub.job(
        [&](UnitOfWork& work) { return change_order(work, hub.ages, hub.rules, wanted, user(3)); });
  };
  REQUIRE(run(change));
  auto lines = hub.lines("1");
  REQUIRE(lines.size() == 3);
  REQUIRE(lines[1].line.kit);
  CHECK(lines[1].line.kit->line == LineNo(2));
  CHECK(lines[1].line.line == LineNo(3));
  CHECK(lines[2].line.line == LineNo(4));
  change.add.clear();
  change.quantities = {{LineNo(3), pieces(3)}};
  REQUIRE(run(change));
  lines = hub.lines("1");
  REQUIRE(lines.size() == 4);
  CHECK_FALSE(lines[3].line.kit);
  CHECK(lines[3].line.ordered.milli == pieces(1));
}

TEST_CASE("kits: what baskets keep are the parts", "[central][promise]") {
  Hub hub;
  domain::ReserveStock command;
  command.wanted.channel = "web";
  command.wanted.sku = sku("KIT");
  command.wanted.milli = pieces(1);
  command.can_be_sold_milli = pieces(1);
  const auto done =
      hub.job([&](UnitOfWork& work) { return reserve_stock(work, command, user(3)); });
  REQUIRE_FALSE(done);
  CHECK(done.error().reason == "is_kit");
}

}  // namespace
}  // namespace cairn::central::kits_test
