#include "core/domain/routing/candidates.h"

#include "tests/core/domain/support/routing_rules.h"
#include "tests/support/catch.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain::candidates_test {
namespace {

using namespace test;

TEST_CASE("inventory filters: each leaves a site out for its own reason", "[domain][routing]") {
  struct Row {
    std::string filter;
    std::function<void(WaitingOrder&, SiteForOrder&, InventoryRule&)> set;
    std::optional<SiteExclusion> why;  ///< nothing: it is a candidate
  };
  using W = WaitingOrder;
  using S = SiteForOrder;
  using R = InventoryRule;
  const std::vector<Row> rows{
      {"none", [](W&, S&, R&) {}, {}},
      {"active", [](W&, S& s, R&) { s.active = false; }, SiteExclusion::kInactive},
      {"stale", [](W&, S& s, R&) { s.stale = true; }, SiteExclusion::kStale},
      {"open for ship", [](W&, S& s, R&) { s.ships = false; }, SiteExclusion::kNotShipping},
      {"method", [](W&, S& s, R&) { s.shipping_methods.none_of = {"NEXT_DAY"}; },
       SiteExclusion::kMethod},
      {"hazmat",
       [](W& w, S& s, R&) {
         w.hazmat = true;
         s.takes_hazmat = false;
       },
       SiteExclusion::kHazmat},
      {"no hazmat in it", [](W&, S& s, R&) { s.takes_hazmat = false; }, {}},
      {"country", [](W&, S& s, R&) { s.countries.any_of = {"IE"}; }, SiteExclusion::kCountry},
      {"facility group", [](W&, S&, R& r) { r.filters.facility_group.any_of = {"stores"}; }, {}},
      {"facility group, another",
       [](W&, S&, R& r) { r.filters.facility_group.any_of = {"depots"}; }, SiteExclusion::kGroup},
      {"facility group, exclude",
       [](W&, S&, R& r) { r.filters.facility_group.none_of = {"stores"}; },
       SiteExclusion::kExcludedGroup},
      {"proximity in kilometres",
       [](W&, S& s, R& r) {
         s.distance_m = 10'000;
         r.filters.proximity = Proximity{10, MeasurementSystem::kMetric};
       },
       {}},
      {"proximity in kilometres, too far",
       [](W&, S& s, R& r) {
         s.distance_m = 10'001;
         r.filters.proximity = Proximity{10, MeasurementSystem::kMetric};
       },
       SiteExclusion::kTooFar},
      {"proximity in miles",
       [](W&, S& s, R& r) {
         s.distance_m = 16'093;
         r.filters.proximity = Proximity{10, MeasurementSystem::kImperial};
       },
       {}},
      {"proximity in miles, too far",
       [](W&, S& s, R& r) {
         s.distance_m = 16'094;
         r.filters.proximity = Proximity{10, MeasurementSystem::kImperial};
       },
       SiteExclusion::kTooFar},
      {"facility order limit",
       [](W&, S& s, R&) {
         s.order_limit = 5;
         s.orders_used = 5;
       },
       SiteExclusion::kNoCapacity},
      {"facility order limit, one left",
       [](W&, S& s, R&) {
         s.order_limit = 5;
         s.orders_used = 4;
       },
       {}},
      {"ignore facility order limit",
       [](W&, S& s, R& r) {
         s.order_limit = 5;
         s.orders_used = 5;
         r.filters.ignore_order_limit = true;
       },
       {}},
      {"STORE_BUSY / NO_CAPACITY: it is full", [](W&, S& s, R&) { s.full = true; },
       SiteExclusion::kNoCapacity},
      {"full, order limits ignored",
       [](W&, S& s, R& r) {
         s.full = true;
         r.filters.ignore_order_limit = true;
       },
       {}},
      {"brokering safety stock", [](W&, S&, R& r) { r.filters.brokering_safety_milli = 9000; },
       SiteExclusion::kNothing},
      {"weeks of supply", [](W&, S&, R& r) { r.filters.supply_weeks_milli = 10'000; }, {}},
      {"weeks of supply, too few", [](W&, S&, R& r) { r.filters.supply_weeks_milli = 10'001; },
       SiteExclusion::kWeeksOfSupply},
      {"was short of both",
       [](W&, S& s, R&) { s.lines[0].was_short = s.lines[1].was_short = true; },
       SiteExclusion::kWasShort},
      {"no zone, in cost mode",
       [](W&, S& s, R& r) {
         s.fixed_micro.reset();
         r.assignment.assignment = Assignment::kCost;
       },
       SiteExclusion::kNoZone},
      {"no zone, costs not asked", [](W&, S& s, R&) { s.fixed_micro.reset(); }, {}},
      {"nothing there", [](W&, S& s, R&) { s.lines[0].atp_milli = s.lines[1].atp_milli = -1; },
       SiteExclusion::kNothing},
  };
  for (const Row& row : rows) {
    CAPTURE(row.filter);
    WaitingOrder order = waiting_order();
    SiteForOrder offer = site_offer("store-1");
    InventoryRule rule;
    row.set(order, offer, rule);
    const auto found = candidates_for(order, {offer}, rule);
    if (row.why) {
      CHECK(found.order.sites.empty());
      CHECK(found.excluded == std::vector<ExcludedSite>{{site("store-1"), *row.why}});
    } else {
      CHECK(found.order.sites.size() == 1);
      CHECK(found.excluded.empty());
    }
  }
}

TEST_CASE("inventory filters: what a site has for an order", "[domain][routing]") {
  SiteForOrder offer = site_offer("store-1", 9, 4);
  InventoryRule rule;
  const auto has = [&offer, &rule] {
    const auto found = candidates_for(waiting_order(), {offer}, rule);
    std::vector<std::int64_t> milli;
    for (const CostOffer& each : found.order.offers) milli.push_back(each.available_milli);
    return milli;
  };
  CHECK(has() == std::vector<std::int64_t>{9000, 4000});
  rule.filters.brokering_safety_milli = 5000;
  CHECK(has() == std::vector<std::int64_t>{4000, 0});
  rule.filters.brokering_safety_milli = 0;
  offer.lines[0].was_short = true;
  CHECK(has() == std::vector<std::int64_t>{0, 4000});
  offer.lines[0].was_short = false;
  offer.lines[1].supply_weeks_milli = 1000;
  rule.filters.supply_weeks_milli = 2000;
  CHECK(has() == std::vector<std::int64_t>{9000, 0});
}

TEST_CASE("inventory filters: split item group parts lines that go together", "[domain][routing]") {
  WaitingOrder order = waiting_order();
  order.needs[0].together = order.needs[1].together = 3;
  InventoryRule rule;
  const auto candidates = [&order, &rule] {
    return candidates_for(order, {site_offer("store-1")}, rule).order.needs;
  };
  CHECK(candidates() == order.needs);
  rule.filters.split_item_group = true;
  CHECK(candidates()[0].together == 0);
  CHECK(candidates()[1].together == 0);
}

TEST_CASE("inventory sorts: each by itself, then by site id", "[domain][routing]") {
  SiteForOrder a = site_offer("a", 3, 3);
  SiteForOrder b = site_offer("b", 9, 9);
  SiteForOrder c = site_offer("c", 3, 3);
  a.distance_m = 500;
  b.distance_m = c.distance_m = 700;
  a.sequence = 2;
  b.sequence = 2;
  c.sequence = 1;
  a.order_limit = 10;
  a.orders_used = 9;
  b.order_limit = 10;
  struct Row {
    std::string name;
    std::vector<SiteSort> sorts;
    std::string sites;
  };
  const std::vector<Row> rows{
      {"none: site id", {}, "a b c"},
      {"distance", {SiteSort::kDistance}, "a b c"},
      {"inventory balance", {SiteSort::kInventoryBalance}, "b a c"},
      {"customer or facility sequence", {SiteSort::kSequence}, "c a b"},
      {"remaining capacity", {SiteSort::kRemainingCapacity}, "c b a"},
      {"sequence, then inventory balance",
       {SiteSort::kSequence, SiteSort::kInventoryBalance},
       "c b a"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    InventoryRule rule;
    rule.sorts = row.sorts;
    std::string sites;
    for (const CostSite& each : candidates_for(waiting_order(), {c, b, a}, rule).order.sites) {
      sites += (sites.empty() ? "" : " ") + each.site.text();
    }
    CHECK(sites == row.sites);
  }
}

}  // namespace
}  // namespace cairn::domain::candidates_test
