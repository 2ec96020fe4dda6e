#include "core/domain/routing/cost_routing.h"

#include "core/domain/routing/cost_items.h"
#include "core/domain/routing/cost_search.h"

#include <algorithm>
#include <map>
#include <optional>

namespace cairn::domain {
namespace {

static_assert(kMaxExactLines == kMostCostItems);

using Outcome = CostSearch::Outcome;

struct Attempt {
  Outcome outcome = Outcome::kImpossible;
  std::vector<RoutedGroup> groups;
  std::int64_t cost_micro = 0;
};

/// All needs or none. `alone_is_enough`: one shipment of everything has no threshold.
Attempt attempt(const CostCase& order, const CostRules& rules, bool alone_is_enough) {
  const CostItems items(order, rules);
  if (items.count() > kMaxExactLines) return {Outcome::kTooHard, {}, 0};
  CostGrid grid = items.grid();
  for (CostGrid::Site& site : grid.sites) site.opening += rules.split_penalty_micro;
  ItemParts all{};
  std::ranges::copy(grid.sizes, all.begin());
  CostBounds bounds{rules.shipments_most, {}};
  const bool scarce = items.scarce(grid);
  if (scarce || rules.threshold_minor > 0) {
    bounds.allowed = [&items, &rules, all, alone_is_enough](std::size_t site,
                                                            const ItemParts& parts) {
      if (!items.has_all(site, parts)) return false;
      if (alone_is_enough && parts == all) return true;
      return items.value_minor(parts) >= rules.threshold_minor;
    };
  }
  CostSearch search(grid, bounds);
  Attempt made{search.run(), {}, 0};
  for (const CostShare& share : search.shares()) {
    made.groups.push_back({order.sites[share.site].site, items.shares(share.parts)});
    made.cost_micro += grid.sites[share.site].opening + items.cost_micro(share.site, share.parts);
  }
  if (!made.groups.empty()) made.cost_micro -= rules.split_penalty_micro;
  return made;
}

/// The same sites with some of the needs.
CostCase part_of(const CostCase& order, const std::vector<std::size_t>& needs) {
  CostCase part;
  part.sites = order.sites;
  for (const std::size_t need : needs) part.needs.push_back(order.needs[need]);
  for (std::size_t site = 0; site < order.sites.size(); ++site) {
    for (const std::size_t need : needs) part.offers.push_back(order.offer(site, need));
  }
  return part;
}

std::vector<LineNo> lines_but(const CostCase& order, const std::vector<std::size_t>& needs) {
  std::vector<LineNo> lines;
  for (std::size_t need = 0; need < order.needs.size(); ++need) {
    if (std::ranges::find(needs, need) == needs.end()) lines.push_back(order.needs[need].line);
  }
  return lines;
}

std::int64_t value_minor(const CostCase& order, const std::vector<LineNo>& lines) {
  std::int64_t minor = 0;
  for (const CostNeed& need : order.needs) {
    if (std::ranges::find(lines, need.line) == lines.end()) continue;
    minor += for_milli(need.unit_value_minor, need.milli);
  }
  return minor;
}

/// Needs that go together, in the order of their first.
std::vector<std::vector<std::size_t>> together(const CostCase& order) {
  std::vector<std::vector<std::size_t>> all;
  std::map<std::uint32_t, std::size_t> numbers;
  for (std::size_t need = 0; need < order.needs.size(); ++need) {
    const std::uint32_t number = order.needs[need].together;
    const auto [known, fresh] = numbers.emplace(number, all.size());
    if (number == 0 || fresh) {
      known->second = all.size();
      all.push_back({need});
    } else {
      all[known->second].push_back(need);
    }
  }
  return all;
}

/// What can go of an order that cannot go whole. Nothing said: too hard.
std::optional<CostDecision> partly(const CostCase& order, const CostRules& rules) {
  // The worth is looked at in the end: a line that is too little by itself may go with a later one.
  CostRules by_stock = rules;
  by_stock.threshold_minor = 0;
  std::vector<std::size_t> goes;
  for (const auto& needs : together(order)) {
    auto more = goes;
    more.insert(more.end(), needs.begin(), needs.end());
    std::ranges::sort(more);
    const Attempt possible = attempt(part_of(order, more), by_stock, true);
    if (possible.outcome == Outcome::kTooHard) return std::nullopt;
    if (possible.outcome == Outcome::kFound) goes = std::move(more);
  }
  CostDecision decision;
  decision.routing.waiting = lines_but(order, goes);
  const bool worthwhile = value_minor(order, decision.routing.waiting) >= rules.threshold_minor;
  Attempt made = worthwhile ? attempt(part_of(order, goes), rules, false) : Attempt{};
  if (made.outcome == Outcome::kTooHard) return std::nullopt;
  if (made.outcome == Outcome::kImpossible) {
    decision.routing.waiting = lines_but(order, {});
    return decision;
  }
  decision.routing.groups = std::move(made.groups);
  decision.cost_micro = made.cost_micro;
  return decision;
}

// ---- an order that is too large

bool stocks_all(const RoutingSite& site, const std::vector<RoutingNeed>& needs) {
  std::map<Sku, std::int64_t> wanted;
  for (const RoutingNeed& need : needs) wanted[need.sku] += need.milli;
  return std::ranges::all_of(
      wanted, [&site](const auto& w) { return site.stocked_milli(w.first) >= w.second; });
}

/// Whether a decision that was made without them keeps to the rules.
bool keeps(const CostCase& order, const CostRules& rules, const RoutingDecision& decision) {
  if (rules.shipments_most > 0 && decision.groups.size() > rules.shipments_most) return false;
  std::map<LineNo, const CostNeed*> needs;
  for (const CostNeed& need : order.needs) needs[need.line] = &need;
  std::map<std::uint32_t, SiteId> places;  // the empty site: it waits
  for (const LineNo line : decision.waiting) places[needs[line]->together] = {};
  const bool one = decision.groups.size() == 1 && decision.waiting.empty();
  for (const RoutedGroup& group : decision.groups) {
    std::int64_t minor = 0;
    for (const RoutingShare& share : group.shares) {
      const CostNeed& need = *needs[share.line];
      minor += for_milli(need.unit_value_minor, share.milli);
      const bool whole = share.milli == need.milli;
      if (!whole && (!rules.split_quantities || need.together != 0)) return false;
      if (need.together == 0) continue;
      if (places.emplace(need.together, group.site).first->second != group.site) return false;
    }
    if (!one && minor < rules.threshold_minor) return false;
  }
  return decision.groups.empty() || decision.waiting.empty() ||
         value_minor(order, decision.waiting) >= rules.threshold_minor;
}

CostDecision fewest_sites(const CostCase& order, const CostRules& rules) {
  std::vector<RoutingNeed> needs;
  needs.reserve(order.needs.size());
  for (const CostNeed& need : order.needs) needs.push_back({need.line, need.sku, need.milli});
  std::vector<RoutingSite> sites;
  std::optional<CostDecision> alone;
  for (std::size_t at = 0; at < order.sites.size(); ++at) {
    RoutingSite site{order.sites[at].site, static_cast<std::int64_t>(at), {}};
    for (std::size_t need = 0; need < needs.size(); ++need) {
      site.available_milli[needs[need].sku] = order.offer(at, need).available_milli;
    }
    if (stocks_all(site, needs)) {
      auto only_here = route(needs, {site}, PartialOrders::kWait);
      const std::int64_t micro = cost_micro(order, rules, only_here.groups);
      if (!alone || micro < alone->cost_micro) {
        alone = CostDecision{std::move(only_here), CostMethod::kFewestSites, micro};
      }
    }
    sites.push_back(std::move(site));
  }
  if (alone) return *alone;
  CostDecision decision{route(needs, std::move(sites), rules.partial), CostMethod::kFewestSites, 0};
  if (!keeps(order, rules, decision.routing)) decision.routing = {{}, lines_but(order, {})};
  decision.cost_micro = cost_micro(order, rules, decision.routing.groups);
  return decision;
}

}  // namespace

std::string_view name_of(CostMethod method) {
  switch (method) {
    case CostMethod::kExact:
      return "EXACT";
    case CostMethod::kFewestSites:
      return "FEWEST_SITES";
  }
  return "";
}

Result<CostDecision> route_by_cost(const CostCase& order, const CostRules& rules) {
  if (auto ok = validate(order, rules); !ok) return fail(ok.error());
  Attempt whole = attempt(order, rules, true);
  if (whole.outcome == Outcome::kFound) {
    return CostDecision{{std::move(whole.groups), {}}, CostMethod::kExact, whole.cost_micro};
  }
  if (whole.outcome == Outcome::kTooHard) return fewest_sites(order, rules);
  if (rules.partial == PartialOrders::kWait) {
    return CostDecision{{{}, lines_but(order, {})}, CostMethod::kExact, 0};
  }
  if (auto some = partly(order, rules)) return *std::move(some);
  return fewest_sites(order, rules);
}

}  // namespace cairn::domain
