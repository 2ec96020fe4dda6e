#include "central/routing/routing_run.h"

#include "central/orders/order_queue_book.h"
#include "central/routing/open_groups.h"
#include "central/routing/read_facts.h"
#include "core/base/geo.h"
#include "core/storage/full_sites.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/site_load.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace cairn::central {
namespace {

using Method = domain::FulfilmentMethod;
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

/// Where sites and what they have are read from: as a job sees them, or any connection.
struct Company {
  std::vector<domain::Facility> facilities;
  std::function<std::vector<storage::SiteStock>(const Sku&)> stock_of;
};

Company company_of(storage::UnitOfWork& work) {
  return {work.replica().facilities(),
          [&work](const Sku& sku) { return work.replica().stock_by_site(sku); }};
}

Company company_of(storage::Connection& connection) {
  return {storage::facilities(connection),
          [&connection](const Sku& sku) { return storage::stock_by_site(connection, sku); }};
}

/// Every active site with what it can promise of the needed articles. A site that could not give
/// an article to this order is not asked for it again; one that is full ships nothing.
std::vector<RoutingSite> sites_for(storage::Connection& connection, const Company& company,
                                   const storage::OrderRow& order,
                                   const std::vector<RoutingNeed>& needs, Method method) {
  std::map<SiteId, RoutingSite> sites;
  std::map<SiteId, std::int64_t> distances;
  const auto full = storage::full_sites(connection);
  for (const domain::Facility& facility : company.facilities) {
    if (!facility.active) continue;
    if (method == Method::kShip && full.contains(facility.site)) continue;
    const std::int64_t distance = distance_m(facility.position, order.destination);
    sites[facility.site] = {facility.site, distance, {}};
    distances[facility.site] = distance;
  }
  const auto shorts = storage::shorts_of(connection, order.id);
  std::set<Sku> asked;
  for (const RoutingNeed& need : needs) {
    if (!asked.insert(need.sku).second) continue;
    for (const auto& [at, milli] :
         atp_for_order(connection, company.stock_of(need.sku), order, distances, need.sku)) {
      const auto site = sites.find(at);
      if (site == sites.end()) continue;
      if (shorts.contains({at, need.sku})) continue;
      site->second.available_milli[need.sku] = milli;
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

/// What is needed goes to those of the sites that the nearest-sites decision names.
Result<domain::RoutingDecision> route_needs(storage::UnitOfWork& work, IdSource& ids,
                                            const storage::OrderRow& order,
                                            const std::vector<storage::OrderLineRow>& lines,
                                            const std::vector<RoutingNeed>& needs, Method method,
                                            domain::PartialOrders partial, UserId actor) {
  if (needs.empty()) return domain::RoutingDecision{};
  auto sites = sites_for(work.connection(), company_of(work), order, needs, method);
  if (method == Method::kPickup) sites = only(std::move(sites), order.pickup_site);
  auto decision = domain::route(needs, std::move(sites), partial);
  if (auto ok = open_groups(work, ids, order, lines, decision.groups, method, actor); !ok) {
    return fail(ok.error());
  }
  return decision;
}

}  // namespace

bool is_on_hold(storage::Connection& connection, OrderId order) {
  const auto queue = storage::said_queue(connection, order);
  return queue && domain::waits_for_people(*queue);
}

Result<domain::RoutingDecision> route_order(storage::UnitOfWork& work, IdSource& ids,
                                            const storage::OrderRow& order,
                                            domain::PartialOrders partial, UserId actor) {
  const auto lines = storage::order_lines(work.connection(), order.id);
  const Needs needs = needs_of(order, lines);
  auto picked_up =
      route_needs(work, ids, order, lines, needs.pickup, Method::kPickup, partial, actor);
  if (!picked_up) return picked_up;
  const auto shipped =
      route_needs(work, ids, order, lines, needs.ship, Method::kShip, partial, actor);
  if (!shipped) return shipped;
  picked_up->groups.insert(picked_up->groups.end(), shipped->groups.begin(), shipped->groups.end());
  picked_up->waiting.insert(picked_up->waiting.end(), shipped->waiting.begin(),
                            shipped->waiting.end());
  if (picked_up->waiting.empty()) {
    if (auto ok = unpark_order(work, order.id, actor); !ok) return fail(ok.error());
  }
  return picked_up;
}

Result<domain::RoutingDecision> route_pickup(storage::UnitOfWork& work, IdSource& ids,
                                             const storage::OrderRow& order,
                                             domain::PartialOrders partial, UserId actor) {
  const auto lines = storage::order_lines(work.connection(), order.id);
  return route_needs(work, ids, order, lines, needs_of(order, lines).pickup, Method::kPickup,
                     partial, actor);
}

Result<RoutingOutcome> run_routing(storage::UnitOfWork& work, IdSource& ids,
                                   domain::PartialOrders partial, std::int64_t after_rank,
                                   std::size_t limit, UserId actor) {
  RoutingOutcome outcome;
  outcome.last_rank = after_rank;
  const auto waiting = storage::orders(work.connection(), {after_rank, limit, true});
  for (const storage::OrderRow& order : waiting) {
    outcome.last_rank = order.rank;
    if (is_on_hold(work.connection(), order.id)) continue;
    const auto decision = route_order(work, ids, order, partial, actor);
    if (!decision) return fail(decision.error());
    ++outcome.orders_seen;
    outcome.groups_opened += static_cast<std::int64_t>(decision->groups.size());
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

namespace {

/// What of an order waits, and the sites that may fill it.
struct Waiting {
  std::vector<RoutingNeed> needs;
  std::vector<RoutingSite> sites;
};

Waiting waiting_of(storage::Connection& connection, OrderId order) {
  const auto row = storage::find_order(connection, order);
  if (!row) return {};
  Needs both = needs_of(*row, storage::order_lines(connection, order));
  const bool pickup = !both.pickup.empty();
  Waiting waiting{pickup ? std::move(both.pickup) : std::move(both.ship), {}};
  waiting.sites = sites_for(connection, company_of(connection), *row, waiting.needs,
                            pickup ? Method::kPickup : Method::kShip);
  if (pickup) waiting.sites = only(std::move(waiting.sites), row->pickup_site);
  return waiting;
}

std::vector<Shortage> shortages_in(const Waiting& waiting) {
  std::map<Sku, Shortage> by_article;
  for (const RoutingNeed& need : waiting.needs) {
    Shortage& entry = by_article[need.sku];
    entry.sku = need.sku;
    entry.wanted_milli += need.milli;
  }
  std::vector<Shortage> shortages;
  for (auto& [sku, entry] : by_article) {
    for (const RoutingSite& site : waiting.sites) {
      const auto found = site.available_milli.find(sku);
      if (found == site.available_milli.end()) continue;
      entry.available_milli += std::max<std::int64_t>(0, found->second);
    }
    if (entry.available_milli < entry.wanted_milli) shortages.push_back(entry);
  }
  return shortages;
}

}  // namespace

std::vector<Shortage> shortages_of(storage::Connection& connection, OrderId order) {
  return shortages_in(waiting_of(connection, order));
}

RoutingPreview preview_routing(storage::Connection& connection, OrderId order,
                               domain::PartialOrders partial) {
  const Waiting waiting = waiting_of(connection, order);
  return {domain::route(waiting.needs, waiting.sites, partial), shortages_in(waiting)};
}

}  // namespace cairn::central
