#include "core/domain/routing/routing.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace cairn::domain {
namespace {

using Stock = std::map<Sku, std::int64_t>;
/// Indexes into the sites, ascending: nearer sites first.
using Combination = std::vector<std::size_t>;

/// How many combinations are weighed before an order is left waiting: bounds the work of one
/// decision.
constexpr std::size_t kMaxCombinations = 200'000;

std::int64_t stocked(const RoutingSite& site, const Sku& sku) {
  const auto found = site.available_milli.find(sku);
  return found == site.available_milli.end() ? 0 : std::max<std::int64_t>(found->second, 0);
}

Stock total_of(const std::vector<RoutingNeed>& needs) {
  Stock total;
  for (const RoutingNeed& need : needs) total[need.sku] += need.milli;
  return total;
}

bool fills(const std::vector<RoutingSite>& sites, const Combination& chosen, const Stock& wanted) {
  return std::ranges::all_of(wanted, [&sites, &chosen](const auto& want) {
    std::int64_t sum = 0;
    for (const std::size_t i : chosen) sum += stocked(sites[i], want.first);
    return sum >= want.second;
  });
}

/// The next combination of the same size in lexicographic order; false after the last.
bool advance(Combination& chosen, std::size_t sites) {
  const std::size_t size = chosen.size();
  for (std::size_t back = 1; back <= size; ++back) {
    const std::size_t i = size - back;
    if (chosen[i] + back > sites - 1) continue;
    ++chosen[i];
    for (std::size_t j = i + 1; j < size; ++j) chosen[j] = chosen[j - 1] + 1;
    return true;
  }
  return false;
}

std::int64_t distance_of(const std::vector<RoutingSite>& sites, const Combination& chosen) {
  std::int64_t sum = 0;
  for (const std::size_t i : chosen) sum += sites[i].distance_m;
  return sum;
}

/// Fewest sites first; among equally few the least total distance.
std::optional<Combination> choose(const std::vector<RoutingSite>& sites, const Stock& wanted) {
  std::size_t weighed = 0;
  for (std::size_t size = 1; size <= sites.size(); ++size) {
    Combination chosen(size);
    for (std::size_t i = 0; i < size; ++i) chosen[i] = i;
    std::optional<Combination> best;
    do {
      if (++weighed > kMaxCombinations) return best;
      if (best && distance_of(sites, chosen) >= distance_of(sites, *best)) continue;
      if (fills(sites, chosen, wanted)) best = chosen;
    } while (advance(chosen, sites.size()));
    if (best) return best;
  }
  return std::nullopt;
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
      if (stocked(sites_[chosen_[k]], need.sku) < open) continue;
      give(k, need, open);
      return;
    }
    for (std::size_t k = 0; k < chosen_.size() && open > 0; ++k) {
      const std::int64_t share = std::min(open, stocked(sites_[chosen_[k]], need.sku));
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
    for (const RoutingSite& site : sites) left[need.sku] += stocked(site, need.sku);
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

RoutingDecision route(const std::vector<RoutingNeed>& needs, std::vector<RoutingSite> sites,
                      PartialOrders partial) {
  const Stock wanted = total_of(needs);
  std::erase_if(sites, [&wanted](const RoutingSite& site) {
    return std::ranges::none_of(wanted,
                                [&site](const auto& w) { return stocked(site, w.first) > 0; });
  });
  std::ranges::sort(sites, {},
                    [](const RoutingSite& s) { return std::tuple(s.distance_m, s.site); });

  std::vector<RoutingNeed> goes = needs;
  auto chosen = choose(sites, wanted);
  if (!chosen && partial == PartialOrders::kSplitLines) {
    goes = fillable(needs, sites);
    chosen = goes.empty() ? std::nullopt : choose(sites, total_of(goes));
  }
  if (!chosen) return {{}, missing(needs, {})};

  Allocation allocation(sites, *chosen);
  for (const RoutingNeed& need : goes) allocation.take(need);
  return {allocation.finish(), missing(needs, goes)};
}

}  // namespace cairn::domain
