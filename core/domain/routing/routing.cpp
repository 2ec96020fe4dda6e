#include "core/domain/routing/routing.h"

#include "core/domain/routing/site_search.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace cairn::domain {
namespace {

using Stock = std::map<Sku, std::int64_t>;
using Combination = SiteSearch::Combination;

Stock total_of(const std::vector<RoutingNeed>& needs) {
  Stock total;
  for (const RoutingNeed& need : needs) total[need.sku] += need.milli;
  return total;
}

std::optional<Combination> best_of(const std::vector<RoutingSite>& sites,
                                   const std::vector<RoutingNeed>& needs) {
  const Stock wanted = total_of(needs);
  return SiteSearch(sites, wanted).best();
}

class Allocation {
 public:
  Allocation(std::vector<RoutingSite>& sites, const Combination& chosen)
      : sites_(sites), chosen_(chosen) {
    for (const std::size_t i : chosen) groups_.push_back({sites[i].site, {}});
  }

  void take(const RoutingNeed& need) {
    std::int64_t open = need.milli;
    for (std::size_t k = 0; k < chosen_.size(); ++k) {
      if (sites_[chosen_[k]].stocked_milli(need.sku) < open) continue;
      give(k, need, open);
      return;
    }
    for (std::size_t k = 0; k < chosen_.size() && open > 0; ++k) {
      const std::int64_t share = std::min(open, sites_[chosen_[k]].stocked_milli(need.sku));
      if (share > 0) give(k, need, share);
      open -= share;
    }
  }

  std::vector<RoutedGroup> finish() {
    std::erase_if(groups_, [](const RoutedGroup& g) { return g.shares.empty(); });
    return std::move(groups_);
  }

 private:
  void give(std::size_t k, const RoutingNeed& need, std::int64_t milli) {
    sites_[chosen_[k]].available_milli[need.sku] -= milli;
    groups_[k].shares.push_back({need.line, need.sku, milli});
  }

  std::vector<RoutingSite>& sites_;
  const Combination& chosen_;
  std::vector<RoutedGroup> groups_;
};

/// The lines that all sites together can still fill whole, in line order.
std::vector<RoutingNeed> fillable(const std::vector<RoutingNeed>& needs,
                                  const std::vector<RoutingSite>& sites) {
  Stock left;
  for (const RoutingNeed& need : needs) {
    if (left.contains(need.sku)) continue;
    for (const RoutingSite& site : sites) left[need.sku] += site.stocked_milli(need.sku);
  }
  std::vector<RoutingNeed> possible;
  for (const RoutingNeed& need : needs) {
    if (left[need.sku] < need.milli) continue;
    left[need.sku] -= need.milli;
    possible.push_back(need);
  }
  return possible;
}

std::vector<LineNo> missing(const std::vector<RoutingNeed>& needs,
                            const std::vector<RoutingNeed>& routed) {
  std::set<LineNo> done;
  for (const RoutingNeed& need : routed) done.insert(need.line);
  std::vector<LineNo> waiting;
  for (const RoutingNeed& need : needs) {
    if (!done.contains(need.line)) waiting.push_back(need.line);
  }
  return waiting;
}

}  // namespace

std::int64_t RoutingSite::stocked_milli(const Sku& sku) const {
  const auto found = available_milli.find(sku);
  return found == available_milli.end() ? 0 : std::max<std::int64_t>(found->second, 0);
}

RoutingDecision route(const std::vector<RoutingNeed>& needs, std::vector<RoutingSite> sites,
                      PartialOrders partial) {
  const Stock wanted = total_of(needs);
  std::erase_if(sites, [&wanted](const RoutingSite& site) {
    return std::ranges::none_of(wanted,
                                [&site](const auto& w) { return site.stocked_milli(w.first) > 0; });
  });
  std::ranges::sort(sites, {},
                    [](const RoutingSite& s) { return std::tuple(s.distance_m, s.site); });

  std::vector<RoutingNeed> goes = needs;
  auto chosen = best_of(sites, needs);
  if (!chosen && partial == PartialOrders::kSplitLines) {
    goes = fillable(needs, sites);
    chosen = best_of(sites, goes);
  }
  if (!chosen) return {{}, missing(needs, {})};

  Allocation allocation(sites, *chosen);
  for (const RoutingNeed& need : goes) allocation.take(need);
  return {allocation.finish(), missing(needs, goes)};
}

}  // namespace cairn::domain
