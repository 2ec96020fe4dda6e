#pragma once
// Reads what the rules of a routing are asked about. Any connection; in a job it is what the job's
// own writes have left.

#include "central/promise/site_ages.h"
#include "core/domain/routing/routing_facts.h"
#include "core/storage/projections/order_queues.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/stock_on_hand.h"

#include <map>
#include <vector>

namespace cairn::central {

/// The order as rules filter and sort it, with what of it is to be shipped and no site has; what
/// nobody has told of it is empty, zero or the time it was placed; its shipping method is then
/// SHIP. Dangerous goods and categories are those of the articles that wait. `queue`: where its
/// units wait.
domain::WaitingOrder waiting_order(const storage::OrderRow& order,
                                   const std::vector<storage::OrderLineRow>& lines,
                                   const storage::OrderQueue& queue, UtcTime now);

/// What sites can promise of an article to an order: their ATP, less the units of held orders that
/// were placed before it. `stock`: the article's, by site. `distances`: of the active sites, from
/// its customer.
std::map<SiteId, std::int64_t> atp_for_order(storage::Connection& connection,
                                             const std::vector<storage::SiteStock>& stock,
                                             const storage::OrderRow& order,
                                             const std::map<SiteId, std::int64_t>& distances,
                                             const Sku& sku);

/// With every site: what it can promise of each article to the order now, how far it is from the
/// customer, how old what is known of it is, how many orders it was given today (UTC), and for how
/// many weeks the article lasts there by what it was given of it in the last 28 days (1,000 weeks
/// if nothing).
domain::RoutingFacts read_facts(storage::Connection& connection, const storage::OrderRow& order,
                                domain::WaitingOrder waiting, const SiteAges& ages, UtcTime now);

}  // namespace cairn::central
