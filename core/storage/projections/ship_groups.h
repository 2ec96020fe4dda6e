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
  void save_packages(const domain::ShipGroup& group);
  void save_put_backs(const domain::ShipGroup& group);
  void save_exceptions(const domain::ShipGroup& group);

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
  bool code_minted = false;  ///< pickup: the customer has a code
  std::int64_t wrong_codes = 0;
  std::int64_t ordered_milli = 0;
  domain::LineBuckets in;  ///< over all lines
  std::int64_t line_count = 0;
};

struct ShipGroupFilter {
  std::optional<SiteId> site;
  std::vector<std::string> statuses;  ///< any of these, at most two; empty: all
  std::optional<std::string> method;
  std::optional<std::string> reference;                      ///< the order's number
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
  domain::LineBuckets in;
};

std::vector<ShipGroupLineRow> ship_group_lines(Connection& connection, ShipGroupId group);

struct PackageRow {
  EventRef ref;
  std::vector<domain::LineUnits> lines;
  std::int64_t weight_mg = 0;
  std::int64_t expected_mg = 0;
  std::string check;
  std::string sscc;
  std::string tracking;
  std::string label;
  std::string print_detail;
};

/// In the order they were closed.
std::vector<PackageRow> packages(Connection& connection, ShipGroupId group);
/// Groups with a label on its way to a printer.
std::vector<ShipGroupId> groups_printing(Connection& connection);
/// Pickups of a site whose customer has a code: those that wait for the customer first, those
/// handed over last.
struct PickupCodeRow {
  ShipGroupId group;
  Bytes salt;
  Bytes hash;
};
std::vector<PickupCodeRow> pickup_codes(Connection& connection, const SiteId& site);
/// The group whose package has this SSCC or tracking number.
std::optional<ShipGroupId> group_of_label(Connection& connection, const std::string& number);

struct PutBackRow {
  ShipGroupId group;
  std::string order_reference;
  domain::PutBack put_back;
  Sku sku;  ///< empty if the group has no such line
  std::string name;
};

/// Everything a site, or every site, still has to put back.
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

/// The task a station claimed last, whatever became of it.
std::optional<ShipGroupId> last_claimed(Connection& connection, NodeId node,
                                        const std::string& station);

/// Totals by site and status.
struct ShipGroupTotals {
  SiteId site;
  std::string status;
  std::int64_t groups = 0;
  std::int64_t ordered_milli = 0;
  domain::LineBuckets in;
};
std::vector<ShipGroupTotals> ship_group_totals(Connection& connection);

struct PackageTotals {
  SiteId site;
  std::int64_t packages = 0;
  std::int64_t weighed = 0;       ///< of these: the weight was compared with the contents'
  std::int64_t labelled = 0;      ///< of these: the label is printed
  std::int64_t packed_milli = 0;  ///< units in all of them
};
std::vector<PackageTotals> package_totals(Connection& connection);

struct PutBackTotals {
  SiteId site;
  std::int64_t milli = 0;
  std::int64_t done_milli = 0;
};
std::vector<PutBackTotals> put_back_totals(Connection& connection);

/// Units of an order's line that can still be cancelled: with a site, in a group not yet packed.
std::int64_t cancellable_milli(Connection& connection, OrderId order, LineNo line);

}  // namespace cairn::storage
