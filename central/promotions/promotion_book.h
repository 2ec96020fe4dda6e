#pragma once
// Promotions at the hub: define and end them, and what they take off an order. What writes runs
// inside a job of the writer, on the loop.

#include "core/domain/promotion/promotion_amounts.h"
#include "core/storage/unit_of_work.h"

#include <string>
#include <vector>

namespace cairn::central {

/// Defines it, or defines it anew; the same definition again writes nothing. Errors: kInvalid
/// "bad_promotion"; kConflict "coupon_taken" (it is another active promotion's).
Result<domain::Promotion> define_promotion(storage::UnitOfWork& work, domain::Promotion promotion,
                                           UserId actor);
/// From now on nothing is taken off for it; what orders had stays. Again: nothing more happens.
/// Errors: kNotFound "no_such_promotion".
Result<domain::Promotion> end_promotion(storage::UnitOfWork& work, const std::string& name,
                                        UserId actor);

/// What an order asks for.
struct WantedPromotions {
  bool apply = false;                  ///< those that need no coupon
  std::vector<std::string> coupons{};  ///< codes as parse_coupon_code() has them, each once

  [[nodiscard]] bool any() const { return apply || !coupons.empty(); }
};

/// What they would take off, as of now; the order's own discounts are shared out. A coupon that
/// nobody knows is judged behind all others. Any connection. Errors: kInvalid "overflow".
Result<std::vector<domain::JudgedPromotion>> judge_order(storage::Connection& connection,
                                                         const domain::OrderPlaced& order,
                                                         const WantedPromotions& wanted,
                                                         UtcTime now);

/// The same, put into the order as discounts. Errors: kInvalid "overflow"; kRejected
/// "coupon_refused" (one of the coupons cannot be used).
Result<domain::OrderPlaced> with_promotions(storage::Connection& connection,
                                            domain::OrderPlaced order,
                                            const WantedPromotions& wanted, UtcTime now);

}  // namespace cairn::central
