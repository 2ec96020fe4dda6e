#pragma once
// Expected supply: goods that somebody said would come, at the hub only. Each announcement has a
// reference of its own - a line of a purchase order, a notice of dispatch, a supplier's stock - and
// the last that was said under it holds. Merge rule: the hub is the only writer.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/promise/future_supply.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain {

enum class SupplySource : std::uint8_t {
  kPurchaseOrder = 1,
  kDispatchNotice = 2,  ///< it left the supplier (ASN)
  kSupplierStock = 3,   ///< the supplier has it, and can deliver it by then
};
/// "PURCHASE_ORDER", "DISPATCH_NOTICE", "SUPPLIER_STOCK"; empty for a number that is none of them.
std::string_view name_of(SupplySource source);
/// Errors: kInvalid "bad_supply_source".
Result<SupplySource> parse_supply_source(std::string_view text);

struct ExpectedSupply {
  static constexpr std::size_t kMaxReference = 64;

  std::string reference;  ///< 1-64 octets, unique
  SupplySource source = SupplySource::kPurchaseOrder;
  Sku sku;
  SiteId site;             ///< where it arrives; empty: not known yet
  UtcTime due;             ///< from when on it can be sent to a customer
  std::int64_t milli = 0;  ///< still to come; 0: it has come, or will not
  friend bool operator==(const ExpectedSupply&, const ExpectedSupply&) = default;
};

/// Hub only.
struct SupplyExpected {
  static constexpr std::uint32_t kTypeId = 64;
  ExpectedSupply supply;
  friend bool operator==(const SupplyExpected&, const SupplyExpected&) = default;
};

/// Errors: kInvalid "bad_supply" with a sentence.
Result<> validate(const ExpectedSupply& supply);

/// What can be promised of it at `now`. A date that has passed is no promise: that supply is left
/// out until somebody says a new one.
std::vector<Supply> promisable(const std::vector<ExpectedSupply>& expected, UtcTime now);

}  // namespace cairn::domain
