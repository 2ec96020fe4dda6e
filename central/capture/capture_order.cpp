#include "central/capture/capture_order.h"

#include "central/orders/order_book.h"
#include "central/promise/channel_stock.h"
#include "central/promise/promises.h"
#include "core/domain/order/order_amounts.h"
#include "core/storage/projections/reference_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace cairn::central {
namespace {

/// Names and units of measure as the catalogue has them now.
Result<> fill_from_catalogue(storage::Connection& connection, domain::OrderPlaced& order) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    domain::OrderLine& line = order.lines[i];
    const auto product = storage::find_product(connection, line.sku);
    if (!line.service && (!product || !product->active)) {
      return fail(ErrorCode::kInvalid, "unknown_sku",
                  fmt::format("/lines/{}/sku: there is no article {}; nothing was changed", i,
                              line.sku.text()));
    }
    if (product) line.ordered.uom = product->uom;
    if (line.name.empty()) line.name = product ? product->name : line.sku.text();
  }
  return {};
}

/// The same, as they were when the order was placed.
void fill_from(const domain::OrderPlaced& before, domain::OrderPlaced& order) {
  for (domain::OrderLine& line : order.lines) {
    const auto found = std::ranges::find(before.lines, line.line, &domain::OrderLine::line);
    if (found == before.lines.end()) continue;
    line.ordered.uom = found->ordered.uom;
    if (line.name.empty()) line.name = found->name;
  }
  // Orders were captured before shops told it.
  if (before.delivery.country.empty()) order.delivery.country.clear();
}

Result<> check_pickup(storage::Connection& connection, const domain::OrderPlaced& order) {
  if (order.pickup_site.empty()) return {};
  const auto facility = storage::find_facility(connection, order.pickup_site);
  if (facility && facility->active) return {};
  return fail(ErrorCode::kInvalid, "unknown_site",
              fmt::format("/pickup_site: {} is {}; nothing was changed", order.pickup_site.text(),
                          facility ? "closed" : "no site of ours"));
}

Result<> check_total(const domain::OrderPlaced& order, const std::optional<Money>& expected) {
  const auto total = domain::total_of(order.lines, order.tax_added);
  if (!total) return fail(total.error());
  if (!expected || *expected == *total) return {};
  return fail(ErrorCode::kInvalid, "wrong_total",
              fmt::format("/total: the order says {}, its lines come to {}; nothing was changed",
                          expected->text(), total->text()));
}

/// Units of goods by article.
std::map<Sku, std::int64_t> goods_of(const domain::OrderPlaced& order) {
  std::map<Sku, std::int64_t> goods;
  for (const domain::OrderLine& line : order.lines) {
    if (!line.service) goods[line.sku] += line.ordered.milli;
  }
  return goods;
}

Result<> end_reservations(storage::UnitOfWork& work, const CaptureOrder& wanted,
                          const std::map<Sku, std::int64_t>& goods, UserId actor) {
  for (std::size_t i = 0; i < wanted.reservations.size(); ++i) {
    const auto row = storage::find_reservation(work.connection(), wanted.reservations[i]);
    if (!row) {
      return fail(
          ErrorCode::kNotFound, "no_such_reservation",
          fmt::format("/reservations/{}: there is no such reservation; nothing was changed", i));
    }
    if (row->reserved.channel != wanted.order.channel || !goods.contains(row->reserved.sku)) {
      return fail(ErrorCode::kInvalid, "bad_reservation",
                  fmt::format("/reservations/{}: it keeps {} for channel {}, which this order does "
                              "not buy; nothing was changed",
                              i, row->reserved.sku.text(), row->reserved.channel));
    }
    const auto ended =
        end_reservation(work, wanted.reservations[i], domain::ReservationEnd::kOrdered, actor);
    if (!ended) return fail(ended.error());
  }
  return {};
}

