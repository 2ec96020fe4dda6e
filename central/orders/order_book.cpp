#include "central/orders/order_book.h"

#include "core/crypto/hash.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::central {

OrderId order_id_of(const std::string& channel, const std::string& external_id) {
  return OrderId(crypto::derived_uuid("order", {channel, external_id}));
}

Result<OrderId> place_order(storage::UnitOfWork& work, domain::OrderPlaced order, UserId actor) {
  order.order = order_id_of(order.channel, order.external_id);
  const auto placed = domain::decide(domain::PlaceOrder{std::move(order)});
  if (!placed) return fail(placed.error());
  if (storage::find_order(work.connection(), placed->order)) {
    return fail(ErrorCode::kConflict, "order_exists",
                fmt::format("order {} of channel {} was placed before; nothing was changed",
                            placed->external_id, placed->channel));
  }
  const auto written = work.record(
      {domain::OrderEvent(*placed), domain::order_key(placed->order), SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  return placed->order;
}

Result<> cancel_units(storage::UnitOfWork& work, const UnitCancellation& cancellation,
                      UserId actor) {
  const auto order = work.replica().order(cancellation.order);
  if (!order) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  const auto lines = storage::order_lines(work.connection(), cancellation.order);
  const auto line = std::ranges::find(lines, cancellation.line,
                                      [](const auto& row) { return row.progress.line; });
  // A service is never routed, so all of it that is still charged can be cancelled.
  std::int64_t unrouted = 0;
  if (line != lines.end()) {
    unrouted = line->progress.service
                   ? line->progress.ordered_milli - line->progress.cancelled_milli
                   : line->progress.waiting_milli();
  }
  const auto cancelled = domain::decide(
      *order, domain::CancelUnits{cancellation.line, cancellation.milli, cancellation.reason,
                                  cancellation.source, unrouted});
  if (!cancelled) return fail(cancelled.error());
  const auto written = work.record({domain::OrderEvent(*cancelled),
                                    domain::order_key(cancellation.order),
                                    SiteId{},
                                    actor,
                                    {},
                                    cancellation.biz_key});
  if (!written) return fail(written.error());
  return {};
}

Result<> note_unmatched(storage::UnitOfWork& work, const std::string& channel,
                        const domain::CancellationUnmatched& cancellation, const Bytes& biz_key,
                        UserId actor) {
  if (auto ok = domain::validate(cancellation); !ok) return ok;
  const auto written = work.record({domain::OrderEvent(cancellation),
                                    domain::order_key(order_id_of(channel, cancellation.source)),
                                    SiteId{},
                                    actor,
                                    {},
                                    biz_key});
  if (!written) return fail(written.error());
  return {};
}

}  // namespace cairn::central
