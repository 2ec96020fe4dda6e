#include "core/storage/projections/ship_groups.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

namespace cairn::storage {

void ShipGroups::save(const domain::ShipGroup& group, const domain::ShipGroup* before) {
  save_header(group);
  const bool same_lines = before != nullptr && before->lines.size() == group.lines.size();
  for (std::size_t i = 0; i < group.lines.size(); ++i) {
    if (same_lines && before->lines[i].in == group.lines[i].in) continue;
    save_line(group, group.lines[i]);
  }
  if (before == nullptr || before->packages != group.packages) save_packages(group);
  if (before == nullptr || before->put_backs != group.put_backs) save_put_backs(group);
  if (before == nullptr || before->exceptions != group.exceptions) save_exceptions(group);
}

void ShipGroups::save_header(const domain::ShipGroup& group) {
  const auto& claim = group.claim;
  connection_
      ->prepare(
          "INSERT INTO ship_group (id, site, order_id, order_reference, method, status,"
          " allocated_hlc, claim_hlc, claim_node, claim_station, claim_actor, code_salt,"
          " code_hash, wrong_codes)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
          " ON CONFLICT (id) DO UPDATE SET"
          " status = excluded.status, claim_hlc = excluded.claim_hlc,"
          " claim_node = excluded.claim_node, claim_station = excluded.claim_station,"
          " claim_actor = excluded.claim_actor, code_salt = excluded.code_salt,"
          " code_hash = excluded.code_hash,"
          " wrong_codes = excluded.wrong_codes")
      .bind(group.id.value(), group.site.text(), group.order.value(), group.order_reference,
            name_of(group.method), name_of(group.status()), group.allocated_at.value,
            claim ? std::optional(claim->at.value) : std::nullopt,
            claim ? std::optional(claim->ref.node.value()) : std::nullopt,
            claim ? std::optional(claim->station) : std::nullopt,
            claim ? std::optional(claim->actor.value()) : std::nullopt, Blob{group.pickup.salt},
            Blob{group.pickup.hash}, group.pickup.wrong_codes)
      .run();
}

void ShipGroups::save_line(const domain::ShipGroup& group, const domain::ShipGroupLineState& line) {
  const domain::LineBuckets& in = line.in;
  connection_
      ->prepare(
          "INSERT INTO ship_group_line (group_id, line, site, sku, name, uom, ordered_milli,"
          " open_milli, picked_milli, packed_milli, shipped_milli, handed_over_milli, short_milli,"
          " cancelled_milli, returned_milli)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
          " ON CONFLICT (group_id, line) DO UPDATE SET open_milli = excluded.open_milli,"
          " picked_milli = excluded.picked_milli, packed_milli = excluded.packed_milli,"
          " shipped_milli = excluded.shipped_milli,"
          " handed_over_milli = excluded.handed_over_milli, short_milli = excluded.short_milli,"
          " cancelled_milli = excluded.cancelled_milli, returned_milli = excluded.returned_milli")
      .bind(group.id.value(), line.line.line.value(), group.site.text(), line.line.sku.text(),
            line.line.name, static_cast<int>(line.line.ordered.uom), line.line.ordered.milli,
            in.open_milli, in.picked_milli, in.packed_milli, in.shipped_milli, in.handed_over_milli,
            in.short_milli, in.cancelled_milli, in.returned_milli)
      .run();
}

void ShipGroups::save_packages(const domain::ShipGroup& group) {
  connection_->prepare("DELETE FROM package WHERE group_id = ?1").bind(group.id.value()).run();
  connection_->prepare("DELETE FROM package_line WHERE group_id = ?1").bind(group.id.value()).run();
  std::size_t position = 0;
  for (const domain::Package& package : group.packages) {
    connection_
        ->prepare(
            "INSERT INTO package (group_id, position, ref_node, ref_inc, ref_seq, weight_mg,"
            " expected_mg, weight_check, sscc, tracking, label, print_detail)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
        .bind(group.id.value(), position, package.ref.node.value(), package.ref.inc.value(),
              package.ref.seq, package.weight_mg, package.expected_mg, name_of(package.check),
              package.sscc, package.tracking, name_of(package.label), package.print_detail)
        .run();
    for (const domain::LineUnits& units : package.lines) {
      connection_
          ->prepare(
              "INSERT INTO package_line (group_id, position, line, milli)"
              " VALUES (?1, ?2, ?3, ?4)")
          .bind(group.id.value(), position, units.line.value(), units.milli)
          .run();
    }
    ++position;
  }
}

void ShipGroups::save_put_backs(const domain::ShipGroup& group) {
  connection_->prepare("DELETE FROM put_back WHERE group_id = ?1").bind(group.id.value()).run();
  std::size_t position = 0;
  for (const domain::PutBack& back : group.put_backs) {
    connection_
        ->prepare(
            "INSERT INTO put_back (group_id, position, cause_node, cause_inc, cause_seq, line,"
            " milli, done_milli, to_location) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .bind(group.id.value(), position++, back.cause.node.value(), back.cause.inc.value(),
              back.cause.seq, back.line.value(), back.milli, back.done_milli, back.to.text())
        .run();
  }
}

void ShipGroups::save_exceptions(const domain::ShipGroup& group) {
  connection_->prepare("DELETE FROM ship_group_exception WHERE group_id = ?1")
      .bind(group.id.value())
      .run();
  std::size_t position = 0;
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
      "DELETE FROM ship_group; DELETE FROM ship_group_line; DELETE FROM package;"
      "DELETE FROM package_line; DELETE FROM put_back; DELETE FROM ship_group_exception;");
}

namespace {

/// Sums of the buckets, in the order read_buckets() takes them.
constexpr std::string_view kBucketSums =
    " sum(l.open_milli), sum(l.picked_milli), sum(l.packed_milli), sum(l.shipped_milli),"
    " sum(l.handed_over_milli), sum(l.short_milli), sum(l.cancelled_milli),"
    " sum(l.returned_milli)";

/// From eight columns, `first` on.
domain::LineBuckets read_buckets(const Statement& row, int first) {
  return {row.integer(first),     row.integer(first + 1), row.integer(first + 2),
          row.integer(first + 3), row.integer(first + 4), row.integer(first + 5),
          row.integer(first + 6), row.integer(first + 7)};
}

std::string row_columns() {
  return "SELECT g.id, g.site, g.order_id, g.order_reference, g.method, g.status,"
         " g.allocated_hlc, g.claim_node, coalesce(g.claim_station, ''), g.claim_actor,"
         " g.code_minted, g.wrong_codes, count(*), sum(l.ordered_milli)," +
         std::string(kBucketSums) +
         " FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id";
}

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
  group.code_minted = row.integer(10) != 0;
  group.wrong_codes = row.integer(11);
  group.line_count = row.integer(12);
  group.ordered_milli = row.integer(13);
  group.in = read_buckets(row, 14);
  return group;
}

}  // namespace

