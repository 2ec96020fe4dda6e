#pragma once
// Does a package weigh what its contents should? And if it is too light: what is missing? Pure.

#include "core/domain/fulfilment/ship_group.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::domain {

struct WeighResult {
  bool checked = false;  ///< every unit's weight is known
  bool matches = false;  ///< within the tolerance; true if nothing can be checked
  std::int64_t expected_mg = 0;
  std::int64_t tolerance_mg = 0;
  /// The one line and number of units whose absence explains the difference; nothing if several
  /// could, or none, or if the package is too heavy.
  std::optional<LineUnits> missing;
};

/// 0 if a unit's weight is not known.
std::int64_t weight_of_units(const ShipGroupLineState& line, std::int64_t milli);

/// max(2 %, 30 g) of what is expected.
std::int64_t weigh_tolerance_mg(std::int64_t expected_mg);

/// `contents`: lines of the group; `weight_mg`: as weighed, without the empty box.
WeighResult weigh_check(const ShipGroup& group, const std::vector<LineUnits>& contents,
                        std::int64_t weight_mg);

}  // namespace cairn::domain
