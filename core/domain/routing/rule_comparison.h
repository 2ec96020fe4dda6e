#pragma once
// What another rule set would have made of an order: simulation on what was decided before. Pure.

#include "core/base/result.h"
#include "core/domain/routing/routing_facts.h"

#include <cstdint>
#include <vector>

namespace cairn::domain {

struct ThroughRules {
  std::vector<RoutedGroup> groups;  ///< in the order of the rules that opened them
  std::vector<RoutingShare> rest;
  ParkingQueue queue = ParkingQueue::kBrokering;  ///< where the rest waits
};

/// All of the set's active routings, one after the other, each with what the ones before left.
/// Errors: those of run_rules().
Result<ThroughRules> route_through(const RuleSet& rules, RoutingFacts facts, UtcTime at);

/// Figures of groups, by one rule set's rates, so that two decisions can be compared.
struct ShipmentFigures {
  std::int64_t shipments = 0;
  std::int64_t unpriced = 0;    ///< of these: the rates have no price for them
  std::int64_t cost_micro = 0;  ///< of the others; no split penalty
  std::int64_t distance_m = 0;  ///< from each site to the customer, summed
  friend bool operator==(const ShipmentFigures&, const ShipmentFigures&) = default;
  void add(const ShipmentFigures& other);
};
/// `groups` are of the facts' sites and lines; what is of others is left out.
ShipmentFigures figures_of(const RuleSet& rules, const RoutingFacts& facts,
                           const std::vector<RoutedGroup>& groups);

/// The same sites with the same shares, whatever their order.
bool same_shipments(std::vector<RoutedGroup> a, std::vector<RoutedGroup> b);

}  // namespace cairn::domain
