#pragma once
// Checks that run after every unit of work. A local command that breaks one is rolled back; a
// remote fact that breaks one is kept and reported. Pure.

#include "core/base/result.h"
#include "core/domain/fulfilment/ship_group.h"

namespace cairn::domain {

/// I12: every unit of every line is in exactly one bucket, none is negative.
/// Errors: kInternal "invariant_broken" naming the line and the figures.
Result<> check_unit_buckets(const ShipGroup& group);

}  // namespace cairn::domain
