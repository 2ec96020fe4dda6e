#include "core/storage/full_sites.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <string>

namespace cairn::storage {

void note_full(Connection& connection, const SiteId& site, domain::ShortReason reason, UtcTime at) {
  connection
      .prepare(
          "INSERT INTO full_site (site, since_utc_us, reason, reset_utc_us)"
          " VALUES (?1, ?2, ?3, NULL)"
          " ON CONFLICT (site) DO UPDATE SET since_utc_us = excluded.since_utc_us,"
          " reason = excluded.reason, reset_utc_us = NULL"
          " WHERE excluded.since_utc_us > max(since_utc_us, coalesce(reset_utc_us, 0))")
      .bind(site.text(), at.us, std::string(domain::name_of(reason)))
      .run();
}

void reset_full(Connection& connection, const SiteId& site, UtcTime now) {
  connection
      .prepare("UPDATE full_site SET reset_utc_us = ?2 WHERE site = ?1 AND reset_utc_us IS NULL")
      .bind(site.text(), now.us)
      .run();
}

void forget_full(Connection& connection, UtcTime until) {
  connection.prepare("DELETE FROM full_site WHERE since_utc_us <= ?1").bind(until.us).run();
}

std::map<SiteId, FullSite> full_sites(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT site, since_utc_us, reason FROM full_site WHERE reset_utc_us IS NULL");
  std::map<SiteId, FullSite> found;
  while (select.step()) {
    const auto reason = domain::parse_short_reason(select.text(2));
    found.emplace(
        stored_site(select.text(0)),
        FullSite{UtcTime{select.integer(1)}, reason.value_or(domain::ShortReason::kNoCapacity)});
  }
  return found;
}

}  // namespace cairn::storage
