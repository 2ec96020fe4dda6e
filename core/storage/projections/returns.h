#pragma once
// Returns as rows, for lists and questions. Class: ordered; each row is a pure function of the
// ledger's view. Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/returns/return_ledger.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class Returns {
 public:
  explicit Returns(Connection& connection) : connection_(&connection) {}

  /// Writes the rows of a ledger anew. `before`: what was written last; nothing writes all of them.
  void save(const domain::ReturnLedger& ledger, const domain::ReturnLedger* before);
  void reset();

 private:
  void save_taken(const domain::ReturnLedger& ledger, std::size_t position);
  void save_exceptions(const domain::ReturnLedger& ledger);

  Connection* connection_;
};

// ---- queries: any connection ----

struct ReturnLineRow {
  LineNo line;
  Sku sku;
  std::string name;
  Quantity quantity;
  std::int64_t refund_minor = 0;
  std::string condition;
  LocationCode to;
};

struct ReturnRow {
  ReturnId id;
  EventRef ref;
  ShipGroupId group;
  SiteId site;
  OrderId order;
  std::string order_reference;
  Money refund;
  Hlc taken_at;
  UserId actor;
  UserId approved_by;  ///< nil: nobody had to
  std::string reason;
  std::vector<ReturnLineRow> lines;
};

struct ReturnFilter {
  std::optional<SiteId> site;
  std::optional<OrderId> order;
  std::uint64_t after_hlc = 0;
  Uuid after_id;
  std::size_t limit = 100;
};
/// By the time they were taken, then id.
std::vector<ReturnRow> returns(Connection& connection, const ReturnFilter& filter);
std::optional<ReturnRow> find_return(Connection& connection, ReturnId id);

struct RefundExceptionRow {
  ShipGroupId group;
  SiteId site;
  std::string order_reference;
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  bool elsewhere = false;
};
/// Of all sites, or of one.
std::vector<RefundExceptionRow> refund_exceptions(Connection& connection,
                                                  const std::optional<SiteId>& site);

/// Units of a line that other sites' ledgers count as returned; at the hub only all are known.
std::int64_t returned_elsewhere_milli(Connection& connection, ShipGroupId group, LineNo line,
                                      const SiteId& except);

/// Whose ledgers know of something that came back of the group. By name.
std::vector<SiteId> sites_with_returns(Connection& connection, ShipGroupId group);

struct ReturnTotals {
  SiteId site;
  std::int64_t returns = 0;
  std::int64_t returned_milli = 0;
  std::int64_t refund_minor = 0;
};
std::vector<ReturnTotals> return_totals(Connection& connection);

}  // namespace cairn::storage
