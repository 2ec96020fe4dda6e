#include "core/domain/promise/safety_stock.h"

#include "core/base/quantity.h"
#include "core/base/stamp_range.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace cairn::domain {
namespace {

bool fits(const SafetyStockRule& rule, const SiteId& site, FacilityKind kind, const Sku& sku,
          UtcTime now) {
  return (!rule.expires_at || now < *rule.expires_at) && (!rule.site || *rule.site == site) &&
         (!rule.sku || *rule.sku == sku) && (!rule.site_kind || *rule.site_kind == kind);
}

/// A moment that a record can hold, and that is not taken for "never".
bool storable(UtcTime time) { return time.us > 0 && is_recordable(time); }

/// Smaller goes first.
auto rung(const SafetyStockRule& rule) {
  const std::int64_t expiry =
      rule.expires_at ? rule.expires_at->us : std::numeric_limits<std::int64_t>::max();
  return std::make_tuple(-rule.conditions(), expiry, !rule.site.has_value(), !rule.sku.has_value(),
                         !rule.site_kind.has_value());
}

}  // namespace

int SafetyStockRule::conditions() const {
  return static_cast<int>(site.has_value()) + static_cast<int>(sku.has_value()) +
         static_cast<int>(site_kind.has_value());
}

Result<> validate(const SafetyStockRule& rule) {
  if (rule.name.empty() || rule.name.size() > SafetyStockRule::kMaxName) {
    return fail(ErrorCode::kInvalid, "bad_safety_stock", "a rule has a name of 1 to 64 octets");
  }
  if (rule.milli < 0 || rule.milli > kMaxMilli) {
    return fail(ErrorCode::kInvalid, "bad_safety_stock",
                "what is kept back is nothing or more, at most 10^9 units");
  }
  if (rule.expires_at && !storable(*rule.expires_at)) {
    return fail(
        ErrorCode::kInvalid, "bad_safety_stock",
        "a rule ends after 1970 and before the year 6429; leave expires_at out for one that "
        "holds for good");
  }
  return {};
}

bool goes_before(const SafetyStockRule& a, const SafetyStockRule& b) {
  const auto first = rung(a);
  const auto second = rung(b);
  return first != second ? first < second : a.name < b.name;
}

SafetyStock::SafetyStock(std::vector<SafetyStockRule> rules) : rules_(std::move(rules)) {
  std::erase_if(rules_, [](const SafetyStockRule& rule) { return !rule.active; });
  std::ranges::sort(rules_, goes_before);
}

const SafetyStockRule* SafetyStock::rule_for(const SiteId& site, FacilityKind kind, const Sku& sku,
                                             UtcTime now) const {
  const auto found = std::ranges::find_if(
      rules_, [&](const SafetyStockRule& rule) { return fits(rule, site, kind, sku, now); });
  return found == rules_.end() ? nullptr : &*found;
}

}  // namespace cairn::domain
