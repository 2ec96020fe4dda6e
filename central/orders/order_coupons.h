#pragma once
// Coupons of orders that are cancelled whole. Inside a job of the writer. Loop only.

#include "core/storage/unit_of_work.h"

namespace cairn::central {

/// Its coupons can be used again, if all of it is cancelled and none of it left. To be called after
/// whatever cancels, rejects or writes off units.
Result<> give_back_coupons(storage::UnitOfWork& work, OrderId order, UserId actor);

}  // namespace cairn::central
