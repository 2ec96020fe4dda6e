#pragma once
// Stock leases, and the policies that allow them; at the hub and at the sites. Class: commutative
// (of policies the last definition holds). Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/event.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::storage {

class StockLeases {
 public:
  explicit StockLeases(Connection& connection) : connection_(&connection) {}

  /// Whose figures are others now.
  using Cell = std::pair<SiteId, Sku>;
  /// `key`: of the record.
  std::optional<Cell> apply(const domain::Envelope& meta, BytesView key,
                            const domain::LeaseEvent& event);
  /// What was sold under a lease; nothing happens if it was under none.
  void apply_sale(const domain::Envelope& meta, const domain::StockMoved& moved);
  void reset();

 private:
  void apply_one(const domain::Envelope& meta, BytesView lease, const domain::StockLeased& leased);
  void apply_one(const domain::Envelope& meta, BytesView lease, const domain::LeaseRecalled& e);
  void apply_one(const domain::Envelope& meta, BytesView lease, const domain::LeaseReturned& e);
  void apply_one(const domain::Envelope& meta, BytesView lease, const domain::LeaseClosed& e);
  void apply_one(const domain::Envelope& meta, BytesView, const domain::LeasePolicyDefined& e);
  void sum_up(BytesView lease);

  Connection* connection_;
};

// ---- queries: any connection ----

std::optional<domain::StockLease> find_lease(Connection& connection, StockLeaseId id);

struct LeasePage {
  std::optional<SiteId> site;  ///< of these only; like the next
  std::optional<Sku> sku;
  bool open = false;          ///< only those that have not ended
  std::optional<Uuid> after;  ///< behind this one
  std::size_t limit = 100;
};
/// By id: the older first.
std::vector<domain::StockLease> leases_page(Connection& connection, const LeasePage& page);

/// Of a device, those that have not ended, in no order.
std::vector<domain::StockLease> open_leases_of(Connection& connection, NodeId node);
/// Likewise, of an article.
std::vector<domain::StockLease> open_leases_of(Connection& connection, NodeId node, const Sku& sku);

/// By name, the withdrawn ones among them.
std::vector<domain::LeasePolicy> lease_policies(Connection& connection);
std::optional<domain::LeasePolicy> find_lease_policy(Connection& connection,
                                                     const std::string& name);
/// What a till does beyond its leases of an article: of several active policies the strictest
/// holds. Nothing: no policy names it.
std::optional<domain::BeyondLease> beyond_lease_of(Connection& connection, const Sku& sku);

}  // namespace cairn::storage
