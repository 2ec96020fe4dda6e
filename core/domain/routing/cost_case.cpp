#include "core/domain/routing/cost_case.h"

#include "core/base/money.h"
#include "core/base/quantity.h"
#include "core/domain/order/order.h"

#include <algorithm>
#include <string>

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad_case(std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_routing_case",
              "an order cannot be routed by cost: " + std::string(what));
}

bool within(std::int64_t value, std::int64_t least, std::int64_t most) {
  return least <= value && value <= most;
}

/// Its product with a quantity can be counted and is no more than a line may cost.
bool countable(std::int64_t per_unit, std::int64_t milli, std::int64_t most) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(per_unit, milli, &product)) return false;
  return within(product / 1000, -most, most);
}

}  // namespace

Result<> validate(const CostCase& order, const CostRules& rules) {
  if (order.needs.size() > kMaxOrderLines) return bad_case("it has too many lines");
  if (order.offers.size() != order.sites.size() * order.needs.size()) {
    return bad_case("not every site has an offer for every line");
  }
  if (!within(rules.split_penalty_micro, 0, kMaxCostMicro)) {
    return bad_case("the penalty of a split is out of its range");
  }
  if (rules.threshold_minor < 0) return bad_case("the threshold of a shipment is negative");
  std::vector<LineNo> lines;
  std::vector<std::int64_t> dearest;  // by need: the most that a unit of it may cost
  lines.reserve(order.needs.size());
  dearest.reserve(order.needs.size());
  for (const CostNeed& need : order.needs) {
    if (!within(need.milli, 1, kMaxMinor)) return bad_case("a quantity is out of its range");
    if (need.unit_value_minor < 0 || !countable(need.unit_value_minor, need.milli, kMaxMinor)) {
      return bad_case("the worth of a line is out of its range");
    }
    lines.push_back(need.line);
    dearest.push_back(kMaxCostMicro * kMilliPerUnit / std::max(need.milli, kMilliPerUnit));
  }
  std::ranges::sort(lines);
  if (std::ranges::adjacent_find(lines) != lines.end()) return bad_case("a line is there twice");
  for (std::size_t site = 0; site < order.sites.size(); ++site) {
    if (!within(order.sites[site].fixed_micro, 0, kMaxCostMicro)) {
      return bad_case("the cost of a site is out of its range");
    }
    for (std::size_t need = 0; need < order.needs.size(); ++need) {
      if (!within(order.offer(site, need).unit_micro, -dearest[need], dearest[need])) {
        return bad_case("the cost of a line is out of its range");
      }
    }
  }
  return {};
}

std::int64_t cost_micro(const CostCase& order, const CostRules& rules,
                        const std::vector<RoutedGroup>& groups) {
  std::int64_t micro = 0;
  for (const RoutedGroup& group : groups) {
    const auto site = std::ranges::find(order.sites, group.site, &CostSite::site);
    micro += site->fixed_micro + rules.split_penalty_micro;
    for (const RoutingShare& share : group.shares) {
      const auto need = std::ranges::find(order.needs, share.line, &CostNeed::line);
      const CostOffer& offer = order.offer(static_cast<std::size_t>(site - order.sites.begin()),
                                           static_cast<std::size_t>(need - order.needs.begin()));
      micro += for_milli(offer.unit_micro, share.milli);
    }
  }
  return groups.empty() ? 0 : micro - rules.split_penalty_micro;
}

}  // namespace cairn::domain
