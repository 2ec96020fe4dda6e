#pragma once
// An order that is to be routed with costs: what is needed, the sites in the order in which they
// are to be asked, what each has and takes. landed_cost.h makes the costs; cost_routing.h and
// assignment.h decide. Pure.

#include "core/base/result.h"
#include "core/domain/routing/routing.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn::domain {

/// Costs are in micro-units: millionths of the currency's unit, so 1.50 EUR is 1,500,000. The most
/// that a site, or a line at a site, may cost; less than it is worth, where it earns.
inline constexpr std::int64_t kMaxCostMicro = 1'000'000'000'000'000;

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

/// Errors: kInvalid "bad_routing_case" with a sentence: figures out of their range, offers that are
/// not as many as sites times needs. That each site is there once is for the caller to see to.
Result<> validate(const CostCase& order, const CostRules& rules);

/// Of valid groups of a valid case.
std::int64_t cost_micro(const CostCase& order, const CostRules& rules,
                        const std::vector<RoutedGroup>& groups);

/// So much of 1000: rounded down, also below zero.
constexpr std::int64_t for_milli(std::int64_t per_unit, std::int64_t milli) {
  const std::int64_t product = per_unit * milli;
  return product / 1000 - (product % 1000 < 0 ? 1 : 0);
}

}  // namespace cairn::domain
