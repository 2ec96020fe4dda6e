#include "core/storage/quarantine.h"

#include "core/domain/key.h"
#include "core/storage/event_log.h"
#include "core/storage/sqlite/statement.h"

#include <algorithm>

namespace cairn::storage {
namespace {

constexpr std::string_view kQuarantined =
    "SELECT q.author, a.node, a.inc, q.seq, q.kind, q.reason, q.seen_utc_us,"
    " CASE WHEN f.name LIKE 'site:%' THEN substr(f.name, 6) ELSE '' END, e.key, e.record"
    " FROM quarantine q JOIN author a ON a.id = q.author"
    " JOIN event_log e ON e.author = q.author AND e.seq = q.seq LEFT JOIN feed f ON f.id = e.feed";

std::vector<QuarantineRow> read_quarantined(Statement& select) {
  std::vector<QuarantineRow> rows;
  while (select.step()) {
    QuarantineRow row;
    row.author = select.integer(0);
    row.ref = {NodeId(select.uuid(1)), Incarnation(select.unsigned_integer(2)),
               select.unsigned_integer(3)};
    row.kind = select.text(4);
    row.reason = select.text(5);
    row.seen_at = UtcTime{select.integer(6)};
    if (const auto site = SiteId::parse(select.text(7))) row.site = *site;
    row.key = select.blob(8);
    row.record = select.blob(9);
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Ordered state waits; the rest does not depend on what came before.
bool parks_others(const QuarantineRow& row) {
  if (row.kind != "PARKED" || row.key.empty()) return false;
  const auto kind = static_cast<domain::AggregateKind>(row.key.front());
  return kind == domain::AggregateKind::kShipGroup || kind == domain::AggregateKind::kReturnLedger;
}

}  // namespace

std::vector<QuarantineRow> quarantine(Connection& connection, const QuarantinePage& page) {
  static const std::string kSql =
      std::string(kQuarantined) +
      " WHERE (q.author, q.seq) > (?1, ?2) ORDER BY q.author, q.seq LIMIT ?3";
  Statement& select = connection.prepare(kSql);
  select.bind(page.after_author, page.after_seq, page.limit);
  return read_quarantined(select);
}

std::optional<QuarantineRow> quarantined(Connection& connection, const EventRef& ref) {
  static const std::string kSql =
      std::string(kQuarantined) + " WHERE a.node = ?1 AND a.inc = ?2 AND q.seq = ?3";
  Statement& select = connection.prepare(kSql);
  select.bind(ref.node.value(), ref.inc.value(), ref.seq);
  auto rows = read_quarantined(select);
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::vector<EventRef> parked_behind(Connection& connection, const QuarantineRow& row) {
  std::vector<EventRef> behind;
  if (!parks_others(row)) return behind;
  EventLog log(connection);
  bool found = false;
  for (const LoggedRecord& logged : log.read_key(row.key)) {
    if (found && !quarantined(connection, logged.ref)) behind.push_back(logged.ref);
    found = found || logged.ref == row.ref;
  }
  return behind;
}

std::uint64_t quarantine_count(Connection& connection) {
  Statement& select = connection.prepare("SELECT count(*) FROM quarantine");
  const std::uint64_t count = select.bind().step() ? select.unsigned_integer(0) : 0;
  select.reset();
  return count;
}

std::uint64_t quarantine_count(Connection& connection, NodeId node) {
  Statement& select = connection.prepare(
      "SELECT count(*) FROM quarantine WHERE author IN (SELECT id FROM author WHERE node = ?1)");
  const std::uint64_t count = select.bind(node.value()).step() ? select.unsigned_integer(0) : 0;
  select.reset();
  return count;
}

std::vector<SetAsideRecord> set_aside(Connection& connection, NodeId node, Incarnation inc,
                                      std::size_t most) {
  Statement& select = connection.prepare(
      "SELECT seq, reason FROM quarantine"
      " WHERE author = (SELECT id FROM author WHERE node = ?1 AND inc = ?2)"
      " ORDER BY seq DESC LIMIT ?3");
  select.bind(node.value(), inc.value(), most);
  std::vector<SetAsideRecord> records;
  while (select.step()) records.push_back({select.unsigned_integer(0), select.text(1)});
  std::ranges::reverse(records);
  return records;
}

}  // namespace cairn::storage
