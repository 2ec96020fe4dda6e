#include "central/orders/order_queue_book.h"

#include "central/orders/order_book.h"
#include "central/orders/order_coupons.h"
#include "core/base/stamp_range.h"
#include "core/storage/projections/orders.h"

#include <algorithm>
#include <string>

namespace cairn::central {
namespace {

using domain::ParkingQueue;

Result<> record_parked(storage::UnitOfWork& work, OrderId order, const domain::OrderParked& parked,
                       UserId actor) {
  const auto written =
      work.record({domain::OrderEvent(parked), domain::order_key(order), SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

}  // namespace

Result<> park_order(storage::UnitOfWork& work, OrderId order, ParkingQueue queue,
                    std::optional<UtcTime> auto_cancel_at, UserId actor) {
  if (domain::waits_for_people(queue)) auto_cancel_at.reset();
  const auto now = storage::queue_of(work.connection(), order);
  if (now && now->queue == queue && now->auto_cancel_at == auto_cancel_at) return {};
  return record_parked(work, order, {queue, auto_cancel_at}, actor);
}

Result<> unpark_order(storage::UnitOfWork& work, OrderId order, UserId actor) {
  if (!storage::said_queue(work.connection(), order)) return {};
  return record_parked(work, order, {}, actor);
}

Result<> unpark_if_done(storage::UnitOfWork& work, OrderId order, UserId actor) {
  if (!storage::said_queue(work.connection(), order)) return {};
  work.replica().save_views();  // what a ship group has just given up, or was just given
  if (storage::is_waiting(work.connection(), order)) return {};
  return unpark_order(work, order, actor);
}

Result<storage::OrderQueue> move_order(storage::UnitOfWork& work, OrderId order, ParkingQueue queue,
                                       std::optional<UtcTime> auto_cancel_at, UserId actor) {
  if (!storage::find_order(work.connection(), order)) {
    return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  }
  if (auto_cancel_at && (auto_cancel_at->us <= 0 || !is_recordable(*auto_cancel_at))) {
    return fail(ErrorCode::kInvalid, "bad_time",
                "auto_cancel_at lies between 1970 and the year 6429; nothing was changed");
  }
  const auto now = storage::queue_of(work.connection(), order);
  if (!now) {
    return fail(ErrorCode::kRejected, "no_units_wait",
                "nothing of this order waits: every unit is with a site or cancelled; nothing was "
                "changed");
  }
  if (now->queue == ParkingQueue::kPickupRejected || queue == ParkingQueue::kPickupRejected) {
    return fail(
        ErrorCode::kRejected, "is_customers_choice",
        "what a pickup site could not give waits for the customer's choice: cancel the units "
        "or convert them to be shipped; nothing was changed");
  }
  if (domain::waits_for_people(queue) && auto_cancel_at) {
    return fail(
        ErrorCode::kInvalid, "hold_has_no_end",
        "what waits in UNFILLABLE_HOLD or CUSTOMER_SERVICE is never cancelled by itself: leave "
        "auto_cancel_at out, or move it to UNFILLABLE_PARKING; nothing was changed");
  }
  if (!now->said || now->queue != queue || now->auto_cancel_at != auto_cancel_at) {
    if (auto ok = record_parked(work, order, {queue, auto_cancel_at}, actor); !ok) {
      return fail(ok.error());
    }
  }
  return storage::OrderQueue{queue, auto_cancel_at, true};
}

Result<std::int64_t> cancel_expired(storage::UnitOfWork& work, OrderId order) {
  const auto due = storage::auto_cancel_of(work.connection(), order);
  if (!due || *due > work.now()) return 0;
  const auto row = storage::find_order(work.connection(), order);
  if (!row || row->standing.hold) return 0;
  const auto loaded = load_order(work, order);
  if (!loaded) return fail(loaded.error());
  std::int64_t cancelled = 0;
  for (const storage::OrderLineRow& line : loaded->lines) {
    const std::int64_t waiting = line.progress.waiting_milli();
    // A cancellation takes what the customer has yet to choose for first: not by itself.
    if (waiting <= 0 || line.progress.parked_milli() > 0) continue;
    const UnitCancellation wanted{
        order, line.progress.line, waiting, domain::CancelReason::kAutoCancel, "", {}};
    if (auto ok = cancel_units(work, *loaded, wanted, UserId{}); !ok) return fail(ok.error());
    cancelled += waiting;
  }
  if (auto ok = give_back_coupons(work, order, UserId{}); !ok) return fail(ok.error());
  if (auto ok = unpark_order(work, order, UserId{}); !ok) return fail(ok.error());
  return cancelled;
}

}  // namespace cairn::central
