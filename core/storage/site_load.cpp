#include "core/storage/site_load.h"

#include "core/base/hlc.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace cairn::storage {
namespace {

/// A number may have been made before its group was written, by another clock.
constexpr Duration kNumberedBefore = std::chrono::hours(24);

std::int64_t stamp_of(UtcTime at) { return static_cast<std::int64_t>(Hlc::of(at).value); }

/// The least number (UUID version 7) that is made at `at`: 48 bits of milliseconds, then zeros.
Uuid first_number(UtcTime at) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(at.us / 1000, 0));
  std::array<std::uint8_t, Uuid::kSize> octets{};
  for (unsigned i = 0; i < 6; ++i) octets.at(i) = static_cast<std::uint8_t>(ms >> (40U - 8U * i));
  return Uuid(octets);
}

std::map<SiteId, std::int64_t> by_site(Statement& select) {
  std::map<SiteId, std::int64_t> found;
  while (select.step()) found.emplace(stored_site(select.text(0)), select.integer(1));
  return found;
}

}  // namespace

std::map<SiteId, std::int64_t> orders_given(Connection& connection, UtcTime since) {
  return by_site(connection.prepare(kOrdersGiven).bind(stamp_of(since)));
}

std::map<SiteId, std::int64_t> milli_given(Connection& connection, const Sku& sku, UtcTime since) {
  const UtcTime numbered{since.us - kNumberedBefore.count()};
  return by_site(
      connection.prepare(kMilliGiven).bind(sku.text(), first_number(numbered), stamp_of(since)));
}

Shorts shorts_of(Connection& connection, OrderId order) {
  Statement& select = connection.prepare(kShorts);
  select.bind(order.value());
  Shorts shorts;
  while (select.step()) shorts.emplace(stored_site(select.text(0)), stored_sku(select.text(1)));
  return shorts;
}

std::map<LineNo, std::int64_t> rejecting_sites(Connection& connection, OrderId order) {
  Statement& select = connection.prepare(
      "SELECT l.line, count(DISTINCT g.site) FROM ship_group g"
      " JOIN ship_group_line l ON l.group_id = g.id"
      " WHERE g.order_id = ?1 AND g.method = 'SHIP' AND l.short_milli > 0 GROUP BY l.line");
  select.bind(order.value());
  std::map<LineNo, std::int64_t> sites;
  while (select.step()) sites.emplace(stored_line(select.integer(0)), select.integer(1));
  return sites;
}

std::vector<domain::HeldUnits> held_before(Connection& connection, const Sku& sku,
                                           std::int64_t rank) {
  Statement& select = connection.prepare(kHeldBefore);
  select.bind(sku.text(), rank);
  std::vector<domain::HeldUnits> held;
  while (select.step()) {
    const std::string pickup_site = select.text(0);
    const std::int64_t to_ship = pickup_site.empty() ? select.integer(1) : select.integer(2);
    if (to_ship > 0) held.push_back({{}, to_ship});
    const std::int64_t collected = select.integer(1) - to_ship;
    if (collected > 0) held.push_back({stored_site(pickup_site), collected});
  }
  return held;
}

void note_shorts(Connection& connection, OrderId order, UtcTime now) {
  connection
      .prepare(
          "INSERT INTO site_short (order_id, site, sku, short_milli, noted_utc_us, forgotten)"
          " SELECT g.order_id, g.site, l.sku, sum(l.short_milli), ?2, 0"
          " FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
          " WHERE g.order_id = ?1 AND l.short_milli > 0 GROUP BY g.site, l.sku"
          " ON CONFLICT (order_id, site, sku) DO UPDATE SET short_milli = excluded.short_milli,"
          " noted_utc_us = excluded.noted_utc_us, forgotten = 0"
          " WHERE site_short.short_milli < excluded.short_milli")
      .bind(order.value(), now.us)
      .run();
}

void forget_shorts(Connection& connection, UtcTime until) {
  connection.prepare(kForgetShorts).bind(until.us).run();
}

}  // namespace cairn::storage
