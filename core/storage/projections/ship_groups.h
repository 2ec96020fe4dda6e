#pragma once
// Ship groups as rows, for lists and questions. Class: ordered; each row is a pure function of the
// group's view (GroupView). Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/fulfilment/ship_group.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class ShipGroups {
 public:
  explicit ShipGroups(Connection& connection) : connection_(&connection) {}

  /// Writes the rows of a group anew. `before`: what was written last, to spare unchanged rows;
  /// nothing writes all of them.
  void save(const domain::ShipGroup& group, const domain::ShipGroup* before);
  void reset();

 private:
  void save_header(const domain::ShipGroup& group);
  void save_line(const domain::ShipGroup& group, const domain::ShipGroupLineState& line);
  void save_derived(const domain::ShipGroup& group);

  Connection* connection_;
};

// ---- queries: any connection ----

struct ShipGroupRow {
  ShipGroupId id;
  SiteId site;
  OrderId order;
  std::string order_reference;
  std::string method;
  std::string status;
  Hlc allocated_at;
  std::optional<NodeId> claim_node;
  std::string claim_station;
  std::optional<UserId> claim_actor;
  std::int64_t ordered_milli = 0;
  std::int64_t open_milli = 0;
  std::int64_t picked_milli = 0;
  std::int64_t shipped_milli = 0;
  std::int64_t line_count = 0;
};

struct ShipGroupFilter {
  std::optional<SiteId> site;
  std::vector<std::string> statuses;  ///< any of these, at most two; empty: all
  std::optional<std::pair<NodeId, std::string>> claimed_at;  ///< node and station
  std::optional<OrderId> order;
  std::uint64_t after_hlc = 0;  ///< page on: allocated after this...
  Uuid after_id;                ///< ...or at it, with a greater id
  std::size_t limit = 100;
};

/// By the time of allocation, then id.
std::vector<ShipGroupRow> ship_groups(Connection& connection, const ShipGroupFilter& filter);
std::optional<ShipGroupRow> ship_group_row(Connection& connection, ShipGroupId group);

struct ShipGroupLineRow {
  LineNo line;
  Sku sku;
  std::string name;
  Quantity ordered;
  std::int64_t open_milli = 0;
  std::int64_t picked_milli = 0;
  std::int64_t shipped_milli = 0;
};

std::vector<ShipGroupLineRow> ship_group_lines(Connection& connection, ShipGroupId group);

struct PutBackRow {
  ShipGroupId group;
  std::string order_reference;
  domain::PutBack put_back;
  Sku sku;  ///< empty if the group has no such line
};

/// Everything a site, or every site, has to put back.
std::vector<PutBackRow> put_backs(Connection& connection, const std::optional<SiteId>& site);

struct ShipGroupExceptionRow {
  ShipGroupId group;
  SiteId site;
  std::string order_reference;
  std::string kind;
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
};

/// Of all sites, or of one.
std::vector<ShipGroupExceptionRow> ship_group_exceptions(Connection& connection,
                                                         const std::optional<SiteId>& site);

/// The task a station works on: the one it claimed last that has not left yet.
std::optional<ShipGroupId> station_task(Connection& connection, NodeId node,
                                        const std::string& station);

/// Totals by site and status.
struct ShipGroupTotals {
  SiteId site;
  std::string status;
  std::int64_t groups = 0;
  std::int64_t ordered_milli = 0;
  std::int64_t picked_milli = 0;
  std::int64_t shipped_milli = 0;
};
std::vector<ShipGroupTotals> ship_group_totals(Connection& connection);

}  // namespace cairn::storage
