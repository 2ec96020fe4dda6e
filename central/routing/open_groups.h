#pragma once
// Opens the ship groups that routing decided on. Loop only.

#include "core/base/id_source.h"
#include "core/domain/order/order.h"
#include "core/domain/routing/routing.h"
#include "core/storage/projections/orders.h"
#include "core/storage/unit_of_work.h"

#include <vector>

namespace cairn::central {

/// Inside a job; `groups` share out lines of `lines`, the order's own. The rows agree afterwards,
/// so that the next order sees what this one took. What is too large for one record becomes several
/// groups of the site. Errors: those of UnitOfWork::record().
Result<> open_groups(storage::UnitOfWork& work, IdSource& ids, const storage::OrderRow& order,
                     const std::vector<storage::OrderLineRow>& lines,
                     const std::vector<domain::RoutedGroup>& groups,
                     domain::FulfilmentMethod method, UserId actor);

}  // namespace cairn::central
