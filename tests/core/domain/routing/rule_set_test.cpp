#include "core/domain/routing/rule_set.h"

#include "core/domain/routing/routing_rules.h"
#include "core/domain/routing/rule_comparison.h"
#include "tests/core/domain/support/routing_rules.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>

namespace cairn::domain::rule_set_test {
namespace {

using namespace test;
using cairn::test::utc;

const UtcTime kNow = utc("2026-11-27T12:00:00Z");

InventoryRule rule(std::string name, Assignment assignment) {
  InventoryRule made;
  made.name = std::move(name);
  made.assignment.assignment = assignment;
  made.sorts = {SiteSort::kDistance};
  return made;
}

OrderRouting routing(std::string name, std::int32_t sequence, InventoryRule rule) {
  OrderRouting made;
  made.name = std::move(name);
  made.sequence = sequence;
  made.queues = {ParkingQueue::kBrokering};
  made.rules = {std::move(rule)};
  return made;
}

RuleSet by(const InventoryRule& rule) {
  RuleSet rules;
  rules.run.routings = {routing("standard", 1, rule)};
  return rules;
}

/// Two lines, 2 x A of 500 g and 1 x B of 2 kg; a near store and a warehouse 100 km away.
RoutingFacts facts(std::int64_t near_a = 1, std::int64_t near_b = 5) {
  RoutingFacts made;
  made.order = waiting_order();
  made.order.origin_groups = {};
  made.units = {{500'000, 0}, {2'000'000, 0}};
  made.sites = {
      {site("near"), true, 0, 5000, 3, {{near_a * 1000, 0, false}, {near_b * 1000, 0, false}}},
      {site("warehouse"), true, 40, 100'000, 0, {{90'000, 0, false}, {90'000, 0, false}}}};
  return made;
}

CostRates rates() {
  CostRates made;
  made.zones = {{10'000, 3'000'000, 100'000}, {200'000, 6'000'000, 100'000}};
  return made;
}

std::string text_of_sites(const RuleSet& rules) {
  std::string text;
  for (const SiteForOrder& each : sites_for(rules, facts())) {
    text += each.site.text() + (each.stale ? " stale" : "") + (each.ships ? "" : " closed") + "; ";
  }
  return text;
}

TEST_CASE("rule set: its frame has a name, a version and some JSON", "[domain][routing]") {
  const RoutingRulesDefined good{"week", 1, true, "{}"};
  CHECK(validate(good));
  for (const auto& bad :
       {RoutingRulesDefined{"", 1, true, "{}"},
        RoutingRulesDefined{std::string(65, 'x'), 1, true, "{}"},
        RoutingRulesDefined{"\xff", 1, true, "{}"}, RoutingRulesDefined{"week", 0, true, "{}"},
        RoutingRulesDefined{"week", 1, true, ""}, RoutingRulesDefined{"week", 1, true, "\xff"},
        RoutingRulesDefined{"week", 1, true, std::string((256U << 10U) + 1, ' ')}}) {
    const auto checked = validate(bad);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().reason == "bad_rule_set");
  }
}

TEST_CASE("rule set: one name means one step, one site stands once", "[domain][routing]") {
  const auto reason = [](const RuleSet& rules) {
    const auto checked = validate(rules);
    return checked ? std::string() : checked.error().reason;
  };
  RuleSet rules = by(rule("nearest", Assignment::kMulti));
  CHECK(reason(rules).empty());
  rules.run.routings.push_back(rules.run.routings.front());
  CHECK(reason(rules) == "bad_rule_set");
  rules.run.routings.back().name = "another";
  CHECK(reason(rules).empty());
  rules.run.routings.back().rules.push_back(rule("nearest", Assignment::kSingle));
  CHECK(reason(rules) == "bad_rule_set");
  rules.run.routings.pop_back();
  rules.sites = {{site("near"), {}, 0, {}, 0, true, true, {}, {}},
                 {site("near"), {}, 1, {}, 0, true, true, {}, {}}};
  CHECK(reason(rules) == "bad_rule_set");
}

TEST_CASE("rule set: costs need rates, and these are looked at", "[domain][routing]") {
  RuleSet rules = by(rule("cheapest", Assignment::kCost));
  REQUIRE_FALSE(validate(rules));
  rules.rates = rates();
  CHECK(validate(rules));
  rules.rates->zones[1].reach_m = 1;
  const auto checked = validate(rules);
  REQUIRE_FALSE(checked);
  CHECK(checked.error().reason == "bad_cost_rates");
}

TEST_CASE("routing facts: a rule set says what master data does not", "[domain][routing]") {
  RuleSet rules = by(rule("nearest", Assignment::kMulti));
  CHECK(text_of_sites(rules) == "near; warehouse; ");
  RuleSetSite said;
  said.site = site("near");
  said.groups = {"stores"};
  said.sequence = 4;
  said.order_limit = 3;
  said.ships = false;
  rules.sites = {said};
  CHECK(text_of_sites(rules) == "near closed; warehouse; ");
  const auto sites = sites_for(rules, facts());
  CHECK(sites[0].groups == std::vector<std::string>{"stores"});
  CHECK(sites[0].sequence == 4);
  CHECK(sites[0].order_limit == 3);
  CHECK(sites[0].orders_used == 3);
  CHECK(sites[1].groups.empty());
  CHECK_FALSE(sites[1].order_limit);
}

TEST_CASE("routing facts: F, not stale: a site that was not heard for longer is left out",
          "[domain][routing]") {
  RuleSet rules = by(rule("nearest", Assignment::kMulti));
  rules.stale_after_s = 39;
  CHECK(text_of_sites(rules) == "near; warehouse stale; ");
  rules.stale_after_s = 40;
  CHECK(text_of_sites(rules) == "near; warehouse; ");
  RoutingFacts never = facts();
  never.sites[0].age_s.reset();
  CHECK(sites_for(rules, never)[0].stale);
  rules.stale_after_s = 0;
  CHECK_FALSE(sites_for(rules, never)[0].stale);
}

TEST_CASE("routing facts: the set's rates make the costs", "[domain][routing]") {
  RuleSet rules = by(rule("cheapest", Assignment::kCost));
  CHECK_FALSE(sites_for(rules, facts())[0].fixed_micro);
  rules.rates = rates();
  rules.sites = {{site("near"), {}, 0, {}, 250'000, true, true, {}, {}}};
  const auto sites = sites_for(rules, facts());
  CHECK(sites[0].fixed_micro == 3'250'000);
  CHECK(sites[1].fixed_micro == 6'000'000);
  CHECK(sites[0].lines[0].unit_micro == 50'000);
  CHECK(sites[0].lines[1].unit_micro == 200'000);
  rules.rates->zones.pop_back();
  CHECK_FALSE(sites_for(rules, facts())[1].fixed_micro);
}

TEST_CASE("rule comparison: a later routing gets what an earlier one moved to its queue",
          "[domain][routing]") {
  auto first = rule("single near", Assignment::kSingle);
  first.filters.proximity = Proximity{10, MeasurementSystem::kMetric};
  first.action.move_to = ParkingQueue::kBackorder;
  RuleSet rules = by(first);
  auto late = routing("late", 2, rule("any", Assignment::kMulti));
  late.queues = {ParkingQueue::kBackorder};
  rules.run.routings.push_back(late);

  const auto through = route_through(rules, facts(), kNow);
  REQUIRE(through);
  CHECK(text_of(RoutingDecision{through->groups, {}}) == "warehouse: 1x2 2x1");
  CHECK(through->rest.empty());

  rules.run.routings.pop_back();
  const auto parked = route_through(rules, facts(), kNow);
  REQUIRE(parked);
  CHECK(parked->groups.empty());
  CHECK(parked->rest.size() == 2);
  CHECK(parked->queue == ParkingQueue::kBackorder);
}

TEST_CASE("rule comparison: what one routing gave the next one does not have",
          "[domain][routing]") {
  auto only_near = rule("near", Assignment::kMulti);
  only_near.filters.proximity = Proximity{10, MeasurementSystem::kMetric};
  RuleSet rules = by(only_near);
  rules.run.routings.push_back(routing("again", 2, rule("near again", Assignment::kMulti)));
  const auto through = route_through(rules, facts(), kNow);
  REQUIRE(through);
  CHECK(text_of(RoutingDecision{through->groups, {}}) == "near: 1x1 2x1; warehouse: 1x1");
}

TEST_CASE("rule comparison: figures of two decisions by one set's prices", "[domain][routing]") {
  RuleSet rules = by(rule("nearest", Assignment::kMulti));
  rules.rates = rates();
  const RoutedGroup far{site("warehouse"),
                        {{LineNo(1), sku("A"), 2000}, {LineNo(2), sku("B"), 1000}}};
  const RoutedGroup near{site("near"), {{LineNo(2), sku("B"), 1000}}};
  CHECK(figures_of(rules, facts(), {far}) == ShipmentFigures{1, 0, 6'300'000, 100'000});
  CHECK(figures_of(rules, facts(), {far, near}) == ShipmentFigures{2, 0, 9'500'000, 105'000});
  rules.rates->zones.pop_back();
  CHECK(figures_of(rules, facts(), {far, near}) == ShipmentFigures{2, 1, 3'200'000, 105'000});
  CHECK(same_shipments({far, near}, {near, far}));
  CHECK_FALSE(same_shipments({far, near}, {near}));
}

}  // namespace
}  // namespace cairn::domain::rule_set_test
