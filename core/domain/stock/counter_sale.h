#pragma once
// A sale at the counter: goods leave the site in a customer's hand, with the network or without.
// Pure. It takes what its device holds leases for first, the lease that ends first before others.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/stock/lease_policy.h"
#include "core/domain/stock/stock_lease.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::domain {

struct SellAtCounter {
  Sku sku;
  std::int64_t milli = 0;
  std::vector<StockLease> leases;     ///< of the article, all that are known; in any order
  LeaseHolder device;                 ///< that sells
  UtcTime floor;                      ///< its clock that never goes back
  std::optional<BeyondLease> policy;  ///< of the article; nothing: it is sold as it always was
  UserId by;                          ///< who sells
  UserId approved_by;                 ///< a second person lets pass what is beyond; nil: nobody
};

struct CounterSale {
  struct Draw {
    StockLeaseId lease;
    std::int64_t milli = 0;
    friend bool operator==(const Draw&, const Draw&) = default;
  };
  std::vector<Draw> draws;        ///< under leases
  std::int64_t beyond_milli = 0;  ///< under none
  bool beyond_lease = false;      ///< of these it is known that somebody else may be promised them
  std::int64_t left_milli = 0;    ///< that can still be sold under leases afterwards
};

/// Errors: kInvalid "bad_sale"; kRejected "beyond_lease", "needs_approval",
/// "approver_is_operator".
Result<CounterSale> decide(const SellAtCounter& command);

}  // namespace cairn::domain
