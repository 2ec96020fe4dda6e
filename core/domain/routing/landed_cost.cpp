#include "core/domain/routing/landed_cost.h"

#include "core/base/assert.h"

#include <algorithm>
#include <string>

namespace cairn::domain {
namespace {

constexpr std::int64_t kHeaviestMg = 1'000'000'000;
constexpr std::int64_t kLargestMm3 = 1'000'000'000'000;
constexpr std::int64_t kFarthestM = 20'100'000;  // half way round the Earth
constexpr std::int64_t kLatestDays = 366;

tl::unexpected<Error> bad_rates(std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_cost_rates",
              "these costs cannot be used: " + std::string(what) + "; nothing was changed");
}

bool is_rate(std::int64_t micro) { return 0 <= micro && micro <= kMaxRateMicro; }

/// A part of the rate for what is missing of an ample supply.
std::int64_t scarcity(const CostRates& rates, std::int64_t weeks_milli) {
  const std::int64_t ample = rates.ample_weeks_milli;
  if (ample == 0) return 0;
  return rates.scarcity_micro * (ample - std::clamp<std::int64_t>(weeks_milli, 0, ample)) / ample;
}

}  // namespace

Result<> validate(const CostRates& rates) {
  if (rates.zones.empty()) return bad_rates("a zone says how far a label reaches");
  std::int64_t before_m = -1;
  for (const LabelZone& zone : rates.zones) {
    if (zone.reach_m <= before_m) return bad_rates("each zone reaches further than the one before");
    if (!is_rate(zone.label_micro) || !is_rate(zone.kg_micro)) {
      return bad_rates("a zone's price is below zero or above 1,000");
    }
    before_m = zone.reach_m;
  }
  for (const std::int64_t micro : {rates.km_micro, rates.late_day_micro, rates.scarcity_micro}) {
    if (!is_rate(micro)) return bad_rates("a rate is below zero or above 1,000");
  }
  if (rates.volume_divisor < 0) return bad_rates("the volume divisor is below zero");
  if (rates.ample_weeks_milli < 0 || rates.ample_weeks_milli > 1'000'000) {
    return bad_rates("an ample supply is 0 to 1,000 weeks");
  }
  return {};
}

std::int64_t billable_mg(const UnitSize& unit, std::int64_t volume_divisor) {
  const std::int64_t weight = std::clamp<std::int64_t>(unit.weight_mg, 0, kHeaviestMg);
  if (volume_divisor == 0) return weight;
  const std::int64_t volume = std::clamp<std::int64_t>(unit.volume_mm3, 0, kLargestMm3);
  return std::clamp(volume * 1000 / volume_divisor, weight, kHeaviestMg);
}

std::optional<SiteCosts> landed_cost(const CostRates& rates, const std::vector<UnitSize>& units,
                                     const SiteFacts& site) {
  CAIRN_ASSERT(units.size() == site.lines.size(), "a site has figures for every line");
  const std::int64_t distance_m = std::clamp<std::int64_t>(site.distance_m, 0, kFarthestM);
  const auto zone = std::ranges::find_if(
      rates.zones, [distance_m](const LabelZone& z) { return distance_m <= z.reach_m; });
  if (zone == rates.zones.end()) return std::nullopt;
  SiteCosts costs;
  costs.fixed_micro = zone->label_micro + distance_m * rates.km_micro / 1000 +
                      std::clamp<std::int64_t>(site.handling_micro, 0, kMaxRateMicro);
  const std::int64_t late =
      rates.late_day_micro * std::clamp<std::int64_t>(site.late_days, 0, kLatestDays);
  for (std::size_t line = 0; line < units.size(); ++line) {
    const std::int64_t mg = billable_mg(units[line], rates.volume_divisor);
    costs.unit_micro.push_back(
        zone->kg_micro * mg / 1'000'000 + late +
        scarcity(rates, site.lines[line].supply_weeks_milli) -
        std::clamp<std::int64_t>(site.lines[line].markdown_micro, 0, kMaxRateMicro));
  }
  return costs;
}

}  // namespace cairn::domain
