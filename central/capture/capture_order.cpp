#include "central/capture/capture_order.h"

#include "central/capture/catalogue_lines.h"
#include "central/capture/stock_check.h"
#include "central/orders/order_book.h"
#include "central/promise/promises.h"
#include "core/domain/order/order_amounts.h"
#include "core/storage/projections/reference_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace cairn::central {
namespace {

/// Names and units of measure as they were when the order was placed.
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

/// What promotions took off it then. A promotion that has ended, or a coupon that is used up by
/// now, is no reason to take the same order for another one.
void promote_as(const domain::OrderPlaced& before, const WantedPromotions& wanted,
                domain::OrderPlaced& order) {
  for (const domain::OrderDiscount& discount : before.discounts) {
    if (discount.promotion.empty()) continue;
    const bool asked = discount.coupon.empty()
                           ? wanted.apply
                           : std::ranges::count(wanted.coupons, discount.coupon) > 0;
    if (asked) order.discounts.push_back(discount);
  }
}

/// Every coupon that is asked for is one that the order had.
bool same_coupons(const domain::OrderPlaced& before, const WantedPromotions& wanted) {
  return std::ranges::all_of(wanted.coupons, [&before](const std::string& code) {
    return std::ranges::count(before.discounts, code, &domain::OrderDiscount::coupon) > 0;
  });
}

Result<> check_total(const domain::OrderPlaced& order, const std::optional<Money>& expected) {
  const auto total = domain::total_of(order.lines, order.tax_added);
  if (!total) return fail(total.error());
  if (!expected || *expected == *total) return {};
  return fail(ErrorCode::kInvalid, "wrong_total",
              fmt::format("/total: the order says {}, its lines come to {}; nothing was changed",
                          expected->text(), total->text()));
}

Goods goods_of(const domain::OrderPlaced& order) {
  Goods goods;
  for (const domain::OrderLine& line : order.lines) {
    if (!line.service) goods[line.sku] += line.ordered.milli;
  }
  return goods;
}

Result<> end_reservations(storage::UnitOfWork& work, const CaptureOrder& wanted, const Goods& goods,
                          UserId actor) {
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

Result<> check_site(storage::Connection& connection, const SiteId& pickup_site) {
  if (pickup_site.empty()) return {};
  const auto facility = storage::find_facility(connection, pickup_site);
  if (facility && facility->active) return {};
  return fail(ErrorCode::kInvalid, "unknown_site",
              fmt::format("/pickup_site: {} is {}; nothing was changed", pickup_site.text(),
                          facility ? "closed" : "no site of ours"));
}

Result<CapturedOrder> capture_order(storage::UnitOfWork& work, const SiteAges& ages,
                                    const HoldRules& rules, CaptureOrder wanted, UserId actor) {
  domain::OrderPlaced& order = wanted.order;
  order.order = order_id_of(order.channel, order.external_id);
  const auto before = work.replica().order(order.order);
  if (before) {
    resolve_kits_as(before->placed.lines, order.lines);
    fill_from(before->placed, order);
    promote_as(before->placed, wanted.promotions, order);
  } else if (auto ok = fill_from_catalogue(work.connection(), order.lines); !ok) {
    return fail(ok.error());
  }
  auto shared = domain::share_discounts(std::move(order));
  if (!shared) return fail(shared.error());
  order = *std::move(shared);
  if (before) {
    if (order == before->placed && same_coupons(order, wanted.promotions)) {
      return CapturedOrder{order.order, false};
    }
    return fail(ErrorCode::kConflict, "order_differs",
                fmt::format("order {} of channel {} was placed before with another content; "
                            "nothing was changed",
                            order.external_id, order.channel));
  }
  if (auto ok = domain::decide(domain::PlaceOrder{order}); !ok) return fail(ok.error());
  if (wanted.promotions.any()) {
    auto promoted =
        with_promotions(work.connection(), std::move(order), wanted.promotions, work.now());
    if (!promoted) return fail(promoted.error());
    order = *std::move(promoted);
  }
  if (auto ok = check_site(work.connection(), order.pickup_site); !ok) return fail(ok.error());
  if (auto ok = check_total(order, wanted.total); !ok) return fail(ok.error());
  const auto goods = goods_of(order);
  if (auto ok = end_reservations(work, wanted, goods, actor); !ok) return fail(ok.error());
  const auto ahead = check_stock(work, ages, {order.channel, order.pickup_site, goods, {}},
                                 wanted.allow_backorder);
  if (!ahead) return fail(ahead.error());
  const auto placed = place_order(work, order, actor);
  if (!placed) return fail(placed.error());
  if (auto ok = park_ahead(work, *placed, *ahead, actor); !ok) return fail(ok.error());
  if (const auto held = hold_of(rules, order, !goods.empty())) {
    const auto written = work.record(
        {domain::OrderEvent(*held), domain::order_key(*placed), SiteId{}, actor, {}, {}});
    if (!written) return fail(written.error());
  }
  return CapturedOrder{*placed, true};
}

}  // namespace cairn::central
