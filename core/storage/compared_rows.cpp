#include "core/storage/compared_rows.h"

#include "core/crypto/hash.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

#include <cstring>

namespace cairn::storage {
namespace {

/// Names of stored columns.
std::vector<std::string> columns_of(Connection& connection, const std::string& table) {
  Statement& select = connection.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid");
  select.bind(table);
  std::vector<std::string> names;
  while (select.step()) {
    if (select.text(0) != "author") names.push_back(select.text(0));
  }
  return names;
}

/// The rows of a table for which `where` is true.
template <class... Values>
void visit_rows(Connection& connection, const std::string& table, const std::string& where,
                const RowVisitor& visit, const Values&... values) {
  std::string line = fmt::format("'{}'", table);
  for (const std::string& name : columns_of(connection, table)) {
    line += fmt::format("||'|{}='||quote(t.{})", name, name);
  }
  Statement& select =
      connection.prepare(fmt::format("SELECT {} FROM {} t WHERE {}", line, table, where));
  select.bind(values...);
  while (select.step()) visit(table, select.text(0));
}

/// With the author's own name instead of its number here.
void visit_movements(Connection& connection, const SiteId& site, const RowVisitor& visit) {
  Statement& select = connection.prepare(
      "SELECT 'stock_movement|'||m.sku||'|'||m.location||'|'||m.hlc||'|'||hex(a.node)||'|'||a.inc"
      "||'|'||m.seq||'|'||m.delta_milli||'|'||m.reason FROM stock_movement m JOIN author a"
      " ON a.id = m.author WHERE m.site = ?1");
  select.bind(site.text());
  while (select.step()) visit("stock_movement", select.text(0));
}

}  // namespace

void visit_reference_rows(Connection& connection, const RowVisitor& visit) {
  for (const char* const table :
       {"product", "product_gtin", "facility", "lease_policy", "lease_policy_sku"}) {
    visit_rows(connection, table, "true", visit);
  }
}

void visit_site_rows(Connection& connection, const SiteId& site, const RowVisitor& visit) {
  for (const char* const table :
       {"ship_group", "ship_group_line", "return_taken", "return_line", "refund_exception",
        "stock_cell", "location", "staff", "stock_lease"}) {
    visit_rows(connection, table, "t.site = ?1", visit, site.text());
  }
  for (const char* const table : {"package", "package_line", "put_back", "ship_group_exception"}) {
    visit_rows(connection, table, "t.group_id IN (SELECT id FROM ship_group WHERE site = ?1)",
               visit, site.text());
  }
  visit_movements(connection, site, visit);
}

void visit_node_rows(Connection& connection, NodeId node, const RowVisitor& visit) {
  visit_rows(connection, "node", "t.id = ?1", visit, node.value());
  for (const char* const table : {"label_block", "label_use", "node_command", "node_command_end",
                                  "node_config", "node_config_report"}) {
    visit_rows(connection, table, "t.node = ?1", visit, node.value());
  }
}

void RowSums::add(std::string_view table, std::string_view row) {
  if (tables_.empty() || tables_.back().table != table) {
    tables_.push_back({std::string(table), 0, 0});
  }
  const crypto::Hash128 hash = crypto::blake2b_128({row});
  std::uint64_t word = 0;
  std::memcpy(&word, hash.data(), sizeof word);  // both ends are little-endian machines
  ++tables_.back().rows;
  tables_.back().sum += word;
}

}  // namespace cairn::storage
