#include "central/capture/change_order.h"

#include "central/capture/catalogue_lines.h"
#include "central/capture/stock_check.h"
#include "central/orders/order_holds.h"
#include "central/orders/order_queue_book.h"
#include "core/domain/order/order_amounts.h"
#include "core/storage/projections/ship_groups.h"

#include <algorithm>
#include <utility>

namespace cairn::central {
namespace {

bool was_with_a_site(storage::UnitOfWork& work, OrderId order) {
  storage::ShipGroupFilter filter;
  filter.order = order;
  filter.limit = 1;
  return !storage::ship_groups(work.connection(), filter).empty();
}

domain::DeliveryPlace wanted_delivery(const domain::DeliveryPlace& now,
                                      const WantedDelivery& wanted) {
  domain::DeliveryPlace delivery = now;
  if (wanted.destination) delivery.destination = *wanted.destination;
  if (wanted.method) delivery.method = *wanted.method;
  if (delivery.method == domain::FulfilmentMethod::kShip) delivery.pickup_site = {};
  if (wanted.pickup_site) delivery.pickup_site = *wanted.pickup_site;
  return delivery;
}

Goods wanted_goods(const domain::Order& order) {
  Goods goods;
  for (const domain::OrderLineState& state : order.lines) {
    if (!state.line.service) goods[state.line.sku] += state.wanted_milli();
  }
  return goods;
}

/// What has to be there: all of it where it goes another way, else the articles there are more of.
WantedGoods to_be_sold(const domain::Order& before, const domain::Order& after) {
  WantedGoods wanted{before.placed.channel, after.delivery.pickup_site, wanted_goods(after),
                     before.delivery.pickup_site, wanted_goods(before)};
  if (before.delivery.pickup_site == after.delivery.pickup_site) {
    std::erase_if(wanted.goods, [&wanted](const auto& article) {
      const auto had = wanted.queued.find(article.first);
      return had != wanted.queued.end() && article.second <= had->second;
    });
  }
  std::erase_if(wanted.goods, [](const auto& article) { return article.second == 0; });
  return wanted;
}

std::vector<domain::OrderLine> lines_of(const domain::Order& order) {
  std::vector<domain::OrderLine> lines;
  for (const domain::OrderLineState& state : order.lines) lines.push_back(state.line);
  return lines;
}

std::int64_t ordered_minor(const domain::Order& order) {
  const auto total = domain::total_of(lines_of(order), order.placed.tax_added);
  return total ? total->minor : 0;
}

/// As when it is captured, if what the rule looks at has changed.
Result<> hold_by_rules(storage::UnitOfWork& work, const HoldRules& rules,
                       const domain::Order& before, const domain::Order& after, UserId actor) {
  if (after.standing.hold) return {};
  const std::int64_t minor = ordered_minor(after);
  if (rules.above_minor && minor > *rules.above_minor && minor > ordered_minor(before)) {
    return hold_order(work, after.placed.order, domain::HoldReason::kFraud,
                      "costs more than the limit", actor);
  }
  const bool shipped = after.delivery.method == domain::FulfilmentMethod::kShip;
  const bool nowhere = shipped && after.delivery.destination == GeoPoint{};
  if (rules.without_position && nowhere && after.delivery != before.delivery) {
    return hold_order(work, after.placed.order, domain::HoldReason::kAddress,
                      "no position was given", actor);
  }
  return {};
}

}  // namespace

Result<> change_order(storage::UnitOfWork& work, const SiteAges& ages, const HoldRules& rules,
                      OrderChange change, UserId actor) {
  const auto row = storage::find_order(work.connection(), change.order);
  const auto before = work.replica().order(change.order);
  if (!row || !before) {
    return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  }
  if (auto ok = fill_from_catalogue(work.connection(), change.add, "add", lines_of(*before)); !ok) {
    return ok;
  }
  domain::ChangeOrder command;
  command.add = std::move(change.add);
  command.quantities = std::move(change.quantities);
  command.delivery = wanted_delivery(before->delivery, change.delivery);
  command.note = std::move(change.note);
  command.status = status_of(*row, storage::order_lines(work.connection(), change.order));
  command.with_a_site = was_with_a_site(work, change.order);
  const auto events = domain::decide(*before, command);
  if (!events) return fail(events.error());
  if (events->empty()) return {};
  if (*command.delivery != before->delivery) {
    if (auto ok = check_site(work.connection(), command.delivery->pickup_site); !ok) return ok;
  }
  std::optional<domain::Order> after = *before;
  for (const domain::OrderEvent& event : *events) after = evolve(std::move(after), event);
  const auto ahead = check_stock(work, ages, to_be_sold(*before, *after), change.allow_backorder);
  if (!ahead) return fail(ahead.error());
  for (const domain::OrderEvent& event : *events) {
    const auto written =
        work.record({event, domain::order_key(change.order), SiteId{}, actor, {}, {}});
    if (!written) return fail(written.error());
  }
  if (auto ok = park_ahead(work, change.order, *ahead, actor); !ok) return ok;
  return hold_by_rules(work, rules, *before, *after, actor);
}

}  // namespace cairn::central
