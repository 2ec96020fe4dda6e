#pragma once
// What must be the same at a site's device at rest and at the hub, row by row (docs/protocol.md,
// check). One list for the check of running programs and for the simulator.

#include "core/base/ids.h"
#include "core/storage/sqlite/connection.h"
#include "core/wire/message.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

/// A row as text: the table, then each stored column but `author`, which is a number of one
/// database alone.
using RowVisitor = std::function<void(std::string_view table, std::string_view row)>;

/// Products and facilities, the same at every site.
void visit_reference_rows(Connection& connection, const RowVisitor& visit);
/// What happened and is kept at a site.
void visit_site_rows(Connection& connection, const SiteId& site, const RowVisitor& visit);
/// What the hub gave to one node.
void visit_node_rows(Connection& connection, NodeId node, const RowVisitor& visit);

/// Adds rows up, table by table; give `add` to a visit.
class RowSums {
 public:
  void add(std::string_view table, std::string_view row);
  [[nodiscard]] const std::vector<wire::TableSum>& tables() const { return tables_; }

 private:
  std::vector<wire::TableSum> tables_;
};

}  // namespace cairn::storage
