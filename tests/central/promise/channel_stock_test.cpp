#include "central/promise/channel_stock.h"

#include "central/promise/promises.h"
#include "tests/central/support/order_hub.h"

#include <string>
#include <vector>

namespace cairn::central::channel_stock_test {
namespace {

using namespace test;
using domain::Withheld;
using Mode = domain::ChannelSiteMode;

/// Two stores and a depot, and one article.
struct Hub : OrderHub {
  SiteAges ages;
  std::uint64_t reservations = 0;

  Hub() {
    facility("leeds", domain::FacilityKind::kStore);
    facility("york", domain::FacilityKind::kStore);
    facility("depot", domain::FacilityKind::kWarehouse);
    append(domain::ReferenceEvent(domain::ProductDefined{storage::test::product("A1", 1)}),
           domain::product_key(sku("A1")), {});
  }
  void facility(std::string_view name, domain::FacilityKind kind, bool active = true) {
    append(domain::ReferenceEvent(
               domain::FacilityDefined{{site(name), std::string(name), kind, {}, active}}),
           domain::facility_key(site(name)), {});
  }
  void count(std::string_view at, std::int64_t units) {
    append(domain::StockEvent(
               storage::test::counted("A1", "B-1", pieces(units), domain::CountSource::kRecount)),
           {}, site(at));
  }
  Result<domain::SellingChannel> channel(domain::SellingChannel channel) {
    return job([&](UnitOfWork& work) { return define_channel(work, channel, user(3)); });
  }
  Result<domain::SafetyStockRule> safety(domain::SafetyStockRule rule) {
    return job([&](UnitOfWork& work) { return define_safety_stock(work, rule, user(3)); });
  }
  ChannelStock stock(const std::string& channel = "web") {
    return channel_stock(connection(), storage::stock_by_site(connection(), sku("A1")), ages,
                         channel, sku("A1"), clock.now);
  }
  Result<domain::StockReserved> reserve(std::int64_t units, std::string_view at = "") {
    return job([&](UnitOfWork& work) {
      domain::StockReserved wanted;
      wanted.reservation = ReservationId(storage::test::uuid(++reservations));
      wanted.channel = "web";
      wanted.sku = sku("A1");
      wanted.milli = pieces(units);
      if (!at.empty()) wanted.pickup_site = site(at);
      wanted.expires_at = UtcTime{work.now().us + 60'000'000};
      const ChannelStock now = stock();
      return reserve_stock(
          work, {wanted, at.empty() ? now.online_milli : now.pickup_milli(site(at))}, user(3));
    });
  }
  void heard(std::string_view at, std::int64_t seconds_ago) {
    const UtcTime then{clock.now.us - seconds_ago * 1'000'000};
    ages.note({{site(at), {{node(1), true, then, 5, 5, {}}}}}, then);
    ages.note({{site(at), {{node(1), false, then, 5, 5, {}}}}}, clock.now);
  }
};

/// "site=units" to be shipped, with the reason where there is one.
std::string sellable(const ChannelStock& stock) {
  std::string text;
  for (const ChannelStock::Site& row : stock.sites) {
    text += row.site.text() + "=" + milli_text(row.offer.web_sellable_milli());
    if (row.offer.withheld != Withheld::kNot) {
      text += "(" + std::string(name_of(row.offer.withheld)) + ")";
    }
    text += " ";
  }
  return text;
}

TEST_CASE("channel stock: one that nobody has defined sells what every active site has",
          "[central][promise]") {
  Hub hub;
  hub.count("leeds", 4);
  hub.count("depot", 10);
  hub.facility("york", domain::FacilityKind::kStore, false);
  hub.count("york", 3);
  const ChannelStock stock = hub.stock("anything");
  CHECK_FALSE(stock.defined);
  CHECK(sellable(stock) == "depot=10 leeds=4 york=0(INACTIVE) ");
  CHECK(stock.online_milli == pieces(14));
  CHECK(stock.pickup_milli(site("leeds")) == pieces(4));
  CHECK(stock.pickup_milli(site("york")) == 0);
  CHECK(stock.pickup_milli(site("nowhere")) == 0);
}

TEST_CASE("channel stock: the channel's sites, threshold and the safety stock that holds",
          "[central][promise]") {
  Hub hub;
  hub.count("leeds", 4);
  hub.count("york", 6);
  hub.count("depot", 10);
  domain::SellingChannel web;
  web.name = "web";
  web.sites = {{site("york"), Mode::kPickupOnly}, {site("depot"), Mode::kExcluded}};
  web.threshold_milli = pieces(1);
  REQUIRE(hub.channel(web));
  domain::SafetyStockRule stores;
  stores.name = "stores";
  stores.site_kind = domain::FacilityKind::kStore;
  stores.milli = pieces(2);
  REQUIRE(hub.safety(stores));
  const ChannelStock stock = hub.stock();
  CHECK(stock.defined);
  CHECK(sellable(stock) == "depot=0(EXCLUDED) leeds=2 york=0(PICKUP_ONLY) ");
  CHECK(stock.online_milli == pieces(1));
  CHECK(stock.pickup_milli(site("york")) == pieces(4));
  CHECK(stock.sites[0].safety_rule.empty());
  CHECK(stock.sites[1].safety_rule == "stores");
}

TEST_CASE("channel stock: what is ordered and not routed, and what baskets keep, is not sold again",
          "[central][promise]") {
  Hub hub;
  hub.count("leeds", 10);
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  CHECK(hub.stock().online_milli == pieces(6));
  hub.route(order, 1, {{1, "A1", 4}}, "leeds");
  CHECK(hub.stock().online_milli == pieces(6));
  REQUIRE(hub.reserve(2));
  REQUIRE(hub.reserve(1, "leeds"));
  const ChannelStock stock = hub.stock();
  CHECK(stock.demand.soft_milli == pieces(3));
  CHECK(stock.online_milli == pieces(3));
  // Never more than all sites have beyond those.
  CHECK(stock.pickup_milli(site("leeds")) == pieces(3));
  hub.clock.advance(std::chrono::seconds(60));
  CHECK(hub.stock().online_milli == pieces(6));
}

TEST_CASE("channel stock: a site that was not heard for long is left out, or counts in part",
          "[central][promise]") {
  Hub hub;
  hub.count("leeds", 9);
  hub.count("depot", 1);
  domain::SellingChannel web;
  web.name = "web";
  web.freshness = {600, 0};
  REQUIRE(hub.channel(web));
  hub.heard("leeds", 600);
  CHECK(hub.stock().online_milli == pieces(10));
  hub.heard("leeds", 601);
  CHECK(sellable(hub.stock()) == "depot=1 leeds=0(STALE) york=0 ");
  CHECK(hub.stock().pickup_milli(site("leeds")) == 0);
  web.freshness.kept_percent = 50;
  REQUIRE(hub.channel(web));
  CHECK(sellable(hub.stock()) == "depot=1 leeds=4 york=0 ");
  CHECK(hub.stock().sites[1].age.age_s == 601);
}

TEST_CASE("promises: the same definition again writes nothing", "[central][promise]") {
  Hub hub;
  domain::SellingChannel web;
  web.name = "web";
  web.sites = {{site("york"), Mode::kExcluded}, {site("leeds"), Mode::kPickupOnly}};
  REQUIRE(hub.channel(web));
  domain::SafetyStockRule rule;
  rule.name = "all";
  rule.milli = pieces(1);
  REQUIRE(hub.safety(rule));
  const auto written = hub.written();
  REQUIRE(hub.channel(web));
  REQUIRE(hub.safety(rule));
  CHECK(hub.written() == written);
  web.threshold_milli = 5;
  REQUIRE(hub.channel(web));
  CHECK(hub.written() == written + 1);
}

TEST_CASE("promises: what names no site is refused", "[central][promise]") {
  Hub hub;
  domain::SellingChannel web;
  web.name = "web";
  web.sites = {{site("nowhere"), Mode::kExcluded}};
  check_refused(hub.channel(web).map([](const auto&) {}), ErrorCode::kNotFound, "no_such_site");
  domain::SafetyStockRule rule;
  rule.name = "all";
  rule.site = site("nowhere");
  check_refused(hub.safety(rule).map([](const auto&) {}), ErrorCode::kNotFound, "no_such_site");
  check_refused(hub.reserve(1, "nowhere").map([](const auto&) {}), ErrorCode::kNotFound,
                "no_such_site");
}

TEST_CASE("promises: the last units are reserved once", "[central][promise]") {
  Hub hub;
  hub.count("leeds", 3);
  REQUIRE(hub.reserve(2));
  check_refused(hub.reserve(2).map([](const auto&) {}), ErrorCode::kRejected, "not_enough_stock");
  const auto last = hub.reserve(1);
  REQUIRE(last);
  CHECK(hub.stock().online_milli == 0);
  // Given back they can be had again.
  const auto ended = hub.job([&](UnitOfWork& work) {
    return end_reservation(work, last->reservation, domain::ReservationEnd::kReleased, user(3));
  });
  REQUIRE(ended);
  CHECK(ended->ended == "RELEASED");
  CHECK(hub.stock().online_milli == pieces(1));
  const auto written = hub.written();
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return end_reservation(work, last->reservation, domain::ReservationEnd::kOrdered, user(3));
  }));
  CHECK(hub.written() == written);
  check_refused(hub.job([&](UnitOfWork& work) -> Result<> {
    const auto none = end_reservation(work, ReservationId(storage::test::uuid(99)),
                                      domain::ReservationEnd::kReleased, user(3));
    if (!none) return fail(none.error());
    return {};
  }),
                ErrorCode::kNotFound, "no_such_reservation");
}

