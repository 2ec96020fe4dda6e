#include "core/storage/projections/returns.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <algorithm>

namespace cairn::storage {

void Returns::save(const domain::ReturnLedger& ledger, const domain::ReturnLedger* before) {
  // A record that moves to its place in the feed may change the order of all behind it.
  const bool appended =
      before != nullptr && before->taken.size() <= ledger.taken.size() &&
      std::equal(before->taken.begin(), before->taken.end(), ledger.taken.begin());
  if (!appended) {
    connection_->prepare("DELETE FROM return_taken WHERE group_id = ?1 AND site = ?2")
        .bind(ledger.group.value(), ledger.site.text())
        .run();
    connection_->prepare("DELETE FROM return_line WHERE group_id = ?1 AND site = ?2")
        .bind(ledger.group.value(), ledger.site.text())
        .run();
  }
  for (std::size_t i = appended ? before->taken.size() : 0; i < ledger.taken.size(); ++i) {
    save_taken(ledger, i);
  }
  save_exceptions(ledger);
}

void Returns::save_taken(const domain::ReturnLedger& ledger, std::size_t position) {
  const domain::TakenReturn& taken = ledger.taken[position];
  connection_
      ->prepare(
          "INSERT INTO return_taken (group_id, site, position, id, ref_node, ref_inc, ref_seq,"
          " order_id, order_reference, refund_minor, currency, taken_hlc, actor, approved_by,"
          " reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")
      .bind(ledger.group.value(), ledger.site.text(), position, taken.what.id.value(),
            taken.ref.node.value(), taken.ref.inc.value(), taken.ref.seq, taken.what.order.value(),
            taken.what.order_reference, taken.what.refund.minor, taken.what.refund.currency.text(),
            taken.at.value, taken.actor.value(), taken.what.approved_by.value(), taken.what.reason)
      .run();
  std::size_t item = 0;
  for (const domain::ReturnedLine& line : taken.what.lines) {
    connection_
        ->prepare(
            "INSERT INTO return_line (group_id, site, position, item, line, sku, name, uom, milli,"
            " refund_minor, condition, to_location)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
        .bind(ledger.group.value(), ledger.site.text(), position, item++, line.line.value(),
              line.sku.text(), line.name, static_cast<int>(line.quantity.uom), line.quantity.milli,
              line.refund.minor, name_of(line.condition), line.to.text())
        .run();
  }
}

void Returns::save_exceptions(const domain::ReturnLedger& ledger) {
  connection_->prepare("DELETE FROM refund_exception WHERE group_id = ?1 AND site = ?2")
      .bind(ledger.group.value(), ledger.site.text())
      .run();
  std::size_t position = 0;
  for (const domain::RefundException& exception : ledger.exceptions) {
    connection_
        ->prepare(
            "INSERT INTO refund_exception (group_id, site, position, cause_node, cause_inc,"
            " cause_seq, line, milli, elsewhere) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .bind(ledger.group.value(), ledger.site.text(), position++, exception.cause.node.value(),
              exception.cause.inc.value(), exception.cause.seq, exception.line.value(),
              exception.milli, exception.elsewhere)
        .run();
  }
}

void Returns::reset() {
  connection_->execute(
      "DELETE FROM return_taken; DELETE FROM return_line; DELETE FROM refund_exception;");
}

namespace {

std::vector<ReturnLineRow> lines_of(Connection& connection, ShipGroupId group, const SiteId& site,
                                    std::int64_t position) {
  Statement& select = connection.prepare(
      "SELECT line, sku, name, uom, milli, refund_minor, condition, to_location FROM return_line"
      " WHERE group_id = ?1 AND site = ?2 AND position = ?3 ORDER BY item");
  select.bind(group.value(), site.text(), position);
  std::vector<ReturnLineRow> lines;
  while (select.step()) {
    lines.push_back({stored_line(select.integer(0)), stored_sku(select.text(1)), select.text(2),
                     Quantity{select.integer(4), static_cast<Uom>(select.integer(3))},
                     select.integer(5), select.text(6), stored_location(select.text(7))});
  }
  return lines;
}

}  // namespace

namespace {

constexpr std::string_view kReturn =
    "SELECT id, ref_node, ref_inc, ref_seq, group_id, site, order_id, order_reference,"
    " refund_minor, currency, taken_hlc, actor, approved_by, reason, position FROM return_taken";

/// Every row that is left, then their lines.
std::vector<ReturnRow> read_returns(Connection& connection, Statement& select) {
  std::vector<ReturnRow> rows;
  std::vector<std::int64_t> positions;
  while (select.step()) {
    ReturnRow row;
    row.id = ReturnId(select.uuid(0));
    row.ref = {NodeId(select.uuid(1)), Incarnation(select.unsigned_integer(2)),
               select.unsigned_integer(3)};
    row.group = ShipGroupId(select.uuid(4));
    row.site = stored_site(select.text(5));
    row.order = OrderId(select.uuid(6));
    row.order_reference = select.text(7);
    row.refund = {select.integer(8), stored_currency(select.text(9))};
    row.taken_at = Hlc{select.unsigned_integer(10)};
    row.actor = UserId(select.uuid(11));
    row.approved_by = UserId(select.uuid(12));
    row.reason = select.text(13);
    positions.push_back(select.integer(14));
    rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].lines = lines_of(connection, rows[i].group, rows[i].site, positions[i]);
  }
  return rows;
}

}  // namespace

std::vector<ReturnRow> returns(Connection& connection, const ReturnFilter& filter) {
  static const std::string kSql =
      std::string(kReturn) +
      " WHERE (?1 IS NULL OR site = ?1) AND (?2 IS NULL OR order_id = ?2)"
      " AND (taken_hlc, id) > (?3, ?4) ORDER BY taken_hlc, id LIMIT ?5";
  Statement& select = connection.prepare(kSql);
  select.bind(filter.site ? std::optional(filter.site->text()) : std::nullopt,
              filter.order ? std::optional(filter.order->value()) : std::nullopt, filter.after_hlc,
              filter.after_id, filter.limit);
  return read_returns(connection, select);
}

std::optional<ReturnRow> find_return(Connection& connection, ReturnId id) {
  static const std::string kSql = std::string(kReturn) + " WHERE id = ?1";
  auto rows = read_returns(connection, connection.prepare(kSql).bind(id.value()));
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::vector<RefundExceptionRow> refund_exceptions(Connection& connection,
                                                  const std::optional<SiteId>& site) {
  Statement& select = connection.prepare(
      "SELECT x.group_id, x.site, coalesce((SELECT t.order_reference FROM return_taken t"
      " WHERE t.group_id = x.group_id AND t.site = x.site LIMIT 1), ''), x.cause_node,"
      " x.cause_inc, x.cause_seq, x.line, x.milli, x.elsewhere FROM refund_exception x"
      " WHERE ?1 IS NULL OR x.site = ?1 ORDER BY x.site, x.group_id, x.position");
  select.bind(site ? std::optional(site->text()) : std::nullopt);
  std::vector<RefundExceptionRow> rows;
  while (select.step()) {
    rows.push_back({ShipGroupId(select.uuid(0)),
                    stored_site(select.text(1)),
                    select.text(2),
                    {NodeId(select.uuid(3)), Incarnation(select.unsigned_integer(4)),
                     select.unsigned_integer(5)},
                    stored_line(select.integer(6)),
                    select.integer(7),
                    select.integer(8) != 0});
  }
  return rows;
}

std::int64_t returned_elsewhere_milli(Connection& connection, ShipGroupId group, LineNo line,
                                      const SiteId& except) {
  // Per site what came back, less what was found to be a second time.
  Statement& select = connection.prepare(
      "SELECT (SELECT coalesce(sum(milli), 0) FROM return_line"
      "  WHERE group_id = ?1 AND line = ?2 AND site <> ?3)"
      " - (SELECT coalesce(sum(milli), 0) FROM refund_exception"
      "  WHERE group_id = ?1 AND line = ?2 AND site <> ?3)");
  const std::int64_t milli =
      select.bind(group.value(), line.value(), except.text()).step() ? select.integer(0) : 0;
  select.reset();
  return milli;
}

std::vector<SiteId> sites_with_returns(Connection& connection, ShipGroupId group) {
  Statement& select = connection.prepare(
      "SELECT DISTINCT site FROM return_taken WHERE group_id = ?1 ORDER BY site");
  select.bind(group.value());
  std::vector<SiteId> sites;
  while (select.step()) sites.push_back(stored_site(select.text(0)));
  return sites;
}

std::vector<ReturnTotals> return_totals(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT t.site, count(*), sum((SELECT coalesce(sum(l.milli), 0) FROM return_line l"
      " WHERE l.group_id = t.group_id AND l.site = t.site AND l.position = t.position)),"
      " sum(t.refund_minor) FROM return_taken t GROUP BY t.site ORDER BY t.site");
  select.bind();
  std::vector<ReturnTotals> rows;
  while (select.step()) {
    rows.push_back(
        {stored_site(select.text(0)), select.integer(1), select.integer(2), select.integer(3)});
  }
  return rows;
}

}  // namespace cairn::storage