std::vector<ShipGroupRow> ship_groups(Connection& connection, const ShipGroupFilter& filter) {
  static const std::string kSql =
      row_columns() +
      " WHERE (?1 IS NULL OR g.site = ?1) AND (?2 IS NULL OR g.status IN (?2, ?3))"
      " AND (?4 IS NULL OR g.order_id = ?4) AND (?5 IS NULL OR (g.claim_node, g.claim_station) ="
      " (?5, ?6)) AND (g.allocated_hlc, g.id) > (?7, ?8)"
      " AND (?10 IS NULL OR g.method = ?10) AND (?11 IS NULL OR g.order_reference = ?11)"
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
              filter.limit, filter.method, filter.reference);
  std::vector<ShipGroupRow> rows;
  while (select.step()) rows.push_back(read_row(select));
  return rows;
}

std::optional<ShipGroupRow> ship_group_row(Connection& connection, ShipGroupId group) {
  static const std::string kSql = row_columns() + " WHERE g.id = ?1 GROUP BY g.id";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(group.value()).step()) return std::nullopt;
  ShipGroupRow row = read_row(select);
  select.reset();
  return row;
}

std::vector<ShipGroupLineRow> ship_group_lines(Connection& connection, ShipGroupId group) {
  Statement& select = connection.prepare(
      "SELECT line, sku, name, uom, ordered_milli, open_milli, picked_milli, packed_milli,"
      " shipped_milli, handed_over_milli, short_milli, cancelled_milli, returned_milli"
      " FROM ship_group_line WHERE group_id = ?1 ORDER BY line");
  select.bind(group.value());
  std::vector<ShipGroupLineRow> rows;
  while (select.step()) {
    rows.push_back({stored_line(select.integer(0)), stored_sku(select.text(1)), select.text(2),
                    Quantity{select.integer(4), static_cast<Uom>(select.integer(3))},
                    read_buckets(select, 5)});
  }
  return rows;
}

