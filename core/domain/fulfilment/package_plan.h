#pragma once
// What goes into the next package: units from the tote in line order, until it weighs what one
// person may lift. Pure.

#include "core/domain/fulfilment/ship_group.h"

#include <vector>

namespace cairn::domain {

/// Empty if nothing is in the tote. A single unit heavier than the limit travels alone.
std::vector<LineUnits> next_package(const ShipGroup& group);

}  // namespace cairn::domain
