#include "core/storage/routing_decisions.h"

#include "core/storage/sqlite/statement.h"

#include <utility>

namespace cairn::storage {
namespace {

constexpr std::string_view kDecision =
    "SELECT id, order_id, decided_utc_us, rule_set, version, routing, outcome, queue, facts"
    " FROM routing_decision";

RoutingDecisionRow read_decision(const Statement& row) {
  return {row.integer(0),
          OrderId(row.uuid(1)),
          UtcTime{row.integer(2)},
          row.text(3),
          static_cast<std::uint32_t>(row.integer(4)),
          row.text(5),
          row.text(6),
          static_cast<domain::ParkingQueue>(row.integer(7)),
          row.blob(8),
          {}};
}

void read_traces(Connection& connection, RoutingDecisionRow& decision) {
  Statement& select = connection.prepare(
      "SELECT trace FROM routing_decision_trace WHERE decision = ?1 ORDER BY no");
  select.bind(decision.id);
  while (select.step()) decision.traces.push_back(select.blob(0));
}

/// The order's last decision, if it was this routing's and gave it to nobody.
std::optional<std::int64_t> still_waiting(Connection& connection, const RoutingDecisionRow& row) {
  Statement& select = connection.prepare(
      "SELECT id FROM routing_decision WHERE id = (SELECT max(d.id) FROM routing_decision d"
      " WHERE d.order_id = ?1 AND d.routing = ?2) AND outcome IN ('WAITS', 'NOT_DECIDED')"
      " AND NOT EXISTS (SELECT 1 FROM routing_decision l WHERE l.order_id = ?1"
      " AND l.id > routing_decision.id AND l.outcome IN ('ROUTED', 'PARTLY'))");
  if (!select.bind(row.order.value(), row.routing).step()) return std::nullopt;
  const std::int64_t id = select.integer(0);
  select.reset();
  return id;
}

}  // namespace

void drop_decision(Connection& connection, std::int64_t id) {
  connection.prepare("DELETE FROM routing_decision_trace WHERE decision = ?1").bind(id).run();
  connection.prepare("DELETE FROM routing_decision WHERE id = ?1").bind(id).run();
}

std::int64_t keep_decision(Connection& connection, const RoutingDecisionRow& row) {
  if (const auto before = still_waiting(connection, row)) drop_decision(connection, *before);
  Statement& insert = connection.prepare(
      "INSERT INTO routing_decision (order_id, decided_utc_us, rule_set, version, routing, outcome,"
      " queue, facts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id");
  insert.bind(row.order.value(), row.decided_at.us, row.rule_set, row.version, row.routing,
              row.outcome, static_cast<int>(row.queue), Blob{row.facts});
  const std::int64_t id = insert.step() ? insert.integer(0) : 0;
  insert.reset();
  for (std::size_t no = 0; no < row.traces.size(); ++no) {
    connection
        .prepare("INSERT INTO routing_decision_trace (decision, no, trace) VALUES (?1, ?2, ?3)")
        .bind(id, no, Blob{row.traces[no]})
        .run();
  }
  return id;
}

std::vector<RoutingDecisionRow> decisions_of(Connection& connection, OrderId order) {
  static const std::string kSql = std::string(kDecision) + " WHERE order_id = ?1 ORDER BY id";
  Statement& select = connection.prepare(kSql);
  select.bind(order.value());
  std::vector<RoutingDecisionRow> rows;
  while (select.step()) rows.push_back(read_decision(select));
  for (RoutingDecisionRow& row : rows) read_traces(connection, row);
  return rows;
}

std::optional<RoutingDecisionRow> find_decision(Connection& connection, std::int64_t id) {
  static const std::string kSql = std::string(kDecision) + " WHERE id = ?1";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(id).step()) return std::nullopt;
  RoutingDecisionRow row = read_decision(select);
  select.reset();
  read_traces(connection, row);
  return row;
}

std::vector<DecisionOfOrder> decisions_in(Connection& connection, const DecisionSpan& span,
                                          std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT id, order_id FROM routing_decision WHERE decided_utc_us >= ?1 AND decided_utc_us < ?2"
      " ORDER BY decided_utc_us, id LIMIT ?3");
  select.bind(span.from.us, span.to.us, limit);
  std::vector<DecisionOfOrder> found;
  while (select.step()) found.push_back({select.integer(0), OrderId(select.uuid(1))});
  return found;
}

std::vector<OldDecision> decisions_before(Connection& connection, UtcTime before,
                                          const DecisionMark& after, std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT decided_utc_us, id, order_id FROM routing_decision WHERE decided_utc_us < ?1"
      " AND (decided_utc_us, id) > (?2, ?3) ORDER BY decided_utc_us, id LIMIT ?4");
  select.bind(before.us, after.at.us, after.id, limit);
  std::vector<OldDecision> found;
  while (select.step()) {
    found.push_back({{UtcTime{select.integer(0)}, select.integer(1)}, OrderId(select.uuid(2))});
  }
  return found;
}

}  // namespace cairn::storage
