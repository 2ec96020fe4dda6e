#pragma once
// Orders as a whole: held, released, rejected, cancelled. Each function runs inside a job of the
// writer. Loop only.

#include "core/domain/order/order.h"
#include "core/storage/projections/orders.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::central {

/// The order's status as its rows tell it.
domain::OrderStatus status_of(const storage::OrderRow& order,
                              const std::vector<storage::OrderLineRow>& lines);

/// Errors of all of them: kNotFound "no_such_order"; those of domain::decide().
Result<> hold_order(storage::UnitOfWork& work, OrderId order, domain::HoldReason reason,
                    const std::string& note, UserId actor);
/// Whose time came while it was held waits without one from now on.
Result<> release_hold(storage::UnitOfWork& work, OrderId order, const std::string& note,
                      UserId actor);
/// Also cancels every unit and service of it.
Result<> reject_order(storage::UnitOfWork& work, OrderId order, const std::string& note,
                      UserId actor);

struct LineCancellation {
  LineNo line;
  std::int64_t cancelled_milli = 0;  ///< now
  std::int64_t too_late_milli = 0;   ///< packed, shipped or handed over: not cancelled
};

/// As far as it can be cancelled. Services are cancelled with the last unit of goods. One that has
/// ended already stays as it is. `source`: what asked for it; at most 64 octets. Errors: kNotFound
/// "no_such_order", kInvalid "bad_source".
Result<std::vector<LineCancellation>> cancel_order(storage::UnitOfWork& work, OrderId order,
                                                   domain::CancelReason reason,
                                                   const std::string& source, UserId actor);

}  // namespace cairn::central
