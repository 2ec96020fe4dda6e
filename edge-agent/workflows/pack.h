#pragma once
// Packing: what goes into the next package, its weight checked, and the group out of the door. Each
// function runs inside a job of the writer. Loop only.

#include "core/domain/fulfilment/weigh_check.h"
#include "core/storage/unit_of_work.h"
#include "edge-agent/workflows/operator.h"

#include <optional>
#include <vector>

namespace cairn::agent {

/// What to put into the next package; empty if nothing is in the tote.
struct NextPackage {
  std::vector<domain::LineUnits> lines;
  domain::WeighResult weight;  ///< expected and tolerance; not weighed yet
};
/// Errors: kNotFound "no_such_group".
Result<NextPackage> plan_package(storage::UnitOfWork& work, ShipGroupId group);

/// `lines`: empty means those of plan_package(). Errors: those of domain::decide().
Result<EventRef> close_package(storage::UnitOfWork& work, ShipGroupId group,
                               const domain::ClosePackage& package, const Operator& by);

/// Every package leaves the site. Errors: those of domain::decide().
Result<EventRef> ship(storage::UnitOfWork& work, ShipGroupId group, const Operator& by);

}  // namespace cairn::agent
