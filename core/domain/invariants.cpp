#include "core/domain/invariants.h"

#include <fmt/format.h>

namespace cairn::domain {

Result<> check_unit_buckets(const ShipGroup& group) {
  for (const ShipGroupLineState& line : group.lines) {
    const LineBuckets& in = line.in;
    const bool negative = in.open_milli < 0 || in.picked_milli < 0 || in.shipped_milli < 0;
    const std::int64_t sum = in.open_milli + in.picked_milli + in.shipped_milli;
    if (negative || sum != line.line.ordered.milli) {
      return fail(
          ErrorCode::kInternal, "invariant_broken",
          fmt::format("I12: ship group {} line {}: ordered {}, open {}, picked {}, shipped {}",
                      group.id.value().text(), line.line.line.value(), line.line.ordered.milli,
                      in.open_milli, in.picked_milli, in.shipped_milli));
    }
  }
  return {};
}

}  // namespace cairn::domain
