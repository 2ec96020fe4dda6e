#pragma once
// A rule set: routings with their rules, and what rules need to know about sites that no master
// data says. Pure data; rule_set_json.h of the hub reads it, its name and version are in
// routing_rules.h.

#include "core/domain/routing/landed_cost.h"
#include "core/domain/routing/rules.h"
#include "core/domain/routing/run_schedule.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain {

/// What a rule set says of a site. One that it does not name is in no group and has no limit.
struct RuleSetSite {
  SiteId site;
  std::vector<std::string> groups;
  std::int64_t sequence = 0;
  std::optional<std::int64_t> order_limit;  ///< orders it is given in a day of UTC
  std::int64_t handling_micro = 0;          ///< landed_cost.h
  bool ships = true;
  bool takes_hazmat = true;
  Choice shipping_methods;
  Choice countries;
};

struct RuleSet {
  RoutingRun run;
  std::vector<RuleSetSite> sites;  ///< each once
  std::optional<CostRates> rates;  ///< nothing: no costs are known
  /// A site of which nothing was heard for so many seconds is asked for nothing; 0: its age does
  /// not matter. One that was never heard is as old as can be.
  std::int64_t stale_after_s = 0;
  RunSchedule schedule{};
};

/// Errors: kInvalid "bad_rule_set": a site twice, a name twice among steps of one level, a rule by
/// COST without rates, a schedule that is none; "bad_cost_rates".
Result<> validate(const RuleSet& rules);

}  // namespace cairn::domain
