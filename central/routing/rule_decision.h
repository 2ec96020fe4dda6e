#pragma once
// One order through the rules of one routing, inside a job: facts are read, rules asked, the answer
// checked against the stock of this very transaction, reserved, and kept with its traces. Loop
// only.

#include "central/promise/site_ages.h"
#include "central/routing/rule_sets.h"
#include "core/base/id_source.h"
#include "core/domain/routing/routing_facts.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::central {

struct RuleDecision {
  std::int64_t groups = 0;  ///< that were opened
  bool waits = false;       ///< something is left
};

/// Where rules come from, and by whom they were asked.
struct RuleAsking {
  const NamedRules& rules;
  const domain::OrderRouting& routing;
  const SiteAges& ages;
  UserId actor;
};

/// Nothing: the routing does not take the order, e.g. because another run was faster. An order
/// about which the rules cannot decide, or of which more would be given than there is, waits where
/// it is; its decision is kept as NOT_DECIDED. Errors: those of the writes.
Result<std::optional<RuleDecision>> route_by_rules(storage::UnitOfWork& work, IdSource& ids,
                                                   OrderId order, const RuleAsking& asking);

/// Whether no site gives more of an article than it can promise.
bool is_within_stock(const domain::RoutingFacts& facts,
                     const std::vector<domain::RoutedGroup>& groups);

}  // namespace cairn::central
