#pragma once
// Units that the hub sets aside for the sales of one device (core/domain/stock/stock_lease.h), and
// which articles that may be. Each function runs inside a job of the writer. Loop only.

#include "core/domain/stock/stock_lease.h"
#include "core/storage/projections/stock_leases.h"
#include "core/storage/replica.h"
#include "core/storage/unit_of_work.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace cairn::central {

/// Defines it, or defines it anew; the same definition again writes nothing. Errors: kInvalid
/// "bad_lease_policy", kNotFound "no_such_product".
Result<domain::LeasePolicy> define_lease_policy(storage::UnitOfWork& work,
                                                domain::LeasePolicy policy, UserId actor);

/// What of an article at a site nobody is promised yet, and which no basket and no order in the
/// queue may need: that can be leased. May be below zero.
std::int64_t can_be_leased_milli(storage::Connection& connection, const SiteId& site,
                                 const Sku& sku, UtcTime now);

/// The device that a lease of a site goes to: `wanted`, or, if it names none, the only one that
/// works there. Errors: kNotFound "no_such_node", kInvalid "which_node" (there are several, or
/// none).
Result<NodeId> lease_node(storage::Connection& connection, const SiteId& site,
                          const std::optional<NodeId>& wanted);

/// `wanted` without what can be leased. Errors: those of domain::decide(), kNotFound
/// "no_such_product", "no_such_site".
Result<domain::StockLease> grant_lease(storage::UnitOfWork& work, const SiteId& site,
                                       const domain::StockLeased& wanted, UserId actor);
/// Asks it back; one that was asked back, or has ended, stays as it is. Errors: kNotFound
/// "no_such_lease".
Result<domain::StockLease> recall_lease(storage::UnitOfWork& work, StockLeaseId id, UserId actor);
/// Ends leases of devices that are retired, behind their end and grace. Returns how many.
Result<std::size_t> write_off_leases(storage::UnitOfWork& work);

/// Ends leases whose device wrote one of these records behind their end and grace.
Result<> close_leases(storage::UnitOfWork& work, const storage::Replica::Taken& taken);

}  // namespace cairn::central
