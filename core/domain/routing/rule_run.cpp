#include "core/domain/routing/rule_run.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::domain {
namespace {

/// What a site gave is not there for the next rule: of every line of the article.
void take_from(std::vector<SiteForOrder>& sites, const WaitingOrder& order,
               const std::vector<RoutedGroup>& groups) {
  for (const RoutedGroup& group : groups) {
    const auto site = std::ranges::find(sites, group.site, &SiteForOrder::site);
    for (const RoutingShare& share : group.shares) {
      for (std::size_t need = 0; need < order.needs.size(); ++need) {
        if (order.needs[need].sku == share.sku) site->lines[need].atp_milli -= share.milli;
      }
    }
    ++site->orders_used;
  }
}

/// Only what is left is needed from now on.
void keep_rest(WaitingOrder& order, std::vector<SiteForOrder>& sites,
               const std::vector<RoutingShare>& rest) {
  std::vector<CostNeed> needs;
  std::vector<std::size_t> kept;
  for (std::size_t need = 0; need < order.needs.size(); ++need) {
    const auto share = std::ranges::find(rest, order.needs[need].line, &RoutingShare::line);
    if (share == rest.end()) continue;
    needs.push_back(order.needs[need]);
    needs.back().milli = share->milli;
    kept.push_back(need);
  }
  for (SiteForOrder& site : sites) {
    std::vector<SiteForOrder::Line> lines;
    for (const std::size_t need : kept) lines.push_back(site.lines[need]);
    site.lines = std::move(lines);
  }
  order.needs = std::move(needs);
}

void apply(const RuleAction& action, UtcTime now, RuleRun& run) {
  if (action.clear_auto_cancel) run.auto_cancel_at.reset();
  if (action.add_auto_cancel_days && !run.auto_cancel_at) {
    const Duration days = std::chrono::hours(24) * *action.add_auto_cancel_days;
    run.auto_cancel_at = UtcTime{now.us + days.count()};
  }
  run.move_to = action.move_to;
}

std::vector<RoutingShare> all_of(const WaitingOrder& order) {
  std::vector<RoutingShare> shares;
  for (const CostNeed& need : order.needs) shares.push_back({need.line, need.sku, need.milli});
  return shares;
}

}  // namespace

Result<RuleRun> run_rules(const OrderRouting& routing, WaitingOrder order,
                          std::vector<SiteForOrder> sites, UtcTime now) {
  RuleRun run;
  run.rest = all_of(order);
  run.auto_cancel_at = order.auto_cancel_at;
  for (const InventoryRule& rule : active_rules(routing)) {
    Candidates candidates = candidates_for(order, sites, rule);
    auto assigned = assign(candidates.order, rule.assignment);
    if (!assigned) return fail(assigned.error());
    run.groups.insert(run.groups.end(), assigned->groups.begin(), assigned->groups.end());
    run.rest = assigned->rest;
    take_from(sites, order, assigned->groups);
    keep_rest(order, sites, assigned->rest);
    run.traces.push_back({kRoutingVersion, order.order, now, rule.name,
                          std::move(candidates.excluded), std::move(candidates.order),
                          rule.assignment, *std::move(assigned)});
    if (run.rest.empty()) break;
    apply(rule.action, now, run);
    if (run.move_to) return run;
  }
  if (run.rest.empty()) run.auto_cancel_at.reset();
  return run;
}

}  // namespace cairn::domain
