#pragma once
// A routing decision with everything it was made from, so that it can be explained, and made again
// bit for bit on any machine at any time. The hub stores one with each decision
// (core/wire/routing_trace.h); people who ask why an order went where it went read it. Pure.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/domain/routing/assignment.h"
#include "core/domain/routing/site_exclusion.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::domain {

/// Of the rules by which assign() decides. It rises whenever the same case would be decided
/// otherwise; then a golden trace of the old version stays, and what made it stays callable.
inline constexpr std::uint32_t kRoutingVersion = 1;

struct RoutingTrace {
  std::uint32_t version = kRoutingVersion;
  OrderId order;
  UtcTime decided_at;
  std::string rule;                    ///< its name, 1-64 octets
  std::vector<ExcludedSite> excluded;  ///< sites that were no candidates, as they were looked at
  CostCase candidates;                 ///< what was needed, and the sites as the rule sorted them
  AssignmentRules rules;
  Assigned assigned;
  friend bool operator==(const RoutingTrace&, const RoutingTrace&) = default;
};

/// Decides again.
/// Errors: kInvalid "unknown_routing_version", and those of assign().
Result<Assigned> replay(const RoutingTrace& trace);

}  // namespace cairn::domain
