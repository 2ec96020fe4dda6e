#include "central/promotions/promotion_book.h"

#include "core/domain/order/order_amounts.h"
#include "core/storage/promotions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::central {
namespace {

using domain::JudgedPromotion;
using domain::OfferedPromotion;
using domain::PromotionOutcome;

Result<> record_promotion(storage::UnitOfWork& work, const domain::Promotion& promotion,
                          UserId actor) {
  const auto written = work.record({domain::PromotionEvent(domain::PromotionDefined{promotion}),
                                    domain::promotion_key(promotion.name),
                                    SiteId{},
                                    actor,
                                    {},
                                    {}});
  if (!written) return fail(written.error());
  return {};
}

Result<> check_free(storage::UnitOfWork& work, const domain::Promotion& promotion) {
  if (!promotion.active) return {};
  for (const domain::Coupon& coupon : promotion.coupons) {
    const auto other = storage::promotion_of_coupon(work.connection(), coupon.code);
    if (!other || other->name == promotion.name) continue;
    return fail(ErrorCode::kConflict, "coupon_taken",
                fmt::format("coupon {} is one of promotion {}: end that one, or take another code; "
                            "nothing was changed",
                            coupon.code, other->name));
  }
  return {};
}

/// With how often its coupon was used.
OfferedPromotion offered_for(storage::Connection& connection, domain::Promotion promotion,
                             const std::string& code, const domain::OrderPlaced& order) {
  OfferedPromotion offered{std::move(promotion), code};
  const auto coupon = std::ranges::find(offered.promotion.coupons, code, &domain::Coupon::code);
  if (coupon == offered.promotion.coupons.end()) return offered;
  if (coupon->uses_most > 0) {
    offered.uses = storage::coupon_uses(connection, code, coupon->uses_most);
  }
  if (coupon->uses_of_customer_most > 0) {
    offered.uses_of_customer =
        storage::coupon_uses_of(connection, code, order.channel, order.customer);
  }
  return offered;
}

/// Why a coupon is not taken, for whoever shows it.
std::string_view in_words(PromotionOutcome outcome) {
  switch (outcome) {
    case PromotionOutcome::kUnknownCoupon:
      return "there is no such coupon, or its promotion has ended";
    case PromotionOutcome::kUsedUp:
      return "it was used as often as it may be";
    case PromotionOutcome::kUsedByCustomer:
      return "this customer used it as often as each may";
    case PromotionOutcome::kCustomerNeeded:
      return "it is limited by customer: say in `customer` who buys";
    case PromotionOutcome::kNotNow:
      return "it is not valid at this time";
    case PromotionOutcome::kOtherChannel:
      return "it is not valid in this channel";
    case PromotionOutcome::kOtherCurrency:
      return "it is for another currency";
    case PromotionOutcome::kBelowMinimum:
      return "the goods cost less than it asks for";
    case PromotionOutcome::kNothingToTakeOff:
      return "the order has none of its articles, or too few of them";
    case PromotionOutcome::kNotCombined:
      return "it cannot be combined with another one of this order";
    case PromotionOutcome::kTooMany:
      return "the order has as many discounts as there is room for";
    case PromotionOutcome::kApplied:
      break;
  }
  return "";
}

}  // namespace

Result<domain::Promotion> define_promotion(storage::UnitOfWork& work, domain::Promotion promotion,
                                           UserId actor) {
  promotion = domain::in_order(std::move(promotion));
  if (auto ok = validate(promotion); !ok) return fail(ok.error());
  if (storage::find_promotion(work.connection(), promotion.name) == promotion) return promotion;
  if (auto ok = check_free(work, promotion); !ok) return fail(ok.error());
  if (auto ok = record_promotion(work, promotion, actor); !ok) return fail(ok.error());
  return promotion;
}

Result<domain::Promotion> end_promotion(storage::UnitOfWork& work, const std::string& name,
                                        UserId actor) {
  auto promotion = storage::find_promotion(work.connection(), name);
  if (!promotion) {
    return fail(ErrorCode::kNotFound, "no_such_promotion",
                "there is no such promotion; nothing was changed");
  }
  if (!promotion->active) return *std::move(promotion);
  promotion->active = false;
  if (auto ok = record_promotion(work, *promotion, actor); !ok) return fail(ok.error());
  return *std::move(promotion);
}

Result<std::vector<JudgedPromotion>> judge_order(storage::Connection& connection,
                                                 const domain::OrderPlaced& order,
                                                 const WantedPromotions& wanted, UtcTime now) {
  std::vector<OfferedPromotion> offered;
  std::vector<JudgedPromotion> unknown;
  if (wanted.apply) {
    for (domain::Promotion& promotion : storage::promotions_by_themselves(connection, now)) {
      offered.push_back({std::move(promotion)});
    }
  }
  for (const std::string& code : wanted.coupons) {
    auto promotion = storage::promotion_of_coupon(connection, code);
    if (!promotion) {
      unknown.push_back({"", "", code, PromotionOutcome::kUnknownCoupon, 0, {}});
      continue;
    }
    offered.push_back(offered_for(connection, *std::move(promotion), code, order));
  }
  auto judged = domain::judge_promotions(order, now, std::move(offered));
  if (!judged) return judged;
  judged->insert(judged->end(), unknown.begin(), unknown.end());
  return judged;
}

Result<domain::OrderPlaced> with_promotions(storage::Connection& connection,
                                            domain::OrderPlaced order,
                                            const WantedPromotions& wanted, UtcTime now) {
  const auto judged = judge_order(connection, order, wanted, now);
  if (!judged) return fail(judged.error());
  for (const JudgedPromotion& one : *judged) {
    if (one.outcome == PromotionOutcome::kApplied) {
      order.discounts.push_back(domain::discount_of(one));
    } else if (!one.coupon.empty()) {
      return fail(ErrorCode::kRejected, "coupon_refused",
                  fmt::format("/coupons: {} cannot be used ({}): {}; nothing was changed",
                              one.coupon, name_of(one.outcome), in_words(one.outcome)));
    }
  }
  return domain::share_discounts(std::move(order));
}

}  // namespace cairn::central
