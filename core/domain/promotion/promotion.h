#pragma once
// Promotions: what the hub takes off an order by itself, or because a coupon was shown
// (docs/orders.md). Merge rule: the hub is the only writer; the last definition of a name holds.
// Pure data.

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class PromotionKind : std::uint8_t {
  kPercentage = 1,  ///< basis points of what its articles cost
  kAmount = 2,      ///< an amount off its articles together
  kBuyXGetY = 3,    ///< of so many units the cheapest are free, or at basis points off
};
/// "PERCENTAGE", "AMOUNT", "BUY_X_GET_Y"; empty for a number that is none of them.
std::string_view name_of(PromotionKind kind);
/// Errors: kInvalid "bad_promotion_kind".
Result<PromotionKind> parse_promotion_kind(std::string_view text);

/// A word that makes a promotion hold for an order.
struct Coupon {
  static constexpr std::size_t kMaxCode = 32;

  std::string code;            ///< 1-32 capitals, digits and dashes; of one active promotion only
  std::int64_t uses_most = 0;  ///< by all customers together; 0: no limit
  std::int64_t uses_of_customer_most = 0;  ///< by each of them; 0: no limit
  friend bool operator==(const Coupon&, const Coupon&) = default;
};

/// The code as it is kept: small letters become capitals. Errors: kInvalid "bad_coupon".
Result<std::string> parse_coupon_code(std::string_view text);

struct Promotion {
  static constexpr std::size_t kMaxName = 64;
  static constexpr std::size_t kMaxTitle = 200;
  static constexpr std::size_t kMaxSkus = 2000;
  static constexpr std::size_t kMaxChannels = 100;
  static constexpr std::size_t kMaxCoupons = 2000;
  static constexpr std::int64_t kMaxUnits = 1000;
  static constexpr std::int64_t kMaxPriority = 1000;
  static constexpr std::int64_t kMaxUses = 1'000'000'000;
  static constexpr std::int64_t kWholeBasisPoints = 10'000;

  std::string name;   ///< 1-64 octets, unique
  std::string title;  ///< for customers; 1-200 octets
  PromotionKind kind = PromotionKind::kPercentage;
  std::int64_t basis_points = 0;  ///< 1-10000 = all of it; kAmount: 0
  std::optional<Money> amount{};  ///< kAmount only
  std::int64_t buy_units = 0;     ///< kBuyXGetY: so many at their price ...
  std::int64_t get_units = 0;     ///< ... make so many cheaper
  // Conditions; one that is not set fits everything.
  std::vector<Sku> skus{};      ///< what it is about, sorted; empty: every article
  std::vector<Sku> get_skus{};  ///< kBuyXGetY: what gets cheaper, sorted; empty: one of `skus`
  std::vector<std::string> channels{};  ///< where it is sold, sorted
  std::optional<UtcTime> from{};        ///< not before
  std::optional<UtcTime> until{};       ///< before
  std::optional<Money> minimum{};       ///< what all goods cost at least, before promotions
  std::int64_t priority = 0;            ///< 0-1000: the lower comes first
  bool exclusive = false;               ///< goes with no other promotion
  bool active = true;                   ///< false: ended
  std::vector<Coupon> coupons{};        ///< by code; empty: it needs none

  friend bool operator==(const Promotion&, const Promotion&) = default;
};

/// Hub only.
struct PromotionDefined {
  static constexpr std::uint32_t kTypeId = 107;
  Promotion promotion;
  friend bool operator==(const PromotionDefined&, const PromotionDefined&) = default;
};

/// Lists sorted, so that the same promotion is the same record.
Promotion in_order(Promotion promotion);
/// Errors: kInvalid "bad_promotion" with a sentence.
Result<> validate(const Promotion& promotion);

}  // namespace cairn::domain
