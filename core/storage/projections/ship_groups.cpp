#include "core/storage/projections/ship_groups.h"

#include "core/storage/projections/detail/stored.h"
#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

void ShipGroups::save(const domain::ShipGroup& group, const domain::ShipGroup* before) {
  save_header(group);
  const bool same_lines = before != nullptr && before->lines.size() == group.lines.size();
  for (std::size_t i = 0; i < group.lines.size(); ++i) {
    if (same_lines && before->lines[i].in == group.lines[i].in) continue;
    save_line(group, group.lines[i]);
  }
  const bool same_derived = before != nullptr && before->put_backs == group.put_backs &&
                            before->exceptions == group.exceptions;
  if (!same_derived) save_derived(group);
}

void ShipGroups::save_header(const domain::ShipGroup& group) {
  const auto& claim = group.claim;
  connection_
      ->prepare(
          "INSERT INTO ship_group (id, site, order_id, order_reference, method, status, "
          "allocated_hlc,"
          " claim_hlc, claim_node, claim_station, claim_actor)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO UPDATE SET"
          " status = excluded.status, claim_hlc = excluded.claim_hlc,"
          " claim_node = excluded.claim_node, claim_station = excluded.claim_station,"
          " claim_actor = excluded.claim_actor")
      .bind(group.id.value(), group.site.text(), group.order.value(), group.order_reference,
            name_of(group.method), name_of(group.status()), group.allocated_at.value,
            claim ? std::optional(claim->at.value) : std::nullopt,
            claim ? std::optional(claim->ref.node.value()) : std::nullopt,
            claim ? std::optional(claim->station) : std::nullopt,
            claim ? std::optional(claim->actor.value()) : std::nullopt)
      .run();
}

void ShipGroups::save_line(const domain::ShipGroup& group, const domain::ShipGroupLineState& line) {
  connection_
      ->prepare(
          "INSERT INTO ship_group_line (group_id, line, site, sku, name, uom, ordered_milli,"
          " open_milli, picked_milli, shipped_milli) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
          "?10)"
          " ON CONFLICT (group_id, line) DO UPDATE SET open_milli = excluded.open_milli,"
          " picked_milli = excluded.picked_milli, shipped_milli = excluded.shipped_milli")
      .bind(group.id.value(), line.line.line.value(), group.site.text(), line.line.sku.text(),
            line.line.name, static_cast<int>(line.line.ordered.uom), line.line.ordered.milli,
            line.in.open_milli, line.in.picked_milli, line.in.shipped_milli)
      .run();
}

void ShipGroups::save_derived(const domain::ShipGroup& group) {
  connection_->prepare("DELETE FROM put_back WHERE group_id = ?1").bind(group.id.value()).run();
  for (const domain::PutBack& back : group.put_backs) {
    connection_
        ->prepare(
            "INSERT INTO put_back (group_id, cause_node, cause_inc, cause_seq, line, milli,"
            " to_location) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .bind(group.id.value(), back.cause.node.value(), back.cause.inc.value(), back.cause.seq,
              back.line.value(), back.milli, back.to.text())
        .run();
  }
  connection_->prepare("DELETE FROM ship_group_exception WHERE group_id = ?1")
      .bind(group.id.value())
      .run();
  int position = 0;
  for (const domain::ShipGroupException& exception : group.exceptions) {
    connection_
        ->prepare(
            "INSERT INTO ship_group_exception (group_id, position, kind, cause_node, cause_inc,"
            " cause_seq, line, milli) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .bind(group.id.value(), position++, name_of(exception.kind), exception.cause.node.value(),
              exception.cause.inc.value(), exception.cause.seq, exception.line.value(),
              exception.milli)
        .run();
  }
}

void ShipGroups::reset() {
  connection_->execute(
      "DELETE FROM ship_group; DELETE FROM ship_group_line; DELETE FROM put_back;"
      "DELETE FROM ship_group_exception;");
}

namespace {

constexpr std::string_view kRowColumns =
    "SELECT g.id, g.site, g.order_id, g.order_reference, g.method, g.status, g.allocated_hlc,"
    " g.claim_node, coalesce(g.claim_station, ''), g.claim_actor, sum(l.ordered_milli),"
    " sum(l.open_milli), sum(l.picked_milli), sum(l.shipped_milli), count(*)"
    " FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id";

ShipGroupRow read_row(const Statement& row) {
  ShipGroupRow group;
  group.id = ShipGroupId(row.uuid(0));
  group.site = stored_site(row.text(1));
  group.order = OrderId(row.uuid(2));
  group.order_reference = row.text(3);
  group.method = row.text(4);
  group.status = row.text(5);
  group.allocated_at = Hlc{row.unsigned_integer(6)};
  if (!row.is_null(7)) group.claim_node = NodeId(row.uuid(7));
  group.claim_station = row.text(8);
  if (!row.is_null(9)) group.claim_actor = UserId(row.uuid(9));
  group.ordered_milli = row.integer(10);
  group.open_milli = row.integer(11);
  group.picked_milli = row.integer(12);
  group.shipped_milli = row.integer(13);
  group.line_count = row.integer(14);
  return group;
}

}  // namespace

