#include "tests/sim/replica_dump.h"

#include "core/storage/compared_rows.h"
#include "core/storage/event_log.h"
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
  // The feed itself, octet for octet, whether its records are rows or folded.
  storage::EventLog log(connection);
  for (const storage::Feed& feed : log.feeds()) {
    if (feed.name != "site:" + site.text()) continue;
    for (std::uint64_t after = 0;;) {
      const auto run = log.read_feed(feed, after, 1U << 20U);
      if (run.empty()) break;
      for (const auto& row : run) {
        text += fmt::format("{}|{}|{}\n", row.fseq, row.ref.text(), to_hex(row.record));
      }
      after = run.back().fseq;
    }
  }
  return text;
}

std::vector<storage::LogRow> all_records(Connection& connection) {
  storage::LogPage page;
  page.limit = SIZE_MAX >> 1U;
  return storage::log_rows(connection, page);
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
  visit_table(connection, "article_queue", rows);
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
