#include "central/orders/order_book.h"

#include "central/orders/order_coupons.h"
#include "central/orders/order_queue_book.h"
#include "core/crypto/hash.h"
#include "core/domain/fulfilment/ship_group_decide.h"
#include "core/storage/projections/ship_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

const storage::OrderLineRow* find_line(const std::vector<storage::OrderLineRow>& lines,
                                       LineNo line) {
  const auto found = std::ranges::find(
      lines, line, [](const storage::OrderLineRow& row) { return row.progress.line; });
  return found == lines.end() ? nullptr : &*found;
}

/// What no site has been given, or a service as far as it is still charged.
std::int64_t unrouted_milli(const storage::OrderLineRow* row) {
  if (row == nullptr) return 0;
  const domain::LineProgress& progress = row->progress;
  return progress.service ? progress.ordered_milli - progress.cancelled_milli
                          : progress.unrouted_milli();
}

Result<> cancel_unrouted(storage::UnitOfWork& work, const domain::Order& order,
                         const UnitCancellation& wanted, std::int64_t milli, std::int64_t unrouted,
                         UserId actor) {
  const auto cancelled = domain::decide(
      order, domain::CancelUnits{wanted.line, milli, wanted.reason, wanted.source, unrouted});
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

/// Of the order, by line.
std::map<LineNo, std::vector<ShipGroupId>> groups_of(storage::Connection& connection,
                                                     OrderId order) {
  storage::ShipGroupFilter filter;
  filter.order = order;
  filter.limit = 1000;
  auto rows = storage::ship_groups(connection, filter);
  std::ranges::reverse(rows);
  std::map<LineNo, std::vector<ShipGroupId>> groups;
  for (const storage::ShipGroupRow& row : rows) {
    for (const storage::ShipGroupLineRow& line : storage::ship_group_lines(connection, row.id)) {
      groups[line.line].push_back(row.id);
    }
  }
  return groups;
}

const std::vector<ShipGroupId>& groups_with(const LoadedOrder& order, LineNo line) {
  static const std::vector<ShipGroupId> kNone;
  const auto found = order.groups.find(line);
  return found == order.groups.end() ? kNone : found->second;
}

Result<> cancel_in_groups(storage::UnitOfWork& work, const LoadedOrder& order,
                          const UnitCancellation& wanted, std::int64_t milli, UserId actor) {
  for (const ShipGroupId group : groups_with(order, wanted.line)) {
    if (milli == 0) break;
    const std::int64_t taken =
        std::min(milli, cancellable_in(work.replica().ship_group(group), wanted.line));
    if (taken == 0) continue;
    const auto done = work.perform(
        group, domain::CancelGroupUnits{wanted.line, taken, wanted.reason, wanted.source}, actor,
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

Result<LoadedOrder> load_order(storage::UnitOfWork& work, OrderId id) {
  auto order = work.replica().order(id);
  if (!order) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  return LoadedOrder{*std::move(order), storage::order_lines(work.connection(), id),
                     groups_of(work.connection(), id)};
}

Result<> cancel_units(storage::UnitOfWork& work, const UnitCancellation& cancellation,
                      UserId actor) {
  const auto order = load_order(work, cancellation.order);
  if (!order) return fail(order.error());
  if (auto ok = cancel_units(work, *order, cancellation, actor); !ok) return ok;
  if (auto ok = give_back_coupons(work, cancellation.order, actor); !ok) return ok;
  return unpark_if_done(work, cancellation.order, actor);
}

Result<> cancel_units(storage::UnitOfWork& work, const LoadedOrder& order,
                      const UnitCancellation& cancellation, UserId actor) {
  const storage::OrderLineRow* const line = find_line(order.lines, cancellation.line);
  const std::int64_t unrouted = unrouted_milli(line);
  const bool elsewhere = line != nullptr && !line->progress.service;
  const std::int64_t first =
      elsewhere ? std::min(cancellation.milli, unrouted) : cancellation.milli;
  if (first > 0 || cancellation.milli <= 0) {
    const auto ok = cancel_unrouted(work, order.order, cancellation, first, unrouted, actor);
    if (!ok) return ok;
  }
  if (first == cancellation.milli) return {};
  return cancel_in_groups(work, order, cancellation, cancellation.milli - first, actor);
}

std::int64_t cancellable_milli(storage::UnitOfWork& work, const LoadedOrder& order, LineNo line) {
  std::int64_t milli = unrouted_milli(find_line(order.lines, line));
  for (const ShipGroupId group : groups_with(order, line)) {
    milli += cancellable_in(work.replica().ship_group(group), line);
  }
  return milli;
}

Result<> convert_pickup(storage::UnitOfWork& work, OrderId id, LineNo line, std::int64_t milli,
                        UserId actor) {
  const auto order = work.replica().order(id);
  if (!order) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  const auto lines = storage::order_lines(work.connection(), id);
  const storage::OrderLineRow* const row = find_line(lines, line);
  const std::int64_t parked = row != nullptr ? row->progress.parked_milli() : 0;
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
