#include "central/routing/routing_run.h"

#include "core/base/assert.h"
#include "core/base/geo.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/reference_data.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace cairn::central {
namespace {

using domain::RoutingNeed;
using domain::RoutingSite;

/// What is to be found for an order, by the way it goes to the customer.
struct Needs {
  std::vector<RoutingNeed> ship;
  std::vector<RoutingNeed> pickup;
};

Needs needs_of(const storage::OrderRow& order, const std::vector<storage::OrderLineRow>& lines) {
  Needs needs;
  const auto add = [](std::vector<RoutingNeed>& to, const storage::OrderLineRow& line,
                      std::int64_t milli) {
    if (milli > 0) to.push_back({line.progress.line, line.line.sku, milli});
  };
  for (const storage::OrderLineRow& line : lines) {
    const std::int64_t waiting = line.progress.waiting_milli();
    const bool pickup = order.method == domain::FulfilmentMethod::kPickup;
    const std::int64_t to_ship = pickup ? line.progress.waiting_to_ship_milli() : waiting;
    add(needs.ship, line, to_ship);
    add(needs.pickup, line, waiting - to_ship);
  }
  return needs;
}

/// Every active site with what it can promise of the needed articles. A site that could not give
/// an article to this order is not asked for it again.
std::vector<RoutingSite> sites_for(storage::Connection& connection, const storage::OrderRow& order,
                                   const std::vector<RoutingNeed>& needs) {
  std::map<SiteId, RoutingSite> sites;
  for (const domain::Facility& facility : storage::facilities(connection)) {
    if (!facility.active) continue;
    sites[facility.site] = {facility.site, distance_m(facility.position, order.destination), {}};
  }
  std::set<Sku> asked;
  for (const RoutingNeed& need : needs) {
    if (!asked.insert(need.sku).second) continue;
    for (const storage::SiteStock& stock : storage::stock_by_site(connection, need.sku)) {
      const auto site = sites.find(stock.site);
      if (site == sites.end()) continue;
      if (storage::was_short(connection, order.id, stock.site, need.sku)) continue;
      site->second.available_milli[need.sku] = stock.stock.atp_milli();
    }
  }
  std::vector<RoutingSite> all;
  all.reserve(sites.size());
  for (auto& [id, site] : sites) all.push_back(std::move(site));
  return all;
}

/// Of these only the one the customer comes to.
std::vector<RoutingSite> only(std::vector<RoutingSite> sites, const SiteId& site) {
  std::erase_if(sites, [&site](const RoutingSite& other) { return other.site != site; });
  return sites;
}

/// The group's lines with everything a site needs to know about the articles.
std::vector<domain::ShipGroupLine> snapshot(storage::Connection& connection,
                                            const std::vector<storage::OrderLineRow>& lines,
                                            const domain::RoutedGroup& group) {
  std::vector<domain::ShipGroupLine> snapshot;
  for (const domain::RoutingShare& share : group.shares) {
    const auto row = std::ranges::find(
        lines, share.line, [](const storage::OrderLineRow& line) { return line.progress.line; });
    CAIRN_ASSERT(row != lines.end(), "routing shares out the order's own lines");
    domain::ShipGroupLine line{share.line,
                               share.sku,
                               row->line.name,
                               {},
                               0,
                               row->line.unit_price,
                               {share.milli, row->line.ordered.uom}};
    if (const auto product = storage::find_product(connection, share.sku)) {
      line.name = product->name;
      line.gtins = product->gtins;
      line.unit_weight_mg = product->unit_weight_mg;
    }
    snapshot.push_back(std::move(line));
  }
  return snapshot;
}

/// Opens the groups of a decision.
Result<> open_groups(storage::UnitOfWork& work, IdSource& ids, const storage::OrderRow& order,
                     const std::vector<storage::OrderLineRow>& lines,
                     const domain::RoutingDecision& decision, domain::FulfilmentMethod method,
                     UserId actor) {
  for (const domain::RoutedGroup& group : decision.groups) {
    domain::ShipGroupAllocated allocated;
    allocated.group = ShipGroupId(ids.next());
    allocated.order = order.id;
    allocated.order_reference = order.external_id;
    allocated.method = method;
    allocated.lines = snapshot(work.connection(), lines, group);
    const auto written = work.record({domain::ShipGroupEvent(allocated),
                                      domain::ship_group_key(allocated.group),
                                      group.site,
                                      actor,
                                      {},
                                      {}});
    if (!written) return fail(written.error());
    // The next order must see what this one took.
    work.replica().save_views();
  }
  return {};
}

Result<domain::RoutingDecision> route_order(storage::UnitOfWork& work, IdSource& ids,
                                            const storage::OrderRow& order,
                                            domain::PartialOrders partial, UserId actor) {
  using Method = domain::FulfilmentMethod;
  storage::Connection& connection = work.connection();
  const auto lines = storage::order_lines(connection, order.id);
  const Needs needs = needs_of(order, lines);
  auto picked_up = domain::route(
      needs.pickup, only(sites_for(connection, order, needs.pickup), order.pickup_site), partial);
  if (auto ok = open_groups(work, ids, order, lines, picked_up, Method::kPickup, actor); !ok) {
    return fail(ok.error());
  }
  const auto shipped = domain::route(needs.ship, sites_for(connection, order, needs.ship), partial);
  if (auto ok = open_groups(work, ids, order, lines, shipped, Method::kShip, actor); !ok) {
    return fail(ok.error());
  }
  picked_up.groups.insert(picked_up.groups.end(), shipped.groups.begin(), shipped.groups.end());
  picked_up.waiting.insert(picked_up.waiting.end(), shipped.waiting.begin(), shipped.waiting.end());
  return picked_up;
}

}  // namespace

