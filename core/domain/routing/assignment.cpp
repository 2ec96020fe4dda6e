#include "core/domain/routing/assignment.h"

#include "core/base/quantity.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<Assignment, std::string_view>, 3> kAssignments = {{
    {Assignment::kSingle, "ORA_SINGLE"},
    {Assignment::kMulti, "ORA_MULTI"},
    {Assignment::kCost, "COST"},
}};

/// What is still to be given, and what one site has left.
class Giving {
 public:
  explicit Giving(const CostCase& order) : order_(order) {
    for (const CostNeed& need : order.needs) open_.push_back(need.milli);
  }

  [[nodiscard]] const std::vector<std::int64_t>& open() const { return open_; }

  /// Everything that is open, from one site; false and nothing if it lacks some of it.
  bool give_all(std::size_t site) {
    taken_.clear();
    for (std::size_t need = 0; need < open_.size(); ++need) {
      if (left(site, need) < open_[need]) return false;
      taken_[order_.needs[need].sku] += open_[need];
    }
    std::ranges::fill(open_, 0);
    return true;
  }

  /// What one site has of what is open, by need.
  std::vector<std::int64_t> give_some(std::size_t site, bool split_quantities) {
    taken_.clear();
    std::vector<std::int64_t> given(open_.size());
    for (std::size_t need = 0; need < open_.size(); ++need) {
      if (open_[need] == 0 || given[need] > 0) continue;
      if (order_.needs[need].together != 0) {
        give_mates(site, need, given);
        continue;
      }
      std::int64_t milli = std::min(open_[need], left(site, need));
      if (milli < open_[need] && open_[need] % kMilliPerUnit == 0) milli -= milli % kMilliPerUnit;
      if (milli < order_.needs[need].milli && !split_quantities) continue;
      take(need, milli, given);
    }
    return given;
  }

 private:
  [[nodiscard]] std::int64_t left(std::size_t site, std::size_t need) const {
    const auto taken = taken_.find(order_.needs[need].sku);
    return std::max<std::int64_t>(order_.offer(site, need).available_milli, 0) -
           (taken == taken_.end() ? 0 : taken->second);
  }

  void take(std::size_t need, std::int64_t milli, std::vector<std::int64_t>& given) {
    taken_[order_.needs[need].sku] += milli;
    open_[need] -= milli;
    given[need] = milli;
  }

  /// All needs that go together with this one, also those before it, or none.
  void give_mates(std::size_t site, std::size_t mate, std::vector<std::int64_t>& given) {
    const auto before = taken_;
    for (std::size_t need = 0; need < open_.size(); ++need) {
      if (order_.needs[need].together != order_.needs[mate].together) continue;
      if (left(site, need) < open_[need]) {
        taken_ = before;
        return;
      }
      taken_[order_.needs[need].sku] += open_[need];
    }
    for (std::size_t need = 0; need < open_.size(); ++need) {
      if (order_.needs[need].together != order_.needs[mate].together) continue;
      given[need] = std::exchange(open_[need], 0);
    }
  }

  const CostCase& order_;
  std::vector<std::int64_t> open_;
  std::map<Sku, std::int64_t> taken_;
};

std::vector<RoutingShare> shares_of(const CostCase& order, const std::vector<std::int64_t>& milli) {
  std::vector<RoutingShare> shares;
  for (std::size_t need = 0; need < milli.size(); ++need) {
    if (milli[need] > 0)
      shares.push_back({order.needs[need].line, order.needs[need].sku, milli[need]});
  }
  return shares;
}

std::vector<std::int64_t> all_of(const CostCase& order) { return Giving(order).open(); }

std::int64_t worth_minor(const CostCase& order, const std::vector<std::int64_t>& milli) {
  std::int64_t minor = 0;
  for (std::size_t need = 0; need < milli.size(); ++need) {
    minor += for_milli(order.needs[need].unit_value_minor, milli[need]);
  }
  return minor;
}

Assigned single(const CostCase& order) {
  for (std::size_t site = 0; site < order.sites.size() && !order.needs.empty(); ++site) {
    if (!Giving(order).give_all(site)) continue;
    return {{{order.sites[site].site, shares_of(order, all_of(order))}}, {}, CostMethod::kExact, 0};
  }
  return {{}, shares_of(order, all_of(order)), CostMethod::kExact, 0};
}

Assigned multi(const CostCase& order, const AssignmentRules& rules) {
  Assigned nothing{{}, shares_of(order, all_of(order)), CostMethod::kExact, 0};
  Assigned made;
  Giving giving(order);
  for (std::size_t site = 0; site < order.sites.size(); ++site) {
    const std::size_t most = rules.cost.shipments_most;
    if (most > 0 && made.groups.size() == most) break;
    const auto given = giving.give_some(site, rules.cost.split_quantities);
    auto shares = shares_of(order, given);
    if (shares.empty()) continue;
    if (worth_minor(order, given) < rules.cost.threshold_minor) return nothing;
    made.groups.push_back({order.sites[site].site, std::move(shares)});
  }
  made.rest = shares_of(order, giving.open());
  if (made.rest.empty()) return made;
  if (rules.all_or_nothing) return nothing;
  return worth_minor(order, giving.open()) < rules.cost.threshold_minor ? nothing : made;
}

/// Lines wait whole.
Assigned cheapest(const CostCase& order, CostDecision decided) {
  Assigned made{std::move(decided.routing.groups), {}, decided.method, 0};
  for (const LineNo line : decided.routing.waiting) {
    const auto need = std::ranges::find(order.needs, line, &CostNeed::line);
    made.rest.push_back({line, need->sku, need->milli});
  }
  return made;
}

}  // namespace

std::string_view name_of(Assignment assignment) {
  for (const auto& [known, name] : kAssignments) {
    if (known == assignment) return name;
  }
  return "";
}

Result<Assignment> parse_assignment(std::string_view text) {
  std::string all;
  for (const auto& [known, name] : kAssignments) {
    if (name == text) return known;
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return fail(ErrorCode::kInvalid, "bad_assignment", "an assignment is one of " + all);
}

Result<Assigned> assign(const CostCase& order, const AssignmentRules& rules) {
  Assigned made;
  if (rules.assignment == Assignment::kCost) {
    auto decided = route_by_cost(order, rules.cost);
    if (!decided) return fail(decided.error());
    made = cheapest(order, *std::move(decided));
  } else {
    if (auto ok = validate(order, rules.cost); !ok) return fail(ok.error());
    made = single(order);
    if (!made.rest.empty() && rules.assignment == Assignment::kMulti) made = multi(order, rules);
  }
  made.cost_micro = cost_micro(order, rules.cost, made.groups);
  return made;
}

}  // namespace cairn::domain
