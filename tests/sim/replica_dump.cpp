#include "tests/sim/replica_dump.h"

#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

#include <vector>

namespace cairn::sim {
namespace {

using storage::Blob;
using storage::Connection;
using storage::Statement;

/// Names of stored columns; `author` is a number of this database alone.
std::vector<std::string> columns_of(Connection& connection, const std::string& table) {
  Statement& select = connection.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid");
  select.bind(table);
  std::vector<std::string> names;
  while (select.step()) {
    if (select.text(0) != "author") names.push_back(select.text(0));
  }
  return names;
}

/// The rows of a table for which `where` is true, by all their columns; `join` may add others.
template <class... Values>
std::string rows(Connection& connection, const std::string& table, const std::string& where,
                 const Values&... values) {
  std::string line = fmt::format("'{}'", table);
  for (const std::string& name : columns_of(connection, table)) {
    line += fmt::format("||'|{}='||quote(t.{})", name, name);
  }
  Statement& select = connection.prepare(
      fmt::format("SELECT {} FROM {} t WHERE {} ORDER BY 1", line, table, where));
  select.bind(values...);
  std::string text;
  while (select.step()) text += select.text(0) + "\n";
  return text;
}

constexpr const char* kOfGroup = "t.group_id IN (SELECT id FROM ship_group WHERE site = ?1)";

}  // namespace

std::string dump_site(Connection& connection, const SiteId& site) {
  std::string text;
  for (const char* const table : {"ship_group", "ship_group_line", "return_taken", "return_line",
                                  "refund_exception", "stock_cell", "location", "staff"}) {
    text += rows(connection, table, "t.site = ?1", site.text());
  }
  for (const char* const table : {"package", "package_line", "put_back", "ship_group_exception"}) {
    text += rows(connection, table, kOfGroup, site.text());
  }
  // Movements with the author's own name instead of its number here.
  Statement& moved = connection.prepare(
      "SELECT 'moved|'||m.sku||'|'||m.location||'|'||m.hlc||'|'||hex(a.node)||'|'||a.inc||'|'||"
      "m.seq||'|'||m.delta_milli||'|'||m.reason FROM stock_movement m JOIN author a"
      " ON a.id = m.author WHERE m.site = ?1 ORDER BY 1");
  moved.bind(site.text());
  while (moved.step()) text += moved.text(0) + "\n";
  // The feed itself, octet for octet.
  Statement& feed = connection.prepare(
      "SELECT e.fseq||'|'||hex(a.node)||'|'||a.inc||'|'||e.seq||'|'||hex(e.record)"
      " FROM event_log e JOIN author a ON a.id = e.author JOIN feed f ON f.id = e.feed"
      " WHERE f.name = 'site:'||?1 ORDER BY e.fseq");
  feed.bind(site.text());
  while (feed.step()) text += feed.text(0) + "\n";
  for (const char* const table : {"product", "product_gtin", "facility"}) {
    text += rows(connection, table, "true");
  }
  return text;
}

std::string dump_node(Connection& connection, NodeId node) {
  return rows(connection, "node", "t.id = ?1", node.value()) +
         rows(connection, "label_block", "t.node = ?1", node.value()) +
         rows(connection, "label_use", "t.node = ?1", node.value());
}

std::string dump_orders(Connection& connection) {
  return rows(connection, "customer_order", "true") + rows(connection, "order_line", "true");
}

}  // namespace cairn::sim
