#include "core/domain/fulfilment/weigh_check.h"

#include <algorithm>
#include <cstdlib>

namespace cairn::domain {
namespace {

constexpr std::int64_t kToleranceLeastMg = 30'000;
constexpr std::int64_t kTolerancePerMille = 20;

/// Every way to explain what is lacking by leaving out units of one line; two are enough to know
/// that it is not clear.
std::vector<LineUnits> explanations(const ShipGroup& group, const std::vector<LineUnits>& contents,
                                    std::int64_t lacking_mg, std::int64_t tolerance_mg) {
  std::vector<LineUnits> found;
  for (const LineUnits& units : contents) {
    const ShipGroupLineState* const line = group.find(units.line);
    if (line == nullptr || line->line.unit_weight_mg == 0) continue;
    // Only counts around lacking / unit weight can fit: no loop over thousands of units.
    const std::int64_t unit = line->line.unit_weight_mg;
    const std::int64_t least =
        std::max<std::int64_t>(1, (lacking_mg - tolerance_mg + unit - 1) / unit);
    const std::int64_t most =
        std::min(units.milli / kMilliPerUnit, (lacking_mg + tolerance_mg) / unit);
    for (std::int64_t count = least; count <= most && found.size() < 2; ++count) {
      found.push_back({units.line, count * kMilliPerUnit});
    }
  }
  return found;
}

}  // namespace

std::int64_t weight_of_units(const ShipGroupLineState& line, std::int64_t milli) {
  return line.line.unit_weight_mg * (milli / kMilliPerUnit) +
         line.line.unit_weight_mg * (milli % kMilliPerUnit) / kMilliPerUnit;
}

std::int64_t weigh_tolerance_mg(std::int64_t expected_mg) {
  return std::max(kToleranceLeastMg, expected_mg * kTolerancePerMille / 1000);
}

WeighResult weigh_check(const ShipGroup& group, const std::vector<LineUnits>& contents,
                        std::int64_t weight_mg) {
  WeighResult result;
  result.checked = true;
  for (const LineUnits& units : contents) {
    const ShipGroupLineState* const line = group.find(units.line);
    if (line == nullptr || line->line.unit_weight_mg == 0) {
      result.checked = false;
      continue;
    }
    result.expected_mg += weight_of_units(*line, units.milli);
  }
  result.tolerance_mg = weigh_tolerance_mg(result.expected_mg);
  const std::int64_t lacking_mg = result.expected_mg - weight_mg;
  result.matches = !result.checked || std::abs(lacking_mg) <= result.tolerance_mg;
  if (result.matches || lacking_mg < 0) return result;
  const auto found = explanations(group, contents, lacking_mg, result.tolerance_mg);
  if (found.size() == 1) result.missing = found.front();
  return result;
}

}  // namespace cairn::domain
