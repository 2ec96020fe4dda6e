#include "core/domain/fulfilment/package_plan.h"

#include "core/domain/fulfilment/weigh_check.h"

#include <algorithm>

namespace cairn::domain {
namespace {

/// How much of the line fits into what is left: all of it, or whole units.
std::int64_t fitting_milli(const ShipGroupLineState& line, std::int64_t left_mg) {
  if (weight_of_units(line, line.in.picked_milli) <= left_mg) return line.in.picked_milli;
  return std::min(line.in.picked_milli, left_mg / line.line.unit_weight_mg * kMilliPerUnit);
}

}  // namespace

std::vector<LineUnits> next_package(const ShipGroup& group) {
  std::vector<LineUnits> contents;
  std::int64_t left_mg = kPackageMostMg;
  for (const ShipGroupLineState& line : group.lines) {
    if (line.in.picked_milli <= 0) continue;
    std::int64_t milli = fitting_milli(line, left_mg);
    if (milli == 0 && contents.empty()) milli = std::min(line.in.picked_milli, kMilliPerUnit);
    if (milli > 0) contents.push_back({line.line.line, milli});
    left_mg -= weight_of_units(line, milli);
    if (milli < line.in.picked_milli || left_mg < 0) break;
  }
  return contents;
}

}  // namespace cairn::domain
