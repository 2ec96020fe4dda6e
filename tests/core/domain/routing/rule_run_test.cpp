#include "core/domain/routing/rule_run.h"

#include "tests/core/domain/support/property.h"
#include "tests/core/domain/support/routing_rules.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::rule_run_test {
namespace {

using namespace test;
using cairn::test::holds;

const UtcTime kNow = utc("2026-11-27T12:00:00Z");
const UtcTime kInThreeDays = utc("2026-11-30T12:00:00Z");

InventoryRule rule(std::string name, std::int32_t sequence, Assignment assignment) {
  InventoryRule made;
  made.name = std::move(name);
  made.sequence = sequence;
  made.assignment.assignment = assignment;
  return made;
}

OrderRouting with(std::vector<InventoryRule> rules) {
  OrderRouting routing;
  routing.rules = std::move(rules);
  return routing;
}

RuleRun run(const OrderRouting& routing, const std::vector<SiteForOrder>& sites,
            const WaitingOrder& order = waiting_order()) {
  const auto made = run_rules(routing, order, sites, kNow);
  REQUIRE(made);
  return *made;
}

std::string groups_of(const RuleRun& run) { return text_of(RoutingDecision{run.groups, {}}); }

TEST_CASE("rule run: the first rule by sequence that can, does", "[domain][routing]") {
  auto near = rule("near", 1, Assignment::kSingle);
  near.filters.proximity = Proximity{10, MeasurementSystem::kMetric};
  const auto routing = with({rule("any", 2, Assignment::kSingle), near});
  SiteForOrder close = site_offer("close");
  SiteForOrder far = site_offer("away");
  far.distance_m = 50'000;

  const RuleRun first = run(routing, {far, close});
  CHECK(groups_of(first) == "close: 1x2 2x1");
  CHECK(first.rest.empty());
  CHECK(first.traces.size() == 1);

  const RuleRun second = run(routing, {far});
  CHECK(groups_of(second) == "away: 1x2 2x1");
  REQUIRE(second.traces.size() == 2);
  CHECK(second.traces[0].rule == "near");
  CHECK(second.traces[0].excluded ==
        std::vector<ExcludedSite>{{site("away"), SiteExclusion::kTooFar}});
  CHECK(second.traces[1].rule == "any");
}

TEST_CASE("rule run: a rule that is not active is not asked", "[domain][routing]") {
  auto off = rule("off", 1, Assignment::kSingle);
  off.active = false;
  const RuleRun made = run(with({off}), {site_offer("store-1")});
  CHECK(made.groups.empty());
  CHECK(made.traces.empty());
  CHECK_FALSE(made.move_to);
}

TEST_CASE("rule run: the next rule gets the rest, and what is left of the stock",
          "[domain][routing]") {
  auto stores = rule("stores", 1, Assignment::kMulti);
  stores.filters.brokering_safety_milli = 1000;
  const RuleRun made = run(with({stores, rule("all", 2, Assignment::kMulti)}),
                           {site_offer("s", 2, 0), site_offer("t", 1, 9)});
  // By the first rule s gives one of two A, t keeps its only A and gives B; then s gives its last.
  CHECK(groups_of(made) == "s: 1x1; t: 2x1; s: 1x1");
  CHECK(made.rest.empty());
  CHECK(made.traces.size() == 2);
}

TEST_CASE("rule run: actions", "[domain][routing]") {
  const std::vector<SiteForOrder> nobody{site_offer("s", 0, 0)};
  struct Row {
    std::string action;
    RuleAction set;
    std::optional<UtcTime> before;
    std::optional<ParkingQueue> moved;
    std::optional<UtcTime> auto_cancel_at;
    std::size_t rules_asked;
  };
  const std::vector<Row> rows{
      {"NEXT_RULE", {}, {}, {}, {}, 2},
      {"MOVE_TO_QUEUE",
       {ParkingQueue::kUnfillableHold, {}, false},
       {},
       ParkingQueue::kUnfillableHold,
       {},
       1},
      {"ADD_AUTO_CANCEL_DAYS", {{}, 3, false}, {}, {}, kInThreeDays, 2},
      {"ADD_AUTO_CANCEL_DAYS, there is a time", {{}, 3, false}, kNow, {}, kNow, 2},
      {"CLEAR_AUTO_CANCEL", {{}, {}, true}, kNow, {}, {}, 2},
      {"CLEAR_AUTO_CANCEL, then ADD_AUTO_CANCEL_DAYS", {{}, 3, true}, kNow, {}, kInThreeDays, 2},
      {"MOVE_TO_QUEUE with ADD_AUTO_CANCEL_DAYS",
       {ParkingQueue::kUnfillable, 3, false},
       {},
       ParkingQueue::kUnfillable,
       kInThreeDays,
       1},
      {"MOVE_TO_QUEUE with CLEAR_AUTO_CANCEL",
       {ParkingQueue::kUnfillableHold, {}, true},
       kNow,
       ParkingQueue::kUnfillableHold,
       {},
       1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.action);
    auto first = rule("first", 1, Assignment::kSingle);
    first.action = row.set;
    WaitingOrder order = waiting_order();
    order.auto_cancel_at = row.before;
    const RuleRun made = run(with({first, rule("second", 2, Assignment::kSingle)}), nobody, order);
    CHECK(made.groups.empty());
    CHECK(made.rest.size() == 2);
    CHECK(made.move_to == row.moved);
    CHECK(made.auto_cancel_at == row.auto_cancel_at);
    CHECK(made.traces.size() == row.rules_asked);
  }
}

TEST_CASE("rule run: an action is for the rest only, an order that went has no end",
          "[domain][routing]") {
  auto park = rule("park", 1, Assignment::kMulti);
  park.action = {ParkingQueue::kUnfillable, 3, false};
  const RuleRun partly = run(with({park}), {site_offer("s", 2, 0)});
  CHECK(groups_of(partly) == "s: 1x2");
  CHECK(partly.rest == std::vector<RoutingShare>{{LineNo(2), sku("B"), 1000}});
  CHECK(partly.move_to == ParkingQueue::kUnfillable);
  CHECK(partly.auto_cancel_at == kInThreeDays);

  WaitingOrder order = waiting_order();
  order.auto_cancel_at = kNow;
  const RuleRun whole = run(with({park}), {site_offer("s")}, order);
  CHECK_FALSE(whole.move_to);
  CHECK_FALSE(whole.auto_cancel_at);
}

TEST_CASE("rule run: cost mode is one way a rule assigns", "[domain][routing]") {
  SiteForOrder dear = site_offer("a-dear");
  dear.fixed_micro = 9'000'000;
  const std::vector<SiteForOrder> sites{dear, site_offer("cheap")};
  CHECK(groups_of(run(with({rule("r", 1, Assignment::kSingle)}), sites)) == "a-dear: 1x2 2x1");
  CHECK(groups_of(run(with({rule("r", 1, Assignment::kCost)}), sites)) == "cheap: 1x2 2x1");
}

TEST_CASE("rule run: costs out of their range are refused", "[domain][routing]") {
  SiteForOrder wrong = site_offer("s");
  wrong.fixed_micro = -1;
  const auto made =
      run_rules(with({rule("r", 1, Assignment::kCost)}), waiting_order(), {wrong}, kNow);
  REQUIRE_FALSE(made);
  CHECK(made.error().reason == "bad_routing_case");
}

TEST_CASE("rule run: no unit is lost or given twice, no site gives what it lacks, traces replay",
          "[domain][routing][property]") {
  CHECK(holds("run_rules()", [] {
    const auto upto = [](std::int64_t most) {
      return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, most + 1));
    };
    WaitingOrder order = waiting_order();
    order.needs = {cost_need(1, "A", 1 + upto(4)), cost_need(2, "B", 1 + upto(4)),
                   cost_need(3, "A", 1 + upto(4))};
    std::vector<SiteForOrder> sites;
    for (std::int64_t s = 0, count = upto(5); s < count; ++s) {
      sites.push_back(site_offer("s" + std::to_string(s), upto(6) - 1, upto(6) - 1));
      sites.back().lines.push_back(sites.back().lines[0]);
      sites.back().fixed_micro = upto(9);
    }
    std::vector<InventoryRule> rules;
    for (std::int32_t r = 0, count = static_cast<std::int32_t>(upto(3)); r < count; ++r) {
      rules.push_back(rule("r" + std::to_string(r), r, static_cast<Assignment>(1 + upto(2))));
      rules.back().filters.brokering_safety_milli = upto(2) * 1000;
      if (upto(1) == 0) rules.back().assignment.cost.partial = PartialOrders::kSplitLines;
    }
    const auto made = run_rules(with(rules), order, sites, kNow);
    RC_ASSERT(made.has_value());
    std::map<LineNo, std::int64_t> milli;
    std::map<std::pair<SiteId, Sku>, std::int64_t> taken;
    for (const RoutedGroup& group : made->groups) {
      for (const RoutingShare& share : group.shares) {
        RC_ASSERT(share.milli > 0);
        milli[share.line] += share.milli;
        taken[{group.site, share.sku}] += share.milli;
      }
    }
    for (const RoutingShare& share : made->rest) milli[share.line] += share.milli;
    for (const CostNeed& need : order.needs) RC_ASSERT(milli[need.line] == need.milli);
    for (const auto& [at, total] : taken) {
      const auto from = std::ranges::find(sites, at.first, &SiteForOrder::site);
      RC_ASSERT(total <= from->lines[at.second == sku("A") ? 0 : 1].atp_milli);
    }
    for (const RoutingTrace& trace : made->traces) RC_ASSERT(replay(trace) == trace.assigned);
  }));
}

}  // namespace
}  // namespace cairn::domain::rule_run_test
