#include "edge-agent/workflows/leases.h"

#include "core/domain/stock/stock_lease.h"
#include "core/storage/projections/stock_leases.h"

#include <algorithm>

namespace cairn::agent {

Result<std::optional<UtcTime>> settle_leases(storage::UnitOfWork& work) {
  const storage::Identity& self = work.replica().identity();
  const UtcTime floor = work.replica().clock().floor();
  std::optional<UtcTime> next;
  for (const domain::StockLease& lease : storage::open_leases_of(work.connection(), self.node)) {
    // Of an earlier incarnation: this one does not know what that sold. Its time ends it.
    if (lease.holder() != domain::LeaseHolder{self.node, self.inc}) continue;
    if (const auto returned = domain::give_back(lease, lease.holder(), floor)) {
      const auto written = work.record({domain::LeaseEvent(*returned),
                                        domain::stock_lease_key(lease.granted.lease),
                                        self.site,
                                        UserId{},
                                        {},
                                        {}});
      if (!written) return fail(written.error());
    } else {
      const UtcTime end = lease.granted.expires_at;
      next = next ? std::min(*next, end) : end;
    }
  }
  return next;
}

}  // namespace cairn::agent
