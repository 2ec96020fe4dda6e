#pragma once
// Where an order is filled from at the least cost: the sum of what each used site costs (label,
// handling, distance), of what each unit costs there, and of a penalty for every shipment but the
// first. Exact up to ten lines; what it does beyond is said in the answer. Pure: the same case
// gives the same decision, bit for bit. docs/routing.md, cost mode; landed_cost.h makes the costs.

#include "core/base/result.h"
#include "core/domain/routing/cost_case.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cairn::domain {

/// Lines of an order that are decided exactly; lines that go together count as one.
inline constexpr std::size_t kMaxExactLines = 10;

/// Numbers are stored: never reused.
enum class CostMethod : std::uint8_t {
  kExact = 1,        ///< no cheaper way is within the rules
  kFewestSites = 2,  ///< too large to be decided exactly: the cheapest site that has all of it,
                     ///< else as route() has it, the sites' order for distance; else it waits
};

/// "EXACT", "FEWEST_SITES"; empty for a number that is neither.
std::string_view name_of(CostMethod method);

struct CostDecision {
  RoutingDecision routing;  ///< groups in the order of the case's sites
  CostMethod method = CostMethod::kExact;
  std::int64_t cost_micro = 0;  ///< of the groups
};

/// Least cost, then fewest shipments, then the list of sites that comes first in the case's order,
/// then the first of these with as much as possible of the first line, and so on.
/// With PartialOrders::kSplitLines, where not all can go: line by line, in the case's order, what
/// can go together with what was taken before; the others wait.
/// Errors: those of validate().
Result<CostDecision> route_by_cost(const CostCase& order, const CostRules& rules);

}  // namespace cairn::domain
