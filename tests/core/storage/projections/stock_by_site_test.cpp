#include "core/storage/projections/stock_on_hand.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <cstdlib>
#include <initializer_list>
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

TEST_CASE("stock by site: what comes to a bin and leaves it, by each reason of the ledger",
          "[storage][stock]") {
  using Reason = domain::MovementReason;
  struct Row {
    Reason reason;
    std::int64_t units;  ///< away from the bin < 0 < to the bin
  };
  for (const Row& row : std::initializer_list<Row>{{Reason::kCountAdj, 2},
                                                   {Reason::kCountAdj, -2},
                                                   {Reason::kReceipt, 6},
                                                   {Reason::kReturnRestock, 1},
                                                   {Reason::kSale, -1},
                                                   {Reason::kIssue, -3},
                                                   {Reason::kVarLost, -1},
                                                   {Reason::kVarStolen, -2},
                                                   {Reason::kVarFound, 1},
                                                   {Reason::kVarDamaged, -1},
                                                   {Reason::kVarIntegr, 4},
                                                   {Reason::kVarIntegr, -4},
                                                   {Reason::kVarSample, -1}}) {
    CAPTURE(name_of(row.reason), row.units);
    Hub hub;
    hub.count("A1", "B-1", 10);
    auto movement = test::moved("A1", row.units < 0 ? "B-1" : "", row.units < 0 ? "" : "B-1",
                                pieces(std::abs(row.units)));
    movement.reason = row.reason;
    hub.append(StockEvent(movement), {}, site("store"));
    const std::string after = std::to_string(10 + row.units);
    CHECK(hub.stock("A1") == "store: " + after + "-0-0=" + after + " ");
  }
}

TEST_CASE("stock by site: HARD->ISSUED is what leaves, HARD->RELEASED is promised to others again",
          "[storage][stock]") {
  Hub hub;
  hub.count("A1", "B-1", 20);
  hub.allocate(1, "store", {{1, "A1", 10}});
  hub.allocate(2, "store", {{1, "A1", 5}}, domain::FulfilmentMethod::kPickup);
  CHECK(hub.stock("A1") == "store: 20-0-15=5 ");
  const auto to_tote = [&hub](std::uint64_t group, std::int64_t units) {
    hub.pick(group, units);
    hub.move("A1", "B-1", domain::tote_of(group_id(group)).text(), units);
  };
  const auto issued = [&hub](std::uint64_t group, std::int64_t units) {
    hub.move("A1", domain::tote_of(group_id(group)).text(), "", units);
  };
  // What is picked stays reserved until it is issued.
  to_tote(1, 6);
  to_tote(2, 3);
  CHECK(hub.stock("A1") == "store: 20-0-15=5 ");
  hub.ship(1, 6);
  issued(1, 6);
  CHECK(hub.stock("A1") == "store: 14-0-9=5 ");
  hub.hand_over(2, 3);
  issued(2, 3);
  CHECK(hub.stock("A1") == "store: 11-0-6=5 ");
  // Rejected and cancelled units stay where they are.
  hub.shorted(1, 1);
  CHECK(hub.stock("A1") == "store: 11-0-5=6 ");
  hub.cancel(2, 2);
  CHECK(hub.stock("A1") == "store: 11-0-3=8 ");
}

TEST_CASE("stock by site: unavailable is damaged, qc, display-worn and what is kept for a customer",
          "[storage][stock]") {
  Hub hub;
  hub.count("A1", "B-1", 20);
  hub.move("A1", "B-1", domain::hold_damaged().text(), 1);
  CHECK(hub.stock("A1") == "store: 20-1-0=19 ");
  hub.move("A1", "B-1", domain::hold_qc().text(), 2);
  CHECK(hub.stock("A1") == "store: 20-3-0=17 ");
  hub.move("A1", "B-1", domain::hold_display().text(), 3);
  CHECK(hub.stock("A1") == "store: 20-6-0=14 ");
  // A site's own place, by its name.
  hub.move("A1", "B-1", "HOLD-CUSTOMER", 4);
  CHECK(hub.stock("A1") == "store: 20-10-0=10 ");
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
