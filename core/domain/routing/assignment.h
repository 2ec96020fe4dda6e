#pragma once
// How a routing rule gives an order to the sites that its filters and sorts left (docs/routing.md,
// rules): to one of them, to as many as it takes, or at the least cost. Pure: the same case gives
// the same answer, bit for bit.

#include "core/base/result.h"
#include "core/domain/routing/cost_routing.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// Numbers are stored: never reused. The first two are HotWax's.
enum class Assignment : std::uint8_t {
  kSingle = 1,  ///< all of it from the first site that has all
  kMulti = 2,   ///< that, else from each site in turn what it has
  kCost = 3,    ///< route_by_cost()
};

/// "ORA_SINGLE", "ORA_MULTI", "COST"; empty for a number that is none of them.
std::string_view name_of(Assignment assignment);
/// Errors: kInvalid "bad_assignment" with the known ones.
Result<Assignment> parse_assignment(std::string_view text);

struct AssignmentRules {
  Assignment assignment = Assignment::kSingle;
  /// kMulti: all of it goes, or nothing.
  bool all_or_nothing = false;
  /// kMulti: all but `split_penalty_micro` and `partial`.
  CostRules cost;
  friend bool operator==(const AssignmentRules&, const AssignmentRules&) = default;
};

struct Assigned {
  std::vector<RoutedGroup> groups;  ///< in the order of the case's sites
  std::vector<RoutingShare> rest;   ///< what nobody was given; of kMulti also a part of a line
  CostMethod method = CostMethod::kExact;
  std::int64_t cost_micro = 0;  ///< of the groups
  friend bool operator==(const Assigned&, const Assigned&) = default;
};

/// kSingle and kMulti: a site that has everything has no threshold. kMulti: else each site in turn
/// gives what it has of each line, lines that go together all or nothing; if a share or the rest is
/// worth less than the threshold, nothing is assigned.
/// Errors: those of validate() of the case.
Result<Assigned> assign(const CostCase& order, const AssignmentRules& rules);

}  // namespace cairn::domain
