#include "core/storage/order_exceptions.h"

#include "core/domain/key.h"
#include "core/domain/registry.h"
#include "core/storage/event_log.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"
#include "core/wire/record.h"

namespace cairn::storage {
namespace {

constexpr std::string_view kAllocated = "ShipGroupAllocated";

/// The group's allocation; without one its first record.
EventRef allocation_of(Connection& connection, ShipGroupId group) {
  EventLog log(connection);
  std::optional<EventRef> first;
  for (const LoggedRecord& logged : log.read_key(domain::ship_group_key(group).bytes())) {
    const auto record = wire::decode_record(logged.record);
    const auto type = record ? domain::find_event_type(record->type) : std::nullopt;
    if (logged.fseq != 0 && type && type->name == kAllocated) return logged.ref;
    if (!first) first = logged.ref;
  }
  return first.value_or(EventRef{});
}

}  // namespace

std::vector<ShipGroupExceptionRow> order_exceptions(Connection& connection,
                                                    const std::optional<SiteId>& site) {
  Statement& select = connection.prepare(
      "WITH clash (group_id, kind, line, milli) AS ("
      " SELECT g.id, 'ORDER_UNKNOWN', 0, 0 FROM ship_group g"
      "  WHERE NOT EXISTS (SELECT 1 FROM customer_order o WHERE o.id = g.order_id)"
      " UNION ALL"
      " SELECT (SELECT g.id FROM ship_group g JOIN ship_group_line p ON p.group_id = g.id"
      "   WHERE g.order_id = l.order_id AND p.line = l.line ORDER BY g.allocated_hlc DESC, g.id"
      "   LIMIT 1), 'ORDER_OVERFILLED', l.line, -l.unrouted_milli"
      "  FROM order_line l WHERE l.unrouted_milli < 0)"
      " SELECT c.group_id, g.site, g.order_reference, c.kind, c.line, c.milli"
      " FROM clash c JOIN ship_group g ON g.id = c.group_id"
      " WHERE (?1 IS NULL OR g.site = ?1) AND EXISTS"
      "  (SELECT 1 FROM meta WHERE name = 'role' AND CAST(value AS TEXT) = 'hub')"
      " ORDER BY g.allocated_hlc, c.group_id, c.kind, c.line");
  select.bind(site ? std::optional(site->text()) : std::nullopt);
  std::vector<ShipGroupExceptionRow> rows;
  while (select.step()) {
    rows.push_back({ShipGroupId(select.uuid(0)),
                    stored_site(select.text(1)),
                    select.text(2),
                    select.text(3),
                    {},
                    stored_line(select.integer(4)),
                    select.integer(5)});
  }
  for (ShipGroupExceptionRow& row : rows) row.cause = allocation_of(connection, row.group);
  return rows;
}

}  // namespace cairn::storage
