#include "central/orders/order_book.h"

#include "central/orders/order_queue_book.h"
#include "core/crypto/hash.h"
#include "core/domain/fulfilment/ship_group_decide.h"
#include "core/storage/projections/orders.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

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

namespace {

std::optional<storage::OrderLineRow> find_line(storage::Connection& connection, OrderId order,
                                               LineNo line) {
  for (storage::OrderLineRow& row : storage::order_lines(connection, order)) {
    if (row.progress.line == line) return std::move(row);
  }
  return std::nullopt;
}

/// What no site has been given, or a service as far as it is still charged.
std::int64_t unrouted_milli(const std::optional<storage::OrderLineRow>& row) {
  if (!row) return 0;
  const domain::LineProgress& progress = row->progress;
  return progress.service ? progress.ordered_milli - progress.cancelled_milli
                          : progress.unrouted_milli();
}

Result<> cancel_unrouted(storage::UnitOfWork& work, const UnitCancellation& wanted,
                         std::int64_t milli, std::int64_t unrouted, UserId actor) {
  const auto order = work.replica().order(wanted.order);
  if (!order) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  const auto cancelled = domain::decide(
      *order, domain::CancelUnits{wanted.line, milli, wanted.reason, wanted.source, unrouted});
  if (!cancelled) return fail(cancelled.error());
  const auto written = work.record({domain::OrderEvent(*cancelled),
                                    domain::order_key(wanted.order),
                                    SiteId{},
                                    actor,
                                    {},
                                    wanted.biz_key});
  if (!written) return fail(written.error());
  return {};
}

/// Of one group.
std::int64_t cancellable_in(const domain::ShipGroup& group, LineNo line) {
  const bool refused = !domain::refusal_of<domain::CancelGroupUnits>(group.status()).empty();
  const domain::ShipGroupLineState* const state = group.find(line);
  if (state == nullptr || refused) return 0;
  return state->in.open_milli + state->in.picked_milli + state->in.packed_milli;
}

std::vector<storage::ShipGroupRow> groups_of(storage::Connection& connection, OrderId order) {
  storage::ShipGroupFilter filter;
  filter.order = order;
  filter.limit = 1000;
  return storage::ship_groups(connection, filter);
}

Result<> cancel_in_groups(storage::UnitOfWork& work, const UnitCancellation& wanted,
                          std::int64_t milli, UserId actor) {
  auto groups = groups_of(work.connection(), wanted.order);
  std::ranges::reverse(groups);
  for (const storage::ShipGroupRow& row : groups) {
    if (milli == 0) break;
    const std::int64_t taken =
        std::min(milli, cancellable_in(work.replica().ship_group(row.id), wanted.line));
    if (taken == 0) continue;
    const auto done = work.perform(
        row.id, domain::CancelGroupUnits{wanted.line, taken, wanted.reason, wanted.source}, actor,
        work.replica().has_effect(wanted.biz_key) ? Bytes() : wanted.biz_key);
    if (!done) return fail(done.error());
    milli -= taken;
  }
  if (milli == 0) return {};
  return fail(ErrorCode::kRejected, "too_late",
              fmt::format("{} units of line {} are packed or gone: they can be refused at the door "
                          "or returned; nothing was changed",
                          milli_text(milli), wanted.line.value()));
}

}  // namespace

Result<> cancel_units(storage::UnitOfWork& work, const UnitCancellation& cancellation,
                      UserId actor) {
  if (!storage::find_order(work.connection(), cancellation.order)) {
    return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  }
  const auto line = find_line(work.connection(), cancellation.order, cancellation.line);
  const std::int64_t unrouted = unrouted_milli(line);
  const bool service = line && line->progress.service;
  const std::int64_t first =
      !line || service ? cancellation.milli : std::min(cancellation.milli, unrouted);
  if (first > 0 || cancellation.milli <= 0) {
    if (auto ok = cancel_unrouted(work, cancellation, first, unrouted, actor); !ok) return ok;
  }
  if (first != cancellation.milli) {
    const std::int64_t rest = cancellation.milli - first;
    if (auto ok = cancel_in_groups(work, cancellation, rest, actor); !ok) return ok;
  }
  return unpark_if_done(work, cancellation.order, actor);
}

std::int64_t cancellable_milli(storage::UnitOfWork& work, OrderId order, LineNo line) {
  std::int64_t milli = unrouted_milli(find_line(work.connection(), order, line));
  for (const storage::ShipGroupRow& row : groups_of(work.connection(), order)) {
    milli += cancellable_in(work.replica().ship_group(row.id), line);
  }
  return milli;
}

Result<> convert_pickup(storage::UnitOfWork& work, OrderId id, LineNo line, std::int64_t milli,
                        UserId actor) {
  const auto order = work.replica().order(id);
  if (!order) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  const auto row = find_line(work.connection(), id, line);
  const std::int64_t parked = row ? row->progress.parked_milli() : 0;
  const auto converted = domain::decide(*order, domain::ConvertPickup{line, milli, parked});
  if (!converted) return fail(converted.error());
  const auto written =
      work.record({domain::OrderEvent(*converted), domain::order_key(id), SiteId{}, actor, {}, {}});
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
