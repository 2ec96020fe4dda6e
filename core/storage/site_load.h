#pragma once
// What sites were given to fill, and could not give, for rules that look at it. Any connection.
// Errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace cairn::storage {

/// Orders of which a site was given a ship group at `since` or later.
std::map<SiteId, std::int64_t> orders_given(Connection& connection, UtcTime since);
/// Units of an article that sites were given at `since` or later, less those short or cancelled.
/// Groups count whose number (UUID version 7) was made at most a day before `since`.
std::map<SiteId, std::int64_t> milli_given(Connection& connection, const Sku& sku, UtcTime since);

/// Articles that groups of the order could not give, each with the site: it is not asked for the
/// article again.
using Shorts = std::set<std::pair<SiteId, Sku>>;
Shorts shorts_of(Connection& connection, OrderId order);

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
    " WHERE g.order_id = ?1 AND l.short_milli > 0";

}  // namespace cairn::storage