std::vector<ShipGroupRow> ship_groups(Connection& connection, const ShipGroupFilter& filter) {
  static const std::string kSql =
      std::string(kRowColumns) +
      " WHERE (?1 IS NULL OR g.site = ?1) AND (?2 IS NULL OR g.status IN (?2, ?3))"
      " AND (?4 IS NULL OR g.order_id = ?4) AND (?5 IS NULL OR (g.claim_node, g.claim_station) ="
      " (?5, ?6)) AND (g.allocated_hlc, g.id) > (?7, ?8)"
      " GROUP BY g.id ORDER BY g.allocated_hlc, g.id LIMIT ?9";
  Statement& select = connection.prepare(kSql);
  using Text = std::optional<std::string>;
  const auto& claimed = filter.claimed_at;
  select.bind(filter.site ? Text(filter.site->text()) : Text(),
              filter.statuses.empty() ? Text() : Text(filter.statuses.front()),
              filter.statuses.empty() ? Text() : Text(filter.statuses.back()),
              filter.order ? std::optional(filter.order->value()) : std::nullopt,
              claimed ? std::optional(claimed->first.value()) : std::nullopt,
              claimed ? Text(claimed->second) : Text(), filter.after_hlc, filter.after_id,
              filter.limit);
  std::vector<ShipGroupRow> rows;
  while (select.step()) rows.push_back(read_row(select));
  return rows;
}

std::optional<ShipGroupRow> ship_group_row(Connection& connection, ShipGroupId group) {
  static const std::string kSql = std::string(kRowColumns) + " WHERE g.id = ?1 GROUP BY g.id";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(group.value()).step()) return std::nullopt;
  ShipGroupRow row = read_row(select);
  select.reset();
  return row;
}

std::vector<ShipGroupLineRow> ship_group_lines(Connection& connection, ShipGroupId group) {
  Statement& select = connection.prepare(
      "SELECT line, sku, name, uom, ordered_milli, open_milli, picked_milli, shipped_milli"
      " FROM ship_group_line WHERE group_id = ?1 ORDER BY line");
  select.bind(group.value());
  std::vector<ShipGroupLineRow> rows;
  while (select.step()) {
    rows.push_back({stored_line(select.integer(0)), stored_sku(select.text(1)), select.text(2),
                    Quantity{select.integer(4), static_cast<Uom>(select.integer(3))},
                    select.integer(5), select.integer(6), select.integer(7)});
  }
  return rows;
}

std::vector<PutBackRow> put_backs(Connection& connection, const std::optional<SiteId>& site) {
  Statement& select = connection.prepare(
      "SELECT p.group_id, g.order_reference, p.cause_node, p.cause_inc, p.cause_seq, p.line, "
      "p.milli,"
      " p.to_location, l.sku FROM put_back p JOIN ship_group g ON g.id = p.group_id"
      " LEFT JOIN ship_group_line l ON l.group_id = p.group_id AND l.line = p.line"
      " WHERE ?1 IS NULL OR g.site = ?1 ORDER BY g.allocated_hlc, p.group_id, p.cause_seq");
  select.bind(site ? std::optional(site->text()) : std::nullopt);
  std::vector<PutBackRow> rows;
  while (select.step()) {
    PutBackRow row;
    row.group = ShipGroupId(select.uuid(0));
    row.order_reference = select.text(1);
    row.put_back = {{NodeId(select.uuid(2)), Incarnation(select.unsigned_integer(3)),
                     select.unsigned_integer(4)},
                    stored_line(select.integer(5)),
                    select.integer(6),
                    stored_location(select.text(7))};
    if (!select.is_null(8)) row.sku = stored_sku(select.text(8));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ShipGroupExceptionRow> ship_group_exceptions(Connection& connection,
                                                         const std::optional<SiteId>& site) {
  Statement& select = connection.prepare(
      "SELECT x.group_id, g.site, g.order_reference, x.kind, x.cause_node, x.cause_inc, "
      "x.cause_seq,"
      " x.line, x.milli FROM ship_group_exception x JOIN ship_group g ON g.id = x.group_id"
      " WHERE ?1 IS NULL OR g.site = ?1 ORDER BY g.allocated_hlc, x.group_id, x.position");
  select.bind(site ? std::optional(site->text()) : std::nullopt);
  std::vector<ShipGroupExceptionRow> rows;
  while (select.step()) {
    rows.push_back({ShipGroupId(select.uuid(0)),
                    stored_site(select.text(1)),
                    select.text(2),
                    select.text(3),
                    {NodeId(select.uuid(4)), Incarnation(select.unsigned_integer(5)),
                     select.unsigned_integer(6)},
                    stored_line(select.integer(7)),
                    select.integer(8)});
  }
  return rows;
}

std::optional<ShipGroupId> station_task(Connection& connection, NodeId node,
                                        const std::string& station) {
  Statement& select = connection.prepare(
      "SELECT id FROM ship_group WHERE claim_node = ?1 AND claim_station = ?2"
      " AND claim_hlc IS NOT NULL AND status IN ('PICKING', 'PICKED')"
      " ORDER BY claim_hlc DESC, id LIMIT 1");
  if (!select.bind(node.value(), station).step()) return std::nullopt;
  const ShipGroupId group(select.uuid(0));
  select.reset();
  return group;
}

std::vector<ShipGroupTotals> ship_group_totals(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT g.site, g.status, count(DISTINCT g.id), sum(l.ordered_milli), sum(l.picked_milli),"
      " sum(l.shipped_milli) FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
      " GROUP BY g.site, g.status ORDER BY g.site, g.status");
  select.bind();
  std::vector<ShipGroupTotals> rows;
  while (select.step()) {
    rows.push_back({stored_site(select.text(0)), select.text(1), select.integer(2),
                    select.integer(3), select.integer(4), select.integer(5)});
  }
  return rows;
}

}  // namespace cairn::storage
