#include "core/storage/site_load.h"

#include "core/base/hlc.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

namespace cairn::storage {
namespace {

std::int64_t stamp_of(UtcTime at) { return static_cast<std::int64_t>(Hlc::of(at).value); }

std::map<SiteId, std::int64_t> by_site(Statement& select) {
  std::map<SiteId, std::int64_t> found;
  while (select.step()) found.emplace(stored_site(select.text(0)), select.integer(1));
  return found;
}

}  // namespace

std::map<SiteId, std::int64_t> orders_given(Connection& connection, UtcTime since) {
  return by_site(connection
                     .prepare("SELECT site, count(DISTINCT order_id) FROM ship_group"
                              " WHERE allocated_hlc >= ?1 GROUP BY site")
                     .bind(stamp_of(since)));
}

std::map<SiteId, std::int64_t> milli_given(Connection& connection, const Sku& sku, UtcTime since) {
  return by_site(
      connection
          .prepare("SELECT g.site, sum(l.ordered_milli - l.short_milli - l.cancelled_milli)"
                   " FROM ship_group_line l JOIN ship_group g ON g.id = l.group_id"
                   " WHERE l.sku = ?1 AND g.allocated_hlc >= ?2 GROUP BY g.site")
          .bind(sku.text(), stamp_of(since)));
}

}  // namespace cairn::storage
