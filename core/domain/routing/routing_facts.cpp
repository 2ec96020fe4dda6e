#include "core/domain/routing/routing_facts.h"

#include "core/base/assert.h"

#include <algorithm>

namespace cairn::domain {
namespace {

bool is_stale(std::int64_t stale_after_s, const std::optional<std::int64_t>& age_s) {
  return stale_after_s > 0 && (!age_s || *age_s > stale_after_s);
}

void add_said(SiteForOrder& site, const RuleSetSite& said) {
  site.groups = said.groups;
  site.sequence = said.sequence;
  site.order_limit = said.order_limit;
  site.ships = said.ships;
  site.takes_hazmat = said.takes_hazmat;
  site.shipping_methods = said.shipping_methods;
  site.countries = said.countries;
}

void add_costs(SiteForOrder& site, const CostRates& rates, const std::vector<UnitSize>& units,
               std::int64_t handling_micro) {
  SiteFacts facts{site.distance_m, handling_micro, 0, {}};
  for (const SiteForOrder::Line& line : site.lines) {
    facts.lines.push_back({line.supply_weeks_milli, 0});
  }
  const auto costs = landed_cost(rates, units, facts);
  if (!costs) return;
  site.fixed_micro = costs->fixed_micro;
  for (std::size_t line = 0; line < site.lines.size(); ++line) {
    site.lines[line].unit_micro = costs->unit_micro[line];
  }
}

}  // namespace

std::vector<SiteForOrder> sites_for(const RuleSet& rules, const RoutingFacts& facts) {
  std::vector<SiteForOrder> sites;
  sites.reserve(facts.sites.size());
  for (const RoutingFacts::Site& known : facts.sites) {
    CAIRN_ASSERT(known.lines.size() == facts.order.needs.size(),
                 "a site has figures for every need");
    SiteForOrder& site = sites.emplace_back();
    site.site = known.site;
    site.active = known.active;
    site.stale = is_stale(rules.stale_after_s, known.age_s);
    site.distance_m = known.distance_m;
    site.full = known.full;
    site.orders_used = known.orders_today;
    for (const RoutingFacts::Line& line : known.lines) {
      site.lines.push_back({line.atp_milli, 0, line.supply_weeks_milli, line.was_short});
    }
    const auto said = std::ranges::find(rules.sites, known.site, &RuleSetSite::site);
    const bool named = said != rules.sites.end();
    if (named) add_said(site, *said);
    if (rules.rates) add_costs(site, *rules.rates, facts.units, named ? said->handling_micro : 0);
  }
  return sites;
}

}  // namespace cairn::domain
