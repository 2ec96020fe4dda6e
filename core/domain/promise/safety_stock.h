#pragma once
// Safety stock: how much a site keeps back of an article. Rules with conditions; of those that fit
// one holds, by a fixed ladder, so that two people always see the same figure. Merge rule: the hub
// is the only writer; the last definition of a rule's name holds.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/domain/facility/facility.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain {

struct SafetyStockRule {
  static constexpr std::size_t kMaxName = 64;

  std::string name;  ///< 1-64 octets, unique
  // Conditions; one that is not set fits everything.
  std::optional<SiteId> site;
  std::optional<Sku> sku;
  std::optional<FacilityKind> site_kind;
  std::int64_t milli = 0;             ///< kept back; never negative
  std::optional<UtcTime> expires_at;  ///< holds before it; nothing: for good
  bool active = true;                 ///< false: withdrawn

  [[nodiscard]] int conditions() const;
  friend bool operator==(const SafetyStockRule&, const SafetyStockRule&) = default;
};

/// Hub only.
struct SafetyStockRuleDefined {
  static constexpr std::uint32_t kTypeId = 60;
  SafetyStockRule rule;
  friend bool operator==(const SafetyStockRuleDefined&, const SafetyStockRuleDefined&) = default;
};

/// Errors: kInvalid "bad_safety_stock" with a sentence.
Result<> validate(const SafetyStockRule& rule);

/// True if `a` goes before `b` where both fit: most conditions, then the earlier expiry, then the
/// site before the article before the kind of site, then the name (IBM Sterling's ladder, as far as
/// there are such conditions here).
bool goes_before(const SafetyStockRule& a, const SafetyStockRule& b);

/// Rules in their ladder's order, to be asked again and again.
class SafetyStock {
 public:
  SafetyStock() = default;
  explicit SafetyStock(std::vector<SafetyStockRule> rules);

  /// The rule that holds; null: none fits, nothing is kept back.
  [[nodiscard]] const SafetyStockRule* rule_for(const SiteId& site, FacilityKind kind,
                                                const Sku& sku, UtcTime now) const;
  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  std::vector<SafetyStockRule> rules_;
};

}  // namespace cairn::domain
