#include "tests/sim/replica_dump.h"

#include "core/storage/compared_rows.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace cairn::sim {
namespace {

using storage::Connection;
using storage::Statement;

/// Rows in an order that does not depend on how they came.
class SortedRows {
 public:
  storage::RowVisitor visitor() {
    return [this](std::string_view, std::string_view row) { rows_.emplace_back(row); };
  }
  std::string text() {
    std::sort(rows_.begin(), rows_.end());
    return fmt::format("{}\n", fmt::join(rows_, "\n"));
  }

 private:
  std::vector<std::string> rows_;
};

/// All rows of a table that only the hub has.
void visit_table(Connection& connection, const std::string& table, SortedRows& rows) {
  Statement& names = connection.prepare(
      "SELECT group_concat('quote('||name||')', '||''|''||')"
      " FROM pragma_table_info(?1)");
  names.bind(table);
  const std::string line = names.step() ? names.text(0) : "''";
  names.reset();
  Statement& select = connection.prepare(fmt::format("SELECT {} FROM {}", line, table));
  select.bind();
  while (select.step()) rows.visitor()(table, table + "|" + select.text(0));
}

}  // namespace

std::string dump_site(Connection& connection, const SiteId& site) {
  SortedRows rows;
  storage::visit_site_rows(connection, site, rows.visitor());
  storage::visit_reference_rows(connection, rows.visitor());
  std::string text = rows.text();
  // The feed itself, octet for octet.
  Statement& feed = connection.prepare(
      "SELECT e.fseq||'|'||hex(a.node)||'|'||a.inc||'|'||e.seq||'|'||hex(e.record)"
      " FROM event_log e JOIN author a ON a.id = e.author JOIN feed f ON f.id = e.feed"
      " WHERE f.name = 'site:'||?1 ORDER BY e.fseq");
  feed.bind(site.text());
  while (feed.step()) text += feed.text(0) + "\n";
  return text;
}

std::string dump_node(Connection& connection, NodeId node) {
  SortedRows rows;
  storage::visit_node_rows(connection, node, rows.visitor());
  return rows.text();
}

std::string dump_orders(Connection& connection) {
  SortedRows rows;
  visit_table(connection, "customer_order", rows);
  visit_table(connection, "order_line", rows);
  return rows.text();
}

std::string first_difference(const std::string& ours, const std::string& theirs) {
  std::istringstream left(ours);
  std::istringstream right(theirs);
  for (;;) {
    std::string one;
    std::string other;
    const bool more = static_cast<bool>(std::getline(left, one));
    if (!std::getline(right, other) && !more) return "none";
    if (one != other) return fmt::format("'{}' and '{}'", one, other);
  }
}

}  // namespace cairn::sim
