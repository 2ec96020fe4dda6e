#include "core/storage/projections/promises.h"

#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::storage::promises_test {
namespace {

using domain::PromiseEvent;
using test::node;
using test::pieces;
using test::site;
using test::sku;

struct Hub : test::Store {
  Hub() : Store(test::hub_identity(node(77))) {}

  void define(const domain::SafetyStockRule& rule) {
    append(PromiseEvent(domain::SafetyStockRuleDefined{rule}), domain::safety_stock_key(rule.name),
           {});
  }
  void define(const domain::SellingChannel& channel) {
    append(PromiseEvent(domain::SellingChannelDefined{channel}), domain::channel_key(channel.name),
           {});
  }
  void reserve(std::uint64_t number, std::string_view article, std::int64_t units,
               std::string_view at = "", std::int64_t seconds = 60) {
    const ReservationId id(test::uuid(number));
    const UtcTime until{clock.now.us + seconds * 1'000'000};
    append(PromiseEvent(domain::StockReserved{id, "web", sku(article), pieces(units),
                                              at.empty() ? SiteId{} : site(at), until, "cart"}),
           domain::reservation_key(id), {});
  }
  void end(std::uint64_t number, domain::ReservationEnd how) {
    const ReservationId id(test::uuid(number));
    append(PromiseEvent(domain::ReservationEnded{how}), domain::reservation_key(id), {});
  }
  /// "site=units" of an article, '-' for what is shipped.
  std::string soft(std::string_view article) {
    std::string text;
    for (const SoftReserved& kept : soft_reserved(connection(), sku(article), clock.now)) {
      text += (kept.pickup_site.empty() ? "-" : kept.pickup_site.text()) + "=" +
              milli_text(kept.milli) + " ";
    }
    return text;
  }
};

TEST_CASE("promises: the last definition of a rule and of a channel holds", "[storage][promise]") {
  Hub hub;
  domain::SafetyStockRule rule;
  rule.name = "York";
  rule.site = site("york");
  rule.sku = sku("A1");
  rule.site_kind = domain::FacilityKind::kStore;
  rule.milli = pieces(4);
  rule.expires_at = UtcTime{1'800'000'000'000'000};
  hub.define(rule);
  domain::SafetyStockRule all;
  all.name = "All";
  hub.define(all);
  CHECK(safety_stock_rules(hub.connection()) == std::vector{all, rule});
  CHECK(safety_stock_rules_for(hub.connection(), sku("A1")) == std::vector{all, rule});
  CHECK(safety_stock_rules_for(hub.connection(), sku("A2")) == std::vector{all});
  CHECK(find_safety_stock_rule(hub.connection(), "York") == rule);
  CHECK_FALSE(find_safety_stock_rule(hub.connection(), "Leeds"));
  rule.active = false;
  rule.site = std::nullopt;
  hub.define(rule);
  CHECK(safety_stock_rules(hub.connection()) == std::vector{all, rule});
  CHECK(safety_stock_rules_for(hub.connection(), sku("A1")) == std::vector{all});

  domain::SellingChannel web;
  web.name = "web";
  web.sites = {{site("leeds"), domain::ChannelSiteMode::kPickupOnly},
               {site("york"), domain::ChannelSiteMode::kExcluded}};
  web.threshold_milli = pieces(10);
  web.freshness = {900, 40};
  web.sells_ahead = true;
  hub.define(web);
  CHECK(find_selling_channel(hub.connection(), "web") == web);
  CHECK_FALSE(find_selling_channel(hub.connection(), "phone"));
  web.sites.pop_back();
  hub.define(web);
  CHECK(find_selling_channel(hub.connection(), "web") == web);
  web.active = false;
  hub.define(web);
  CHECK_FALSE(find_selling_channel(hub.connection(), "web"));
  CHECK(selling_channels(hub.connection()) == std::vector{web});
}

TEST_CASE("promises: SOFT reservations count until they run out, are released or ordered",
          "[storage][promise]") {
  Hub hub;
  hub.reserve(1, "A1", 2);
  hub.reserve(2, "A1", 3, "york", 120);
  hub.reserve(3, "A1", 4);
  hub.reserve(4, "A2", 5);
  CHECK(hub.soft("A1") == "-=6 york=3 ");
  hub.end(3, domain::ReservationEnd::kReleased);
  CHECK(hub.soft("A1") == "-=2 york=3 ");
  hub.clock.advance(std::chrono::seconds(60));  // SOFT->EXPIRED at its moment, by itself
  CHECK(hub.soft("A1") == "york=3 ");
  hub.end(2, domain::ReservationEnd::kOrdered);
  CHECK(hub.soft("A1").empty());
  const auto ended = find_reservation(hub.connection(), ReservationId(test::uuid(2)));
  REQUIRE(ended);
  CHECK(ended->ended == "ORDERED");
  CHECK(ended->reserved.pickup_site == site("york"));
  CHECK(ended->reserved.milli == pieces(3));
  // The first end holds.
  hub.end(2, domain::ReservationEnd::kReleased);
  CHECK(find_reservation(hub.connection(), ReservationId(test::uuid(2)))->ended == "ORDERED");
  CHECK_FALSE(find_reservation(hub.connection(), ReservationId(test::uuid(9))));
}

TEST_CASE("promises: made anew from the log they are the same", "[storage][promise]") {
  Hub hub;
  domain::SellingChannel web;
  web.name = "web";
  web.sites = {{site("leeds"), domain::ChannelSiteMode::kPickupOnly}};
  hub.define(web);
  hub.define(domain::SafetyStockRule{"All", {}, {}, {}, pieces(1), {}, true});
  hub.reserve(1, "A1", 2);
  hub.reserve(2, "A1", 3);
  hub.end(2, domain::ReservationEnd::kReleased);
  const auto rules = safety_stock_rules(hub.connection());
  hub.rebuild();
  CHECK(find_selling_channel(hub.connection(), "web") == web);
  CHECK(safety_stock_rules(hub.connection()) == rules);
  CHECK(hub.soft("A1") == "-=2 ");
}

TEST_CASE("promises: the queue of an article is what waits of it", "[storage][promise]") {
  Hub hub;
  for (const std::uint64_t number : {1, 2}) {
    auto order = test::placed(std::to_string(number), {{1, "A1", 3}, {2, "A2", 1}});
    order.order = test::order_id(number);
    hub.append(domain::OrderEvent(order), domain::order_key(order.order), {});
  }
  CHECK(unbrokered(hub.connection(), sku("A1")).milli == pieces(6));
  hub.append(
      domain::ShipGroupEvent(test::allocated(test::group_id(1), test::order_id(1), {{1, "A1", 3}})),
      domain::ship_group_key(test::group_id(1)), site("store"));
  CHECK(unbrokered(hub.connection(), sku("A1")).milli == pieces(3));
  CHECK(unbrokered(hub.connection(), sku("A2")).milli == pieces(2));
  CHECK(unbrokered(hub.connection(), sku("A9")).milli == 0);
}

TEST_CASE("promises: the queue of an article by where it is to be collected",
          "[storage][promise]") {
  Hub hub;
  const auto place = [&hub](std::uint64_t number, std::string_view pickup_site) {
    auto order = test::placed(std::to_string(number), {{1, "A1", 3}});
    order.order = test::order_id(number);
    if (!pickup_site.empty()) {
      order.method = domain::FulfilmentMethod::kPickup;
      order.pickup_site = site(pickup_site);
    }
    hub.append(domain::OrderEvent(order), domain::order_key(order.order), {});
  };
  place(1, "");
  place(2, "store");
  place(3, "store");
  place(4, "depot");
  const auto queue = [&hub] { return unbrokered(hub.connection(), sku("A1")); };
  CHECK(queue().milli == pieces(12));
  CHECK(queue().pickup_milli ==
        std::map<SiteId, std::int64_t>{{site("depot"), pieces(3)}, {site("store"), pieces(6)}});
  // What is shipped instead is still in the queue, but is collected nowhere.
  hub.append(domain::OrderEvent(domain::PickupConverted{LineNo(1), pieces(2)}),
             domain::order_key(test::order_id(2)), {});
  CHECK(queue().milli == pieces(12));
  CHECK(queue().pickup_milli.at(site("store")) == pieces(4));
}

TEST_CASE("promises: a job says which cells of the stock it changed", "[storage][promise]") {
  Hub hub;
  const std::pair cell{site("store"), sku("A1")};
  hub.append(
      domain::StockEvent(test::counted("A1", "B-1", pieces(5), domain::CountSource::kImport)), {},
      site("store"));
  CHECK(hub.changes.stock_cells == std::set{cell});
  hub.append(
      domain::ShipGroupEvent(test::allocated(test::group_id(1), test::order_id(1), {{1, "A1", 3}})),
      domain::ship_group_key(test::group_id(1)), site("store"));
  CHECK(hub.changes.stock_cells == std::set{cell});
  CHECK_FALSE(hub.changes.stock_anew);
  hub.reserve(1, "A1", 1);
  CHECK(hub.changes.stock_cells.empty());
}

TEST_CASE("promises: what is to come, as it was last said", "[storage][promise]") {
  Hub hub;
  const auto expect = [&hub](const domain::ExpectedSupply& supply) {
    hub.append(PromiseEvent(domain::SupplyExpected{supply}), domain::supply_key(supply.reference),
               {});
  };
  domain::ExpectedSupply late{"PO-1",       domain::SupplySource::kPurchaseOrder, sku("A1"),
                              site("york"), UtcTime{2'000'000'000'000'000},       pieces(10)};
  domain::ExpectedSupply soon{"ASN-9", domain::SupplySource::kDispatchNotice, sku("A1"),
                              {},      UtcTime{1'900'000'000'000'000},        pieces(4)};
  const domain::ExpectedSupply other{
      "PO-2",        domain::SupplySource::kSupplierStock, sku("A2"),
      site("leeds"), UtcTime{1'900'000'000'000'000},       pieces(1)};
  for (const auto& one : {late, soon, other}) expect(one);
  CHECK(expected_supply(hub.connection(), sku("A1")) == std::vector{soon, late});
  CHECK(expected_supply_page(hub.connection(), "", 2) == std::vector{soon, late});
  CHECK(expected_supply_page(hub.connection(), "PO-1", 2) == std::vector{other});
  late.due = UtcTime{1'800'000'000'000'000};
  expect(late);
  CHECK(expected_supply(hub.connection(), sku("A1")) == std::vector{late, soon});
  soon.milli = 0;  // it has come
  expect(soon);
  CHECK(expected_supply(hub.connection(), sku("A1")) == std::vector{late});
  CHECK(find_expected_supply(hub.connection(), "ASN-9") == soon);
  CHECK_FALSE(find_expected_supply(hub.connection(), "ASN-10"));
}

}  // namespace
}  // namespace cairn::storage::promises_test
