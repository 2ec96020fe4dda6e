#include "core/domain/routing/rule_comparison.h"

#include "core/domain/routing/rule_run.h"

#include <algorithm>
#include <utility>

namespace cairn::domain {
namespace {

/// What was given is not there any more, of every line of the article.
void take_given(RoutingFacts& facts, const std::vector<RoutedGroup>& groups) {
  for (const RoutedGroup& group : groups) {
    const auto site = std::ranges::find(facts.sites, group.site, &RoutingFacts::Site::site);
    ++site->orders_today;
    for (const RoutingShare& share : group.shares) {
      for (std::size_t need = 0; need < facts.order.needs.size(); ++need) {
        if (facts.order.needs[need].sku == share.sku) site->lines[need].atp_milli -= share.milli;
      }
    }
  }
}

/// Only what is left is needed from now on.
void need_only(RoutingFacts& facts, const std::vector<RoutingShare>& rest) {
  std::vector<CostNeed> needs;
  std::vector<UnitSize> units;
  std::vector<std::vector<RoutingFacts::Line>> lines(facts.sites.size());
  for (std::size_t need = 0; need < facts.order.needs.size(); ++need) {
    const auto share = std::ranges::find(rest, facts.order.needs[need].line, &RoutingShare::line);
    if (share == rest.end()) continue;
    needs.push_back(facts.order.needs[need]);
    needs.back().milli = share->milli;
    units.push_back(facts.units[need]);
    for (std::size_t site = 0; site < facts.sites.size(); ++site) {
      lines[site].push_back(facts.sites[site].lines[need]);
    }
  }
  facts.order.needs = std::move(needs);
  facts.units = std::move(units);
  for (std::size_t site = 0; site < facts.sites.size(); ++site) {
    facts.sites[site].lines = std::move(lines[site]);
  }
}

}  // namespace

Result<ThroughRules> route_through(const RuleSet& rules, RoutingFacts facts, UtcTime at) {
  ThroughRules through;
  through.queue = facts.order.queue;
  for (const CostNeed& need : facts.order.needs) {
    through.rest.push_back({need.line, need.sku, need.milli});
  }
  for (const OrderRouting& routing : active_routings(rules.run)) {
    if (through.rest.empty()) break;
    if (select_orders(routing, {facts.order}).empty()) continue;
    auto run = run_rules(routing, facts.order, sites_for(rules, facts), at);
    if (!run) return fail(run.error());
    take_given(facts, run->groups);
    need_only(facts, run->rest);
    facts.order.queue = run->move_to.value_or(facts.order.queue);
    facts.order.auto_cancel_at = run->auto_cancel_at;
    through.groups.insert(through.groups.end(), run->groups.begin(), run->groups.end());
    through.rest = std::move(run->rest);
    through.queue = facts.order.queue;
  }
  return through;
}

void ShipmentFigures::add(const ShipmentFigures& other) {
  shipments += other.shipments;
  unpriced += other.unpriced;
  cost_micro += other.cost_micro;
  distance_m += other.distance_m;
}

ShipmentFigures figures_of(const RuleSet& rules, const RoutingFacts& facts,
                           const std::vector<RoutedGroup>& groups) {
  ShipmentFigures figures;
  const auto sites = sites_for(rules, facts);
  for (const RoutedGroup& group : groups) {
    const auto site = std::ranges::find(sites, group.site, &SiteForOrder::site);
    if (site == sites.end()) continue;
    ++figures.shipments;
    figures.distance_m += site->distance_m;
    if (!site->fixed_micro) {
      ++figures.unpriced;
      continue;
    }
    figures.cost_micro += *site->fixed_micro;
    for (const RoutingShare& share : group.shares) {
      const auto need = std::ranges::find(facts.order.needs, share.line, &CostNeed::line);
      if (need == facts.order.needs.end()) continue;
      const auto line = static_cast<std::size_t>(need - facts.order.needs.begin());
      figures.cost_micro += for_milli(site->lines[line].unit_micro, share.milli);
    }
  }
  return figures;
}

bool same_shipments(std::vector<RoutedGroup> a, std::vector<RoutedGroup> b) {
  std::ranges::sort(a, {}, &RoutedGroup::site);
  std::ranges::sort(b, {}, &RoutedGroup::site);
  return a == b;
}

}  // namespace cairn::domain