std::vector<PackageRow> packages(Connection& connection, ShipGroupId group) {
  Statement& select = connection.prepare(
      "SELECT p.ref_node, p.ref_inc, p.ref_seq, p.weight_mg, p.expected_mg, p.weight_check,"
      " p.sscc, p.tracking, p.label, p.print_detail, p.position, l.line, l.milli"
      " FROM package p LEFT JOIN package_line l"
      " ON l.group_id = p.group_id AND l.position = p.position"
      " WHERE p.group_id = ?1 ORDER BY p.position, l.line");
  select.bind(group.value());
  std::vector<PackageRow> rows;
  std::int64_t position = -1;
  while (select.step()) {
    if (select.integer(10) != position) {
      position = select.integer(10);
      rows.push_back({{NodeId(select.uuid(0)), Incarnation(select.unsigned_integer(1)),
                       select.unsigned_integer(2)},
                      {},
                      select.integer(3),
                      select.integer(4),
                      select.text(5),
                      select.text(6),
                      select.text(7),
                      select.text(8),
                      select.text(9)});
    }
    if (select.is_null(11)) continue;
    rows.back().lines.push_back({stored_line(select.integer(11)), select.integer(12)});
  }
  return rows;
}

std::vector<ShipGroupId> groups_printing(Connection& connection) {
  Statement& select =
      connection.prepare("SELECT DISTINCT group_id FROM package WHERE label = 'PRINTING'");
  select.bind();
  std::vector<ShipGroupId> groups;
  while (select.step()) groups.emplace_back(select.uuid(0));
  return groups;
}

std::vector<PickupCodeRow> pickup_codes(Connection& connection, const SiteId& site) {
  Statement& select = connection.prepare(
      "SELECT id, code_salt, code_hash FROM ship_group"
      " WHERE site = ?1 AND method = 'PICKUP' AND code_hash <> x''"
      " ORDER BY CASE status WHEN 'READY' THEN 0 WHEN 'HANDED_OVER' THEN 2 ELSE 1 END,"
      " allocated_hlc DESC, id");
  select.bind(site.text());
  std::vector<PickupCodeRow> codes;
  while (select.step()) {
    codes.push_back({ShipGroupId(select.uuid(0)), select.blob(1), select.blob(2)});
  }
  return codes;
}

std::optional<ShipGroupId> group_of_label(Connection& connection, const std::string& number) {
  if (number.empty()) return std::nullopt;
  Statement& select = connection.prepare(
      "SELECT group_id FROM package WHERE sscc = ?1 AND sscc <> ''"
      " UNION SELECT group_id FROM package WHERE tracking = ?1 AND tracking <> '' LIMIT 1");
  if (!select.bind(number).step()) return std::nullopt;
  const ShipGroupId group(select.uuid(0));
  select.reset();
  return group;
}

