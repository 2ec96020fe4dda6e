#include "core/domain/invariants.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace cairn::domain {
namespace {

/// What the packages hold is what is packed or has left.
Result<> check_package_contents(const ShipGroup& group) {
  std::map<LineNo, std::int64_t> inside;
  for (const Package& package : group.packages) {
    for (const LineUnits& units : package.lines) inside[units.line] += units.milli;
  }
  for (const ShipGroupLineState& line : group.lines) {
    if (inside[line.line.line] >= line.in.packed_milli) continue;
    return fail(ErrorCode::kInternal, "invariant_broken",
                fmt::format("I12: ship group {} line {}: {} packed, {} in packages",
                            group.id.value().text(), line.line.line.value(), line.in.packed_milli,
                            inside[line.line.line]));
  }
  return {};
}

}  // namespace

Result<> check_unit_buckets(const ShipGroup& group) {
  for (const ShipGroupLineState& line : group.lines) {
    const LineBuckets& in = line.in;
    const auto buckets = {in.open_milli,        in.picked_milli,  in.packed_milli,
                          in.shipped_milli,     in.short_milli,   in.cancelled_milli,
                          in.handed_over_milli, in.returned_milli};
    const bool negative =
        std::ranges::any_of(buckets, [](std::int64_t milli) { return milli < 0; });
    if (negative || in.sum_milli() != line.line.ordered.milli) {
      return fail(ErrorCode::kInternal, "invariant_broken",
                  fmt::format("I12: ship group {} line {}: ordered {}, in buckets {}",
                              group.id.value().text(), line.line.line.value(),
                              line.line.ordered.milli, fmt::join(buckets, " ")));
    }
  }
  return check_package_contents(group);
}

}  // namespace cairn::domain
