#pragma once
// Orders at the hub: place them once, cancel units of them. Each function runs inside a job of the
// writer. Loop only.

#include "core/domain/order/order.h"
#include "core/storage/projections/orders.h"
#include "core/storage/unit_of_work.h"

#include <map>
#include <string>
#include <vector>

namespace cairn::central {

/// The same channel and number always mean the same order, on every hub.
OrderId order_id_of(const std::string& channel, const std::string& external_id);

/// Errors: kInvalid "bad_order"; kConflict "order_exists" (placed before: nothing is changed).
Result<OrderId> place_order(storage::UnitOfWork& work, domain::OrderPlaced order, UserId actor);

struct UnitCancellation {
  OrderId order;
  LineNo line;
  std::int64_t milli = 0;
  domain::CancelReason reason = domain::CancelReason::kCustomer;
  std::string source;
  Bytes biz_key;  ///< empty: none
};

/// What a command about many lines reads once. It holds as long as no line is asked about twice.
struct LoadedOrder {
  domain::Order order;
  std::vector<storage::OrderLineRow> lines;
  std::map<LineNo, std::vector<ShipGroupId>> groups;  ///< that have the line, the newest first
};
/// Errors: kNotFound "no_such_order".
Result<LoadedOrder> load_order(storage::UnitOfWork& work, OrderId order);

/// Takes units off an order, wherever they are: those that no site has first, then those in ship
/// groups, the newest group first. What was said of the order's queue ends with its last unit that
/// waits, and its coupons can be used again once all of it is cancelled. Before a group is packed
/// the cancellation wins, afterwards it is refused: then nothing of it happens. Errors: kNotFound
/// "no_such_order", "no_such_line"; kRejected "too_late" (packed, or gone); kInvalid
/// "bad_quantity", "bad_source".
Result<> cancel_units(storage::UnitOfWork& work, const UnitCancellation& cancellation,
                      UserId actor);
Result<> cancel_units(storage::UnitOfWork& work, const LoadedOrder& order,
                      const UnitCancellation& cancellation, UserId actor);

/// Units of a line of goods that cancel_units() can still take off.
std::int64_t cancellable_milli(storage::UnitOfWork& work, const LoadedOrder& order, LineNo line);

/// Units that a pickup site could not give are shipped instead. Errors: kNotFound "no_such_order";
/// those of domain::decide().
Result<> convert_pickup(storage::UnitOfWork& work, OrderId order, LineNo line, std::int64_t milli,
                        UserId actor);

/// Remembers a cancellation that means nothing, under its own number and `biz_key`. Errors:
/// kInvalid "bad_quantity", "bad_source".
Result<> note_unmatched(storage::UnitOfWork& work, const std::string& channel,
                        const domain::CancellationUnmatched& cancellation, const Bytes& biz_key,
                        UserId actor);

}  // namespace cairn::central