/// Asked inside the transaction: what other jobs of this commit took counts. Returns whether the
/// order is sold ahead of goods that are not here: a preorder if one article was never here.
Result<domain::AheadOfStock> check_stock(storage::UnitOfWork& work, const SiteAges& ages,
                                         const domain::OrderPlaced& order,
                                         const std::map<Sku, std::int64_t>& goods,
                                         bool allow_backorder) {
  using domain::AheadOfStock;
  AheadOfStock ahead = AheadOfStock::kNo;
  const ChannelSites sites =
      channel_sites(work.connection(), order.channel, work.replica().facilities());
  const UtcTime now = work.now();
  std::string lacking;
  for (const auto& [sku, milli] : goods) {
    const ChannelStock stock =
        channel_stock(work.connection(), sites, work.replica().stock_by_site(sku), ages, sku, now);
    const std::int64_t sellable = stock.sellable_milli(order.pickup_site);
    const std::int64_t here = order.pickup_site.empty() ? stock.in_stock_milli() : sellable;
    if (milli > here && ahead != AheadOfStock::kPreorder) {
      ahead = stock.future.how == AheadOfStock::kNo ? AheadOfStock::kBackorder : stock.future.how;
    }
    if (milli <= sellable) continue;
    lacking += fmt::format("{}{}: wanted {}, available {}", lacking.empty() ? "" : "; ", sku.text(),
                           milli_text(milli), milli_text(sellable));
  }
  if (lacking.empty() || allow_backorder) return ahead;
  return fail(ErrorCode::kConflict, "not_available", lacking + "; nothing was changed");
}

std::optional<domain::OrderHeld> hold_of(const HoldRules& rules, const domain::OrderPlaced& order,
                                         bool has_goods) {
  if (!has_goods) return std::nullopt;
  const auto total = domain::total_of(order.lines, order.tax_added);
  if (rules.above_minor && total && total->minor > *rules.above_minor) {
    return domain::OrderHeld{domain::HoldReason::kFraud, "costs more than the limit"};
  }
  const bool shipped = order.method == domain::FulfilmentMethod::kShip;
  if (rules.without_position && shipped && order.destination == GeoPoint{}) {
    return domain::OrderHeld{domain::HoldReason::kAddress, "no position was given"};
  }
  return std::nullopt;
}

}  // namespace

Result<CapturedOrder> capture_order(storage::UnitOfWork& work, const SiteAges& ages,
                                    const HoldRules& rules, CaptureOrder wanted, UserId actor) {
  domain::OrderPlaced& order = wanted.order;
  order.order = order_id_of(order.channel, order.external_id);
  const auto before = work.replica().order(order.order);
  if (before) {
    fill_from(before->placed, order);
  } else if (auto ok = fill_from_catalogue(work.connection(), order); !ok) {
    return fail(ok.error());
  }
  auto shared = domain::share_discounts(std::move(order));
  if (!shared) return fail(shared.error());
  order = *std::move(shared);
  if (before) {
    if (order == before->placed) return CapturedOrder{order.order, false};
    return fail(ErrorCode::kConflict, "order_differs",
                fmt::format("order {} of channel {} was placed before with another content; "
                            "nothing was changed",
                            order.external_id, order.channel));
  }
  if (auto ok = domain::decide(domain::PlaceOrder{order}); !ok) return fail(ok.error());
  if (auto ok = check_pickup(work.connection(), order); !ok) return fail(ok.error());
  if (auto ok = check_total(order, wanted.total); !ok) return fail(ok.error());
  const auto goods = goods_of(order);
  if (auto ok = end_reservations(work, wanted, goods, actor); !ok) return fail(ok.error());
  const auto ahead = check_stock(work, ages, order, goods, wanted.allow_backorder);
  if (!ahead) return fail(ahead.error());
  const auto placed = place_order(work, order, actor);
  if (!placed) return fail(placed.error());
  if (*ahead != domain::AheadOfStock::kNo) {
    // It waits for goods as promised: not to be cancelled as what nobody can fill.
    const bool preorder = *ahead == domain::AheadOfStock::kPreorder;
    const domain::OrderParked parked{
        preorder ? domain::ParkingQueue::kPreorder : domain::ParkingQueue::kBackorder, {}};
    const auto written = work.record(
        {domain::OrderEvent(parked), domain::order_key(*placed), SiteId{}, actor, {}, {}});
    if (!written) return fail(written.error());
  }
  if (const auto held = hold_of(rules, order, !goods.empty())) {
    const auto written = work.record(
        {domain::OrderEvent(*held), domain::order_key(*placed), SiteId{}, actor, {}, {}});
    if (!written) return fail(written.error());
  }
  return CapturedOrder{*placed, true};
}

}  // namespace cairn::central
