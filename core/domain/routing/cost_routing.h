#pragma once
// Where an order is filled from at the least cost: the sum of what each used site costs (label,
// handling, distance), of what each unit costs there, and of a penalty for every shipment but the
// first. Exact up to ten lines; what it does beyond is said in the answer. Pure: the same case
// gives the same decision, bit for bit. docs/routing.md, cost mode; landed_cost.h makes the costs.

#include "core/base/result.h"
#include "core/domain/routing/routing.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::domain {

/// Costs are in micro-units: millionths of the currency's unit, so 1.50 EUR is 1,500,000. The most
/// that a site, or a line at a site, may cost; less than it is worth, where it earns.
inline constexpr std::int64_t kMaxCostMicro = 1'000'000'000'000'000;

/// Lines of an order that are decided exactly; lines that go together count as one.
inline constexpr std::size_t kMaxExactLines = 10;

struct CostNeed {
  LineNo line;  ///< each once
  Sku sku;
  std::int64_t milli = 0;             ///< > 0
  std::int64_t unit_value_minor = 0;  ///< for each 1000 milli, >= 0; for `threshold_minor`
  std::uint32_t together = 0;         ///< lines of one number go whole to one site; 0: by itself
  friend bool operator==(const CostNeed&, const CostNeed&) = default;
};

/// One site for one need.
struct CostOffer {
  std::int64_t available_milli = 0;  ///< of the article, for all needs of it; below zero is nothing
  std::int64_t unit_micro = 0;       ///< for each 1000 milli; negative where a sale is welcome
  friend bool operator==(const CostOffer&, const CostOffer&) = default;
};

struct CostSite {
  SiteId site;                   ///< each once
  std::int64_t fixed_micro = 0;  ///< once it gives anything, >= 0
  friend bool operator==(const CostSite&, const CostSite&) = default;
};

struct CostCase {
  std::vector<CostNeed> needs;
  std::vector<CostSite> sites;    ///< the best first: of equal costs the earlier is taken
  std::vector<CostOffer> offers;  ///< site after site, each with an offer for every need

  [[nodiscard]] const CostOffer& offer(std::size_t site, std::size_t need) const {
    return offers[site * needs.size() + need];
  }
  friend bool operator==(const CostCase&, const CostCase&) = default;
};

struct CostRules {
  std::int64_t split_penalty_micro = 0;  ///< for each shipment but the first, >= 0
  std::uint32_t shipments_most = 0;      ///< 0: any number
  /// With more than one shipment, or where something waits, each shipment's goods are worth as
  /// much at least, and so is what waits; 0: no such limit.
  std::int64_t threshold_minor = 0;
  /// A line that no site has whole is shared out by whole units.
  bool split_quantities = true;
  PartialOrders partial = PartialOrders::kWait;
  friend bool operator==(const CostRules&, const CostRules&) = default;
};

/// Numbers are stored: never reused.
enum class CostMethod : std::uint8_t {
  kExact = 1,        ///< no cheaper way is within the rules
  kFewestSites = 2,  ///< too large to be decided exactly: the cheapest site that has all of it,
                     ///< else as route() has it, the sites' order for distance; else it waits
};

struct CostDecision {
  RoutingDecision routing;  ///< groups in the order of the case's sites
  CostMethod method = CostMethod::kExact;
  std::int64_t cost_micro = 0;  ///< of the groups
};

/// Least cost, then fewest shipments, then the list of sites that comes first in the case's order,
/// then the first of these with as much as possible of the first line, and so on.
/// With PartialOrders::kSplitLines, where not all can go: line by line, in the case's order, what
/// can go together with what was taken before; the others wait.
/// Errors: kInvalid "bad_routing_case" with a sentence: figures out of their range, offers that are
/// not as many as sites times needs.
Result<CostDecision> route_by_cost(const CostCase& order, const CostRules& rules);

}  // namespace cairn::domain