std::vector<PutBackRow> put_backs(Connection& connection, const std::optional<SiteId>& site) {
  Statement& select = connection.prepare(
      "SELECT p.group_id, g.order_reference, p.cause_node, p.cause_inc, p.cause_seq, p.line,"
      " p.milli, p.to_location, p.done_milli, l.sku, coalesce(l.name, '')"
      " FROM put_back p JOIN ship_group g ON g.id = p.group_id"
      " LEFT JOIN ship_group_line l ON l.group_id = p.group_id AND l.line = p.line"
      " WHERE (?1 IS NULL OR g.site = ?1) AND p.done_milli < p.milli"
      " ORDER BY g.allocated_hlc, p.group_id, p.position");
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
                    stored_location(select.text(7)),
                    select.integer(8)};
    if (!select.is_null(9)) row.sku = stored_sku(select.text(9));
    row.name = select.text(10);
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

std::optional<ShipGroupId> last_claimed(Connection& connection, NodeId node,
                                        const std::string& station) {
  Statement& select = connection.prepare(
      "SELECT id FROM ship_group WHERE claim_node = ?1 AND claim_station = ?2"
      " AND claim_hlc IS NOT NULL ORDER BY claim_hlc DESC, id LIMIT 1");
  if (!select.bind(node.value(), station).step()) return std::nullopt;
  const ShipGroupId group(select.uuid(0));
  select.reset();
  return group;
}

std::vector<ShipGroupTotals> ship_group_totals(Connection& connection) {
  static const std::string kSql =
      "SELECT g.site, g.status, count(DISTINCT g.id), sum(l.ordered_milli)," +
      std::string(kBucketSums) +
      " FROM ship_group g JOIN ship_group_line l ON l.group_id = g.id"
      " GROUP BY g.site, g.status ORDER BY g.site, g.status";
  Statement& select = connection.prepare(kSql);
  select.bind();
  std::vector<ShipGroupTotals> rows;
  while (select.step()) {
    rows.push_back({stored_site(select.text(0)), select.text(1), select.integer(2),
                    select.integer(3), read_buckets(select, 4)});
  }
  return rows;
}

std::vector<PackageTotals> package_totals(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT g.site, count(*), sum(p.weight_check <> 'NOT_CHECKED'), sum(p.label = 'PRINTED'),"
      " coalesce(sum((SELECT sum(l.milli) FROM package_line l WHERE l.group_id = p.group_id"
      " AND l.position = p.position)), 0)"
      " FROM package p JOIN ship_group g ON g.id = p.group_id GROUP BY g.site ORDER BY g.site");
  select.bind();
  std::vector<PackageTotals> rows;
  while (select.step()) {
    rows.push_back({stored_site(select.text(0)), select.integer(1), select.integer(2),
                    select.integer(3), select.integer(4)});
  }
  return rows;
}

std::vector<PutBackTotals> put_back_totals(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT g.site, sum(p.milli), sum(p.done_milli) FROM put_back p"
      " JOIN ship_group g ON g.id = p.group_id GROUP BY g.site ORDER BY g.site");
  select.bind();
  std::vector<PutBackTotals> rows;
  while (select.step()) {
    rows.push_back({stored_site(select.text(0)), select.integer(1), select.integer(2)});
  }
  return rows;
}

std::int64_t cancellable_milli(Connection& connection, OrderId order, LineNo line) {
  Statement& select = connection.prepare(
      "SELECT coalesce(sum(l.reserved_milli), 0) FROM ship_group g"
      " JOIN ship_group_line l ON l.group_id = g.id"
      " WHERE g.order_id = ?1 AND l.line = ?2"
      " AND g.status IN ('ALLOCATED', 'PICKING', 'PICKED', 'READY')");
  const std::int64_t milli =
      select.bind(order.value(), line.value()).step() ? select.integer(0) : 0;
  select.reset();
  return milli;
}

}  // namespace cairn::storage
