#include "core/domain/routing/rules.h"

#include <algorithm>
#include <tuple>

namespace cairn::domain {
namespace {

template <class Step>
std::vector<Step> active_steps(std::vector<Step> steps) {
  std::erase_if(steps, [](const Step& step) { return !step.active; });
  std::ranges::stable_sort(steps, {},
                           [](const Step& step) { return std::tie(step.sequence, step.name); });
  return steps;
}

bool has_one_of(const std::vector<std::string>& values, const std::vector<std::string>& wanted) {
  return std::ranges::find_first_of(values, wanted) != values.end();
}

}  // namespace

bool Choice::takes(const std::vector<std::string>& values) const {
  return (any_of.empty() || has_one_of(values, any_of)) && !has_one_of(values, none_of);
}

std::vector<OrderRouting> active_routings(const RoutingRun& run) {
  return active_steps(run.routings);
}

std::vector<InventoryRule> active_rules(const OrderRouting& routing) {
  return active_steps(routing.rules);
}

}  // namespace cairn::domain
