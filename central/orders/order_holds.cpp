#include "central/orders/order_holds.h"

#include "central/orders/order_book.h"
#include "central/orders/order_coupons.h"
#include "central/orders/order_queue_book.h"
#include "core/storage/projections/order_queues.h"
#include "core/storage/projections/ship_groups.h"

#include <algorithm>
#include <optional>

namespace cairn::central {
namespace {

using domain::LineProgress;

/// An order with its lines and its status.
struct StandingOrder {
  storage::OrderRow row;
  std::vector<storage::OrderLineRow> lines;
  domain::OrderStatus status = domain::OrderStatus::kApproved;

  [[nodiscard]] std::int64_t unrouted_milli() const {
    std::int64_t milli = 0;
    for (const storage::OrderLineRow& line : lines) milli += line.progress.unrouted_milli();
    return milli;
  }
};

Result<StandingOrder> load(storage::UnitOfWork& work, OrderId id) {
  const auto row = storage::find_order(work.connection(), id);
  if (!row) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  StandingOrder order{*row, storage::order_lines(work.connection(), id), {}};
  order.status = status_of(order.row, order.lines);
  return order;
}

/// A site has, or had, some of it.
bool is_with_a_site(storage::UnitOfWork& work, OrderId order) {
  storage::ShipGroupFilter filter;
  filter.order = order;
  filter.limit = 1;
  return !storage::ship_groups(work.connection(), filter).empty();
}

Result<> record_standing(storage::UnitOfWork& work, OrderId order, const domain::OrderEvent& event,
                         UserId actor) {
  const auto written = work.record({event, domain::order_key(order), SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

Result<> cancel_milli(storage::UnitOfWork& work, const LoadedOrder& order, UnitCancellation wanted,
                      std::int64_t milli, UserId actor) {
  if (milli <= 0) return {};
  wanted.milli = milli;
  return cancel_units(work, order, wanted, actor);
}

}  // namespace

domain::OrderStatus status_of(const storage::OrderRow& order,
                              const std::vector<storage::OrderLineRow>& lines) {
  std::vector<LineProgress> progress;
  progress.reserve(lines.size());
  for (const storage::OrderLineRow& line : lines) progress.push_back(line.progress);
  return domain::status_of(progress, order.standing);
}

Result<> hold_order(storage::UnitOfWork& work, OrderId id, domain::HoldReason reason,
                    const std::string& note, UserId actor) {
  const auto order = load(work, id);
  if (!order) return fail(order.error());
  const auto held =
      domain::decide(domain::HoldOrder{reason, note, order->status, order->unrouted_milli()});
  if (!held) return fail(held.error());
  return record_standing(work, id, *held, actor);
}

Result<> release_hold(storage::UnitOfWork& work, OrderId id, const std::string& note,
                      UserId actor) {
  const auto order = load(work, id);
  if (!order) return fail(order.error());
  const auto released = domain::decide(domain::ReleaseHold{note, order->status});
  if (!released) return fail(released.error());
  if (auto ok = record_standing(work, id, *released, actor); !ok) return ok;
  const auto due = storage::auto_cancel_of(work.connection(), id);
  if (!due || *due > work.now()) return {};
  const domain::OrderParked parked{storage::said_queue(work.connection(), id), std::nullopt};
  return record_standing(work, id, parked, actor);
}

Result<> reject_order(storage::UnitOfWork& work, OrderId id, const std::string& note,
                      UserId actor) {
  const auto order = load(work, id);
  if (!order) return fail(order.error());
  const auto rejected =
      domain::decide(domain::RejectOrder{note, order->status, is_with_a_site(work, id)});
  if (!rejected) return fail(rejected.error());
  const auto loaded = load_order(work, id);
  if (!loaded) return fail(loaded.error());
  for (const storage::OrderLineRow& line : order->lines) {
    const LineProgress& progress = line.progress;
    const UnitCancellation wanted{id, progress.line, 0, domain::CancelReason::kHeadOffice, "", {}};
    const std::int64_t rest = progress.ordered_milli - progress.cancelled_milli;
    if (auto ok = cancel_milli(work, *loaded, wanted, rest, actor); !ok) return ok;
  }
  if (auto ok = give_back_coupons(work, id, actor); !ok) return ok;
  if (auto ok = unpark_if_done(work, id, actor); !ok) return ok;
  return record_standing(work, id, *rejected, actor);
}

Result<std::vector<LineCancellation>> cancel_order(storage::UnitOfWork& work, OrderId id,
                                                   domain::CancelReason reason,
                                                   const std::string& source, UserId actor) {
  const auto order = load(work, id);
  if (!order) return fail(order.error());
  const auto loaded = load_order(work, id);
  if (!loaded) return fail(loaded.error());
  std::vector<LineCancellation> done;
  bool all = true;
  for (const bool services : {false, true}) {
    for (const storage::OrderLineRow& line : order->lines) {
      const LineProgress& progress = line.progress;
      if (progress.service != services) continue;
      const std::int64_t wanted = progress.ordered_milli - progress.cancelled_milli;
      const std::int64_t most =
          services ? (all ? wanted : 0) : cancellable_milli(work, *loaded, progress.line);
      const std::int64_t milli = std::min(wanted, most);
      const UnitCancellation cancellation{id, progress.line, 0, reason, source, {}};
      if (auto ok = cancel_milli(work, *loaded, cancellation, milli, actor); !ok) {
        return fail(ok.error());
      }
      all = all && milli == wanted;
      done.push_back({progress.line, milli, wanted - milli});
    }
  }
  std::ranges::sort(done, {}, &LineCancellation::line);
  work.replica().save_views();
  if (auto ok = give_back_coupons(work, id, actor); !ok) return fail(ok.error());
  if (auto ok = unpark_if_done(work, id, actor); !ok) return fail(ok.error());
  return done;
}

}  // namespace cairn::central
