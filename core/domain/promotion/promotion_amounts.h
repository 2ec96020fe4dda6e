#pragma once
// What promotions take off an order, to the minor unit. Pure: the same order and the same
// promotions always come to the same amounts, in whatever order they are handed in.

#include "core/domain/order/order.h"
#include "core/domain/promotion/promotion.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// What became of a promotion, or of a coupon.
enum class PromotionOutcome : std::uint8_t {
  kApplied,
  kUnknownCoupon,   ///< no active promotion has that code
  kUsedUp,          ///< as often as it may be
  kUsedByCustomer,  ///< as often as each customer may
  kCustomerNeeded,  ///< it is limited by customer, and the order names none
  kNotNow,          ///< before it begins, or after its end
  kOtherChannel,
  kOtherCurrency,
  kBelowMinimum,      ///< the goods cost too little
  kNothingToTakeOff,  ///< none of its articles, too few of them, or they cost nothing any more
  kNotCombined,       ///< it, or one that came before, goes with no other
  kTooMany,           ///< the order has no room for another discount
};
/// "APPLIED", "USED_UP" and so on.
std::string_view name_of(PromotionOutcome outcome);

/// A promotion that an order may have.
struct OfferedPromotion {
  Promotion promotion;
  std::string coupon{};  ///< the code that was shown; empty: it needs none
  // How often the coupon was used before, and not given back.
  std::int64_t uses = 0;
  std::int64_t uses_of_customer = 0;
};

struct JudgedPromotion {
  std::string promotion;  ///< empty: of no promotion (kUnknownCoupon)
  std::string title;
  std::string coupon;
  PromotionOutcome outcome = PromotionOutcome::kApplied;
  std::int64_t minor = 0;                      ///< taken off; more than nothing if it was applied
  std::vector<OrderDiscount::Share> shares{};  ///< of the lines, without those of nothing
};

/// Judges them one after the other: those with a coupon first, then by priority, then by name. Each
/// takes its part of what is left of its articles after the lines' own discounts, after the order's
/// discounts that are shared out already (share_discounts()), and after those before it. No line
/// gets below nothing. Only goods count. In the order judged. Errors: kInvalid "overflow".
Result<std::vector<JudgedPromotion>> judge_promotions(const OrderPlaced& order, UtcTime now,
                                                      std::vector<OfferedPromotion> offered);

/// As the order keeps it. Only for one that was applied.
OrderDiscount discount_of(const JudgedPromotion& judged);

}  // namespace cairn::domain
