#pragma once
// One order through the rules of a routing. Pure: the hub offers orders one after the other, checks
// the answer again inside the transaction that reserves, and writes both with the traces.

#include "core/domain/routing/candidates.h"
#include "core/domain/routing/routing_trace.h"

#include <optional>
#include <vector>

namespace cairn::domain {

struct RuleRun {
  std::vector<RoutedGroup> groups;      ///< in the order of the rules that opened them
  std::vector<RoutingShare> rest;       ///< what no rule gave to anybody
  std::optional<ParkingQueue> move_to;  ///< for the rest; nothing: it stays where it is
  std::optional<UtcTime> auto_cancel_at;
  std::vector<RoutingTrace> traces;  ///< of every rule that was asked
};

/// Rules by sequence, each with what the ones before left: its action says what becomes of that.
/// A time at which the rest is cancelled is only set where there is none yet, so that it does not
/// move away with each run; an order of which nothing is left has none.
/// Errors: kInvalid "bad_routing_case" (assignment.h): costs or quantities out of their range.
Result<RuleRun> run_rules(const OrderRouting& routing, WaitingOrder order,
                          std::vector<SiteForOrder> sites, UtcTime now);

}  // namespace cairn::domain
