#include "core/domain/promise/expected_supply.h"

#include "core/base/quantity.h"
#include "core/base/stamp_range.h"

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad_supply(std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_supply", std::string(what));
}

}  // namespace

std::string_view name_of(SupplySource source) {
  switch (source) {
    case SupplySource::kPurchaseOrder:
      return "PURCHASE_ORDER";
    case SupplySource::kDispatchNotice:
      return "DISPATCH_NOTICE";
    case SupplySource::kSupplierStock:
      return "SUPPLIER_STOCK";
  }
  return "";
}

Result<SupplySource> parse_supply_source(std::string_view text) {
  for (const auto source : {SupplySource::kPurchaseOrder, SupplySource::kDispatchNotice,
                            SupplySource::kSupplierStock}) {
    if (name_of(source) == text) return source;
  }
  return fail(ErrorCode::kInvalid, "bad_supply_source",
              "a source is PURCHASE_ORDER, DISPATCH_NOTICE or SUPPLIER_STOCK");
}

Result<> validate(const ExpectedSupply& supply) {
  if (supply.reference.empty() || supply.reference.size() > ExpectedSupply::kMaxReference) {
    return bad_supply("what is expected has a reference of 1 to 64 octets");
  }
  if (supply.milli < 0 || supply.milli > kMaxMilli) {
    return bad_supply("nothing or more is expected, at most 10^9 units");
  }
  if (!is_recordable(supply.due)) return bad_supply("what is expected comes before the year 6429");
  return {};
}

std::vector<Supply> promisable(const std::vector<ExpectedSupply>& expected, UtcTime now) {
  std::vector<Supply> supply;
  for (const ExpectedSupply& one : expected) {
    if (one.milli > 0 && one.due >= now) supply.push_back({one.due, one.milli});
  }
  return supply;
}

}  // namespace cairn::domain
