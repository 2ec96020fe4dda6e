#pragma once
// Moves orders between queues, and cancels what waited until its time was up. Each function runs
// inside a job of the writer. Loop only.

#include "core/domain/routing/parking_queue.h"
#include "core/storage/projections/order_queues.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <optional>

namespace cairn::central {

/// By a rule: where the order's rest waits from now on. What is so already writes nothing. In
/// UNFILLABLE_HOLD and CUSTOMER_SERVICE no time is ever up.
Result<> park_order(storage::UnitOfWork& work, OrderId order, domain::ParkingQueue queue,
                    std::optional<UtcTime> auto_cancel_at, UserId actor);
/// Nothing of the order waits any more: what was said of its queue holds no longer.
Result<> unpark_order(storage::UnitOfWork& work, OrderId order, UserId actor);
/// The same, if so it is; else nothing. What waits for the customer's choice does not count.
Result<> unpark_if_done(storage::UnitOfWork& work, OrderId order, UserId actor);

/// By a person. Errors: kNotFound "no_such_order", kRejected "no_units_wait", "is_customers_choice"
/// (from or to PICKUP_REJECTED), kInvalid "hold_has_no_end".
Result<storage::OrderQueue> move_order(storage::UnitOfWork& work, OrderId order,
                                       domain::ParkingQueue queue,
                                       std::optional<UtcTime> auto_cancel_at, UserId actor);

/// Cancels what waits of an order whose time has come, reason AUTO_CANCEL, and ends its wait; one
/// whose time has not come, that is held, or has been moved away meanwhile, is left as it is. What
/// sites have, and lines with pickups for which the customer has to choose, stay. How many units
/// were cancelled.
Result<std::int64_t> cancel_expired(storage::UnitOfWork& work, OrderId order);

}  // namespace cairn::central
