#include "core/domain/routing/candidates.h"

#include "core/base/assert.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace cairn::domain {
namespace {

/// Reasons that have nothing to do with what the site has.
std::optional<SiteExclusion> barred(const WaitingOrder& order, const SiteForOrder& site,
                                    const InventoryRule& rule) {
  const InventoryFilters& filters = rule.filters;
  if (!site.active) return SiteExclusion::kInactive;
  if (site.stale) return SiteExclusion::kStale;
  if (!site.ships) return SiteExclusion::kNotShipping;
  if (!site.shipping_methods.takes({order.shipping_method})) return SiteExclusion::kMethod;
  if (order.hazmat && !site.takes_hazmat) return SiteExclusion::kHazmat;
  if (!site.countries.takes({order.country})) return SiteExclusion::kCountry;
  if (!Choice{filters.facility_group.any_of, {}}.takes(site.groups)) return SiteExclusion::kGroup;
  if (!filters.facility_group.takes(site.groups)) return SiteExclusion::kExcludedGroup;
  if (filters.proximity && site.distance_m > filters.proximity->metres()) {
    return SiteExclusion::kTooFar;
  }
  const bool full = site.full || (site.order_limit && site.orders_used >= *site.order_limit);
  if (full && !filters.ignore_order_limit) return SiteExclusion::kNoCapacity;
  if (rule.assignment.assignment == Assignment::kCost && !site.fixed_micro) {
    return SiteExclusion::kNoZone;
  }
  return std::nullopt;
}

struct Available {
  std::vector<CostOffer> offers;
  std::int64_t balance_milli = 0;
  bool was_short = false;
  bool too_few_weeks = false;
};

Available available(const SiteForOrder& site, const InventoryFilters& filters) {
  Available found;
  for (const SiteForOrder::Line& line : site.lines) {
    std::int64_t milli = std::max<std::int64_t>(line.atp_milli - filters.brokering_safety_milli, 0);
    const bool few = line.supply_weeks_milli < filters.supply_weeks_milli;
    if (milli > 0 && few) found.too_few_weeks = true;
    if (line.was_short) found.was_short = true;
    if (few || line.was_short) milli = 0;
    found.offers.push_back({milli, line.unit_micro});
    found.balance_milli += milli;
  }
  return found;
}

struct Candidate {
  const SiteForOrder* site = nullptr;
  Available has;

  [[nodiscard]] std::int64_t key(SiteSort sort) const {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    switch (sort) {
      case SiteSort::kDistance:
        return site->distance_m;
      case SiteSort::kInventoryBalance:
        return -has.balance_milli;
      case SiteSort::kSequence:
        return site->sequence;
      case SiteSort::kRemainingCapacity:
        return site->order_limit ? site->orders_used - *site->order_limit : -kMost;
    }
    return 0;
  }
};

}  // namespace

Candidates candidates_for(const WaitingOrder& order, const std::vector<SiteForOrder>& sites,
                          const InventoryRule& rule) {
  Candidates found;
  std::vector<Candidate> candidates;
  for (const SiteForOrder& site : sites) {
    CAIRN_ASSERT(site.lines.size() == order.needs.size(), "a site has figures for every need");
    if (const auto why = barred(order, site, rule)) {
      found.excluded.push_back({site.site, *why});
      continue;
    }
    Candidate candidate{&site, available(site, rule.filters)};
    if (candidate.has.balance_milli == 0) {
      const SiteExclusion why = candidate.has.was_short       ? SiteExclusion::kWasShort
                                : candidate.has.too_few_weeks ? SiteExclusion::kWeeksOfSupply
                                                              : SiteExclusion::kNothing;
      found.excluded.push_back({site.site, why});
      continue;
    }
    candidates.push_back(std::move(candidate));
  }
  std::ranges::sort(candidates, [&rule](const Candidate& a, const Candidate& b) {
    for (const SiteSort sort : rule.sorts) {
      if (a.key(sort) != b.key(sort)) return a.key(sort) < b.key(sort);
    }
    return a.site->site < b.site->site;
  });
  found.order.needs = order.needs;
  if (rule.filters.split_item_group) {
    for (CostNeed& need : found.order.needs) need.together = 0;
  }
  for (const Candidate& candidate : candidates) {
    found.order.sites.push_back({candidate.site->site, candidate.site->fixed_micro.value_or(0)});
    found.order.offers.insert(found.order.offers.end(), candidate.has.offers.begin(),
                              candidate.has.offers.end());
  }
  return found;
}

}  // namespace cairn::domain