Result<RoutingOutcome> run_routing(storage::UnitOfWork& work, IdSource& ids,
                                   domain::PartialOrders partial, std::int64_t after_rank,
                                   std::size_t limit, UserId actor) {
  RoutingOutcome outcome;
  outcome.last_rank = after_rank;
  const auto waiting = storage::orders(work.connection(), {after_rank, limit, true});
  for (const storage::OrderRow& order : waiting) {
    const auto decision = route_order(work, ids, order, partial, actor);
    if (!decision) return fail(decision.error());
    ++outcome.orders_seen;
    outcome.groups_opened += static_cast<std::int64_t>(decision->groups.size());
    outcome.last_rank = order.rank;
    if (decision->waiting.empty()) {
      ++outcome.orders_routed;
    } else if (decision->groups.empty()) {
      ++outcome.orders_waiting;
    } else {
      ++outcome.orders_partly;
    }
  }
  outcome.more = waiting.size() == limit;
  return outcome;
}

RoutingPreview preview_routing(storage::Connection& connection, OrderId order,
                               domain::PartialOrders partial) {
  RoutingPreview preview;
  const auto row = storage::find_order(connection, order);
  if (!row) return preview;
  const Needs both = needs_of(*row, storage::order_lines(connection, order));
  const bool pickup = !both.pickup.empty();
  const auto& needs = pickup ? both.pickup : both.ship;
  auto sites = sites_for(connection, *row, needs);
  if (pickup) sites = only(std::move(sites), row->pickup_site);
  preview.decision = domain::route(needs, sites, partial);
  std::map<Sku, RoutingPreview::Shortage> short_of;
  for (const RoutingNeed& need : needs) {
    auto& entry = short_of[need.sku];
    entry.sku = need.sku;
    entry.wanted_milli += need.milli;
  }
  for (auto& [sku, entry] : short_of) {
    for (const RoutingSite& site : sites) {
      const auto found = site.available_milli.find(sku);
      if (found != site.available_milli.end()) {
        entry.available_milli += std::max<std::int64_t>(0, found->second);
      }
    }
    if (entry.available_milli < entry.wanted_milli) preview.shortages.push_back(entry);
  }
  return preview;
}

}  // namespace cairn::central