TEST_CASE("promises: SOFT->HARD, from a basket by the queue to a site units are taken once",
          "[central][promise]") {
  Hub hub;
  hub.count("leeds", 10);
  const auto basket = hub.reserve(4);
  REQUIRE(basket);
  CHECK(hub.stock().demand.soft_milli == pieces(4));
  CHECK(hub.stock().online_milli == pieces(6));
  const OrderId order = hub.place("1", {{1, "A1", 4}});
  REQUIRE(hub.job([&](UnitOfWork& work) {
    return end_reservation(work, basket->reservation, domain::ReservationEnd::kOrdered, user(3));
  }));
  CHECK(hub.stock().demand.soft_milli == 0);
  CHECK(hub.stock().demand.unbrokered_milli == pieces(4));
  CHECK(hub.stock().online_milli == pieces(6));
  hub.route(order, 1, {{1, "A1", 4}}, "leeds");
  const ChannelStock stock = hub.stock();
  CHECK(stock.demand.unbrokered_milli == 0);
  CHECK(stock.sites[1].offer.stock.reserved_milli == pieces(4));
  CHECK(stock.online_milli == pieces(6));
}

TEST_CASE("channel stock: what is sold out is sold ahead, with a date", "[central][promise]") {
  Hub hub;
  const UtcTime soon{hub.clock.now.us + 3'600'000'000};
  const UtcTime late{hub.clock.now.us + 7'200'000'000};
  const auto expect = [&hub](const std::string& reference, UtcTime due, std::int64_t units) {
    return hub.job([&](UnitOfWork& work) {
      return expect_supply(work,
                           {reference, domain::SupplySource::kPurchaseOrder, sku("A1"),
                            site("depot"), due, pieces(units)},
                           user(3));
    });
  };
  REQUIRE(expect("PO-1", late, 10));
  REQUIRE(expect("PO-2", soon, 4));
  CHECK(hub.stock().expected.size() == 2);
  CHECK(hub.stock().online_milli == 0);  // this channel does not
  domain::SellingChannel web;
  web.name = "web";
  web.sells_ahead = true;
  REQUIRE(hub.channel(web));
  CHECK(hub.stock().online_milli == pieces(14));
  CHECK(hub.stock().future.how == domain::AheadOfStock::kPreorder);
  REQUIRE(hub.reserve(3));
  CHECK(hub.stock().online_milli == pieces(11));
  CHECK(hub.stock().future.date_for(pieces(1)) == soon);
  CHECK(hub.stock().future.date_for(pieces(2)) == late);
  CHECK(hub.reserve(12).error().reason == "not_enough_stock");
  hub.count("depot", 5);  // two are free: sold from stock, nothing ahead
  CHECK(hub.stock().in_stock_milli() == pieces(2));
  CHECK(hub.stock().online_milli == pieces(2));
  hub.count("depot", 0);
  CHECK(hub.stock().future.how == domain::AheadOfStock::kBackorder);
  hub.clock.now = UtcTime{soon.us + 1};  // the basket has run out, and so has the date of PO-2
  CHECK(hub.stock().online_milli == pieces(10));
  REQUIRE(expect("PO-1", late, 0));
  CHECK(hub.stock().online_milli == 0);
  CHECK(hub.stock().expected.size() == 1);
  const auto nowhere = hub.job([&](UnitOfWork& work) {
    return expect_supply(
        work, {"PO-3", domain::SupplySource::kSupplierStock, sku("A9"), {}, late, 1}, user(3));
  });
  CHECK(nowhere.error().reason == "no_such_product");
}

}  // namespace
}  // namespace cairn::central::channel_stock_test
