#include "core/storage/projections/stock_on_hand.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::storage::stock_by_site_test {
namespace {

using domain::ShipGroupEvent;
using domain::StockEvent;
using test::at_ms;
using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;

constexpr Incarnation kInc{1};

struct Hub : test::GroupHub {
  void count(std::string_view article, std::string_view location, std::int64_t units,
             std::string_view at = "store") {
    append(
        StockEvent(test::counted(article, location, pieces(units), domain::CountSource::kImport)),
        {}, site(at));
  }
  void move(std::string_view article, std::string_view from, std::string_view to,
            std::int64_t units) {
    append(StockEvent(test::moved(article, from, to, pieces(units))), {}, site("store"));
  }
  /// "site: on hand - held - reserved = available" of an article.
  std::string stock(std::string_view article) {
    std::string text;
    for (const SiteStock& row : stock_by_site(connection(), sku(article))) {
      text += row.site.text() + ": " + milli_text(row.stock.on_hand_milli) + "-" +
              milli_text(row.stock.unavailable_milli) + "-" + milli_text(row.stock.reserved_milli) +
              "=" + milli_text(row.stock.atp_milli()) + " ";
    }
    return text;
  }
};

TEST_CASE("stock by site: what is there and what is promised of it", "[storage][stock]") {
  Hub hub;
  hub.count("A1", "B-1", 10);
  hub.count("A1", "B-2", 5);
  hub.count("A1", "B-1", 7, "depot");
  hub.count("A2", "B-1", 1);
  hub.append(
      ShipGroupEvent(test::allocated(group_id(1), order_id(1), {{1, "A1", 4}, {2, "A3", 2}})),
      domain::ship_group_key(group_id(1)), site("store"));
  const auto of = [&hub](std::string_view article) {
    std::string text;
    for (const SiteStock& stock : stock_by_site(hub.connection(), sku(article))) {
      text += stock.site.text() + " " + milli_text(stock.stock.on_hand_milli) + "-" +
              milli_text(stock.stock.reserved_milli) + "\n";
    }
    return text;
  };
  CHECK(of("A1") == "depot 7-0\nstore 15-4\n");
  CHECK(of("A3") == "store 0-2\n");
  CHECK(of("A9").empty());
  CHECK(site_on_hand_milli(hub.connection(), site("store"), sku("A1")) == pieces(15));

  // A pick moves units into the tote: still there, still promised. A shipment ends both.
  const auto record = [](const domain::Event& event, const domain::Key& key, std::uint64_t ms) {
    return test::octets(event, key, site("store"), at_ms(ms));
  };
  const auto key = domain::ship_group_key(group_id(1));
  const std::string tote = domain::tote_of(group_id(1)).text();
  hub.take_uplink(
      node(1), kInc, site("store"),
      {record(ShipGroupEvent(domain::LinePicked{LineNo(1), pieces(3), bin("B-1")}), key, 60'000),
       record(StockEvent(test::moved("A1", "B-1", tote, pieces(3))), {}, 60'001)});
  CHECK(of("A1") == "depot 7-0\nstore 15-4\n");
  hub.take_uplink(
      node(1), kInc, site("store"),
      {record(ShipGroupEvent(domain::ShipGroupShipped{{{LineNo(1), pieces(3)}}}), key, 60'002),
       record(StockEvent(test::moved("A1", tote, "", pieces(3))), {}, 60'003)});
  CHECK(of("A1") == "depot 7-0\nstore 12-1\n");

  std::string totals;
  for (const SiteStock& stock : stock_totals(hub.connection())) {
    totals += stock.site.text() + " " + milli_text(stock.stock.on_hand_milli) + "-" +
              milli_text(stock.stock.reserved_milli) + "\n";
  }
  CHECK(totals == "depot 7-0\nstore 13-3\n");
}

TEST_CASE("stock by site: what is set apart is on hand, but cannot be promised",
          "[storage][stock]") {
  Hub hub;
  hub.count("A1", "B-1", 10);
  hub.move("A1", "B-1", domain::hold_damaged().text(), 2);
  hub.move("A1", "B-1", domain::hold_display().text(), 1);
  hub.move("A1", "", domain::hold_qc().text(), 4);  // back from a customer
  CHECK(hub.stock("A1") == "store: 14-7-0=7 ");
  hub.allocate(1, "store", {{1, "A1", 3}});
  CHECK(hub.stock("A1") == "store: 14-7-3=4 ");
  // More promised than is fit for sale is a shortage.
  hub.allocate(2, "store", {{1, "A1", 6}});
  CHECK(hub.stock("A1") == "store: 14-7-9=-2 ");
  const auto totals = stock_totals(hub.connection());
  REQUIRE(totals.size() == 1);
  CHECK(totals[0].stock.on_hand_milli == pieces(14));
  CHECK(totals[0].stock.unavailable_milli == pieces(7));
  CHECK(totals[0].stock.reserved_milli == pieces(9));
  CHECK(site_on_hand_milli(hub.connection(), site("store"), sku("A1")) == pieces(14));
}

TEST_CASE("stock by site: units are promised until they leave, are short or cancelled",
          "[storage][stock]") {
  Hub hub;
  hub.count("A1", "B-1", 20);
  hub.allocate(1, "store", {{1, "A1", 10}});
  CHECK(hub.stock("A1") == "store: 20-0-10=10 ");
  hub.pick(1, 6);
  hub.pack(1, 4);
  CHECK(hub.stock("A1") == "store: 20-0-10=10 ");
  hub.shorted(1, 1);
  CHECK(hub.stock("A1") == "store: 20-0-9=11 ");
  hub.cancel(1, 2);
  CHECK(hub.stock("A1") == "store: 20-0-7=13 ");
  hub.ship(1, 4);
  CHECK(hub.stock("A1") == "store: 20-0-3=17 ");
  hub.hand_over(1, 1);
  CHECK(hub.stock("A1") == "store: 20-0-2=18 ");
}

TEST_CASE("pick location: never a place where things are set apart", "[storage][stock]") {
  Hub hub;
  hub.count("A1", domain::hold_damaged().text(), 9);
  CHECK_FALSE(pick_location(hub.connection(), site("store"), sku("A1")));
  hub.count("A1", "Z-9", 0);
  CHECK(pick_location(hub.connection(), site("store"), sku("A1")) == bin("Z-9"));
}

// As domain::is_hold() has it. Codes are any printable text: there may well be a bin "Hold-1".
TEST_CASE("stock by site: only codes that begin with HOLD- in capitals are set apart",
          "[storage][stock]") {
  REQUIRE_FALSE(domain::is_hold(bin("hold-1")));
  Hub hub;
  hub.count("A1", "hold-1", 5);
  CHECK(hub.stock("A1") == "store: 5-0-0=5 ");
  CHECK(pick_location(hub.connection(), site("store"), sku("A1")) == bin("hold-1"));
}

}  // namespace
}  // namespace cairn::storage::stock_by_site_test
