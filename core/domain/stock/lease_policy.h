#pragma once
// Lease policy: which articles may be leased to devices for their own sales (stock_lease.h), and
// what a till does when more is to be sold than it has a lease for. An article that no policy names
// is sold as if there were no leases. Merge rule: the hub is the only writer; the last definition
// holds.

#include "core/base/ids.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// What a till does about units beyond its leases; a later one is stricter. Stored: never reused.
enum class BeyondLease : std::uint8_t {
  kWarn = 1,     ///< sells them, and says that they may be promised to somebody else
  kApprove = 2,  ///< a second person lets them pass
  kRefuse = 3,   ///< sells nothing
};
/// "WARN", "APPROVE", "REFUSE"; empty for a number that is none of them.
std::string_view name_of(BeyondLease beyond);
/// Errors: kInvalid "bad_beyond_lease".
Result<BeyondLease> parse_beyond_lease(std::string_view text);

struct LeasePolicy {
  std::string name;       ///< 1-64 octets
  std::vector<Sku> skus;  ///< sorted, none twice; 1 to kMaxSkus
  BeyondLease beyond = BeyondLease::kWarn;
  bool active = true;

  static constexpr std::size_t kMaxName = 64;
  static constexpr std::size_t kMaxSkus = 1'000;

  friend bool operator==(const LeasePolicy&, const LeasePolicy&) = default;
};

struct LeasePolicyDefined {
  static constexpr std::uint32_t kTypeId = 69;
  LeasePolicy policy;
  friend bool operator==(const LeasePolicyDefined&, const LeasePolicyDefined&) = default;
};

/// Errors: kInvalid "bad_lease_policy" with a sentence.
Result<> validate(const LeasePolicy& policy);

}  // namespace cairn::domain
