#pragma once
// What an order costs from a site: the figures of a cost case (cost_routing.h) from rates. Rates
// are straight lines, so that the sum over the lines is the price of the parcel: a label costs so
// much and so much for each kilogram, not more with each started one. Pure.

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::domain {

/// The greatest of any rate, in micro-units (cost_routing.h).
inline constexpr std::int64_t kMaxRateMicro = 1'000'000'000;

/// Carriers' zones by distance: a label costs this as far as the zone reaches.
struct LabelZone {
  std::int64_t reach_m = 0;
  std::int64_t label_micro = 0;
  std::int64_t kg_micro = 0;  ///< for each kilogram of billable weight
};

struct CostRates {
  std::vector<LabelZone> zones;  ///< by reach, ascending; none reaches further than the last
  /// Cubic centimetres that count as a kilogram, e.g. 5000, or 6000 (IATA); 0: weight alone counts.
  std::int64_t volume_divisor = 0;
  std::int64_t km_micro = 0;        ///< for each kilometre, besides the label
  std::int64_t late_day_micro = 0;  ///< for each unit and each day after the promise
  /// For a unit of an article of which the site has nothing more than it sells now; less in
  /// proportion, nothing from `ample_weeks_milli` of supply on.
  std::int64_t scarcity_micro = 0;
  std::int64_t ample_weeks_milli = 0;
};

/// Errors: kInvalid "bad_cost_rates" with a sentence.
Result<> validate(const CostRates& rates);

/// One unit of a line.
struct UnitSize {
  std::int64_t weight_mg = 0;
  std::int64_t volume_mm3 = 0;  ///< 0: not known
};

/// The greater of weight and volume by the divisor: what carriers charge for.
std::int64_t billable_mg(const UnitSize& unit, std::int64_t volume_divisor);

/// A site's own figures for an order.
struct SiteFacts {
  std::int64_t distance_m = 0;
  std::int64_t handling_micro = 0;  ///< picking and packing of a shipment
  std::int64_t late_days = 0;       ///< that a parcel from there comes after the promise
  struct Line {
    std::int64_t supply_weeks_milli = 0;  ///< available, by what the site sells a week
    std::int64_t markdown_micro = 0;      ///< credit for each unit: it would be marked down there
  };
  std::vector<Line> lines;  ///< as many as the order has
};

struct SiteCosts {
  std::int64_t fixed_micro = 0;
  std::vector<std::int64_t> unit_micro;  ///< by line
};

/// Figures beyond what a parcel is (a tonne, a year, kMaxRateMicro) count as that much.
/// Nothing: no zone reaches as far. `rates` are valid, `units` as many as the site's lines.
std::optional<SiteCosts> landed_cost(const CostRates& rates, const std::vector<UnitSize>& units,
                                     const SiteFacts& site);

}  // namespace cairn::domain
