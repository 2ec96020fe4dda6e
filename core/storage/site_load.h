#pragma once
// What sites were given to fill, and could not give, for rules that look at it. Any connection.
// Errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/domain/routing/held_stock.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::storage {

/// Orders of which a site was given a ship group at `since` or later.
std::map<SiteId, std::int64_t> orders_given(Connection& connection, UtcTime since);
/// Units of an article that sites were given at `since` or later, less those short or cancelled.
/// Groups count whose number (UUID version 7) was made at most a day before `since`.
std::map<SiteId, std::int64_t> milli_given(Connection& connection, const Sku& sku, UtcTime since);

/// Articles that groups of the order could not give, each with the site: it is not asked for the
/// article again, unless the short was forgotten.
using Shorts = std::set<std::pair<SiteId, Sku>>;
Shorts shorts_of(Connection& connection, OrderId order);

/// How many sites could not give of a line what they were to ship; lines that no site was short of
/// are not there.
std::map<LineNo, std::int64_t> rejecting_sites(Connection& connection, OrderId order);

/// Remembers since when sites are short of articles of the order; again for one that became short
/// of more. Loop only, like the next.
void note_shorts(Connection& connection, OrderId order, UtcTime now);
/// Sites that were short at `until` or before may be asked again, until they are short of more.
/// Shorts of which no time was noted are never forgotten.
void forget_shorts(Connection& connection, UtcTime until);

/// Units of an article that wait for a site and belong to held orders placed here before `rank`.
std::vector<domain::HeldUnits> held_before(Connection& connection, const Sku& sku,
                                           std::int64_t rank);

/// What these ask SQLite. There are no statistics (ANALYZE) to plan by, so each says by which index
/// it is answered: none may read all groups there ever were. A + keeps a column from choosing one.
inline constexpr std::string_view kOrdersGiven =
    "SELECT site, count(DISTINCT order_id) FROM ship_group"
    " WHERE allocated_hlc >= ?1 GROUP BY +site";
inline constexpr std::string_view kMilliGiven =
    "SELECT g.site, sum(l.ordered_milli - l.short_milli - l.cancelled_milli)"
    " FROM ship_group_line l JOIN ship_group g ON g.id = l.group_id"
    " WHERE l.sku = ?1 AND l.group_id >= ?2 AND g.allocated_hlc >= ?3 GROUP BY +g.site";
inline constexpr std::string_view kShorts =
    "SELECT DISTINCT g.site, l.sku FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
    " WHERE g.order_id = ?1 AND l.short_milli > 0"
    " AND NOT EXISTS (SELECT 1 FROM site_short n WHERE n.order_id = g.order_id"
    "  AND n.site = g.site AND n.sku = l.sku AND n.forgotten = 1)";
inline constexpr std::string_view kHeldBefore =
    "SELECT o.pickup_site, l.waiting_milli,"
    " max(0, min(l.converted_milli - l.to_ship_milli, l.waiting_milli))"
    " FROM customer_order o CROSS JOIN order_line l ON l.order_id = o.id AND l.sku = ?1"
    " WHERE o.hold <> '' AND o.rank < ?2 AND l.waiting_milli > 0";
inline constexpr std::string_view kForgetShorts =
    "UPDATE site_short SET forgotten = 1 WHERE forgotten = 0 AND noted_utc_us <= ?1";

}  // namespace cairn::storage
