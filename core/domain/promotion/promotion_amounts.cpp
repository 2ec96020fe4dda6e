#include "core/domain/promotion/promotion_amounts.h"

#include "core/domain/order/order_amounts.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

namespace cairn::domain {
namespace {

using Amounts = std::vector<std::int64_t>;

std::int64_t sum_of(const Amounts& amounts) {
  return std::accumulate(amounts.begin(), amounts.end(), std::int64_t{0});
}

bool is_among(const std::vector<Sku>& sorted, const Sku& sku) {
  return std::ranges::binary_search(sorted, sku);
}

/// Which lines a list of articles means; no list: all goods.
std::vector<bool> lines_of(const OrderPlaced& order, const std::vector<Sku>& skus) {
  std::vector<bool> in;
  in.reserve(order.lines.size());
  for (const OrderLine& line : order.lines) {
    in.push_back(!line.service && (skus.empty() || is_among(skus, line.sku)));
  }
  return in;
}

Amounts only(const Amounts& amounts, const std::vector<bool>& in) {
  Amounts kept(amounts.size(), 0);
  for (std::size_t i = 0; i < amounts.size(); ++i) kept[i] = in[i] ? amounts[i] : 0;
  return kept;
}

/// Half up. `minor` to kMaxMinor: no overflow.
std::int64_t basis_points_of(std::int64_t minor, std::int64_t basis_points) {
  constexpr std::int64_t kAll = Promotion::kWholeBasisPoints;
  return (minor * basis_points + kAll / 2) / kAll;
}

/// Whole pieces of a line; what is sold by weight or length has none.
std::int64_t pieces_of(const OrderLine& line) {
  return line.ordered.uom == Uom::kPiece ? line.ordered.milli / kMilliPerUnit : 0;
}

std::int64_t pieces_of(const OrderPlaced& order, const std::vector<bool>& in) {
  std::int64_t pieces = 0;
  for (std::size_t i = 0; i < in.size(); ++i) pieces += in[i] ? pieces_of(order.lines[i]) : 0;
  return pieces;
}

/// The cheapest units are the ones that get cheaper.
Amounts off_units(const Promotion& promotion, const OrderPlaced& order, const Amounts& left) {
  const std::vector<bool> bought = lines_of(order, promotion.skus);
  const bool same = promotion.get_skus.empty();
  const std::vector<bool> got = same ? bought : lines_of(order, promotion.get_skus);
  const std::int64_t in_bought = pieces_of(order, bought);
  const std::int64_t sets =
      same ? in_bought / (promotion.buy_units + promotion.get_units)
           : std::min(in_bought / promotion.buy_units, pieces_of(order, got) / promotion.get_units);
  std::int64_t units = sets * promotion.get_units;
  std::vector<std::size_t> cheapest;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (got[i] && pieces_of(order.lines[i]) > 0) cheapest.push_back(i);
  }
  std::ranges::sort(cheapest, {}, [&order](std::size_t i) {
    return std::tuple(order.lines[i].unit_price.minor, order.lines[i].line);
  });
  Amounts off(left.size(), 0);
  for (const std::size_t i : cheapest) {
    const std::int64_t pieces = pieces_of(order.lines[i]);
    const std::int64_t taken = std::min(units, pieces);
    units -= taken;
    const std::int64_t worth = apportion(left[i], {taken, pieces - taken}).front();
    off[i] = basis_points_of(worth, promotion.basis_points);
  }
  return off;
}

Amounts amounts_off(const Promotion& promotion, const OrderPlaced& order, const Amounts& left) {
  if (promotion.kind == PromotionKind::kBuyXGetY) return off_units(promotion, order, left);
  const Amounts weights = only(left, lines_of(order, promotion.skus));
  const std::int64_t all = sum_of(weights);
  const std::int64_t off = promotion.kind == PromotionKind::kAmount
                               ? std::min(promotion.amount->minor, all)
                               : basis_points_of(all, promotion.basis_points);
  return apportion(off, weights);
}

/// As far as its conditions go; kApplied: it may be.
PromotionOutcome may_apply(const OfferedPromotion& offered, const OrderPlaced& order, UtcTime now,
                           std::int64_t goods) {
  const Promotion& promotion = offered.promotion;
  if (!offered.coupon.empty()) {
    const auto coupon = std::ranges::find(promotion.coupons, offered.coupon, &Coupon::code);
    if (coupon == promotion.coupons.end()) return PromotionOutcome::kUnknownCoupon;
    if (coupon->uses_most > 0 && offered.uses >= coupon->uses_most) {
      return PromotionOutcome::kUsedUp;
    }
    if (coupon->uses_of_customer_most > 0 && order.customer.empty()) {
      return PromotionOutcome::kCustomerNeeded;
    }
    if (coupon->uses_of_customer_most > 0 &&
        offered.uses_of_customer >= coupon->uses_of_customer_most) {
      return PromotionOutcome::kUsedByCustomer;
    }
  } else if (!promotion.coupons.empty()) {
    return PromotionOutcome::kUnknownCoupon;
  }
  const bool begun = !promotion.from || *promotion.from <= now;
  const bool ended = promotion.until && *promotion.until <= now;
  if (!promotion.active || !begun || ended) return PromotionOutcome::kNotNow;
  if (!promotion.channels.empty() &&
      !std::ranges::binary_search(promotion.channels, order.channel)) {
    return PromotionOutcome::kOtherChannel;
  }
  const Currency& currency = order.lines.front().unit_price.currency;
  for (const auto& money : {promotion.amount, promotion.minimum}) {
    if (money && money->currency != currency) return PromotionOutcome::kOtherCurrency;
  }
  if (promotion.minimum && goods < promotion.minimum->minor) {
    return PromotionOutcome::kBelowMinimum;
  }
  return PromotionOutcome::kApplied;
}

/// What the customer would pay for each line as it is; services: nothing that could be taken off.
Result<Amounts> left_of(const OrderPlaced& order) {
  Amounts left;
  for (const OrderLine& line : order.lines) {
    const auto gross = gross_minor(line);
    if (!gross) return fail(gross.error());
    const std::int64_t rest = *gross - line.discount_minor - line.order_discount_minor;
    left.push_back(line.service ? 0 : std::max<std::int64_t>(rest, 0));
  }
  if (sum_of(left) > kMaxMinor) {
    return fail(ErrorCode::kInvalid, "overflow", "the goods cost more than there are amounts for");
  }
  return left;
}

}  // namespace

std::string_view name_of(PromotionOutcome outcome) {
  constexpr std::array<std::string_view, 12> kNames = {
      "APPLIED",      "UNKNOWN_COUPON", "USED_UP",        "USED_BY_CUSTOMER", "CUSTOMER_NEEDED",
      "NOT_NOW",      "OTHER_CHANNEL",  "OTHER_CURRENCY", "BELOW_MINIMUM",    "NOTHING_TO_TAKE_OFF",
      "NOT_COMBINED", "TOO_MANY"};
  const auto at = static_cast<std::size_t>(outcome);
  return at < kNames.size() ? kNames[at] : std::string_view();
}

Result<std::vector<JudgedPromotion>> judge_promotions(const OrderPlaced& order, UtcTime now,
                                                      std::vector<OfferedPromotion> offered) {
  std::ranges::sort(offered, {}, [](const OfferedPromotion& one) {
    return std::tuple(one.coupon.empty(), one.promotion.priority, one.promotion.name, one.coupon);
  });
  std::vector<JudgedPromotion> judged;
  if (order.lines.empty()) return judged;
  auto left = left_of(order);
  if (!left) return fail(left.error());
  const std::int64_t goods = sum_of(*left);
  std::size_t room = kMaxOrderDiscounts - std::min(kMaxOrderDiscounts, order.discounts.size());
  bool any = false;
  bool alone = false;
  for (const OfferedPromotion& one : offered) {
    const Promotion& promotion = one.promotion;
    JudgedPromotion& to = judged.emplace_back();
    to = {promotion.name, promotion.title, one.coupon, {}, 0, {}};
    to.outcome = may_apply(one, order, now, goods);
    if (to.outcome != PromotionOutcome::kApplied) continue;
    const bool twice = std::ranges::any_of(judged, [&to](const JudgedPromotion& before) {
      return &before != &to && before.promotion == to.promotion && before.minor > 0;
    });
    const Amounts off = amounts_off(promotion, order, *left);
    const std::int64_t minor = sum_of(off);
    to.outcome = alone || twice || (promotion.exclusive && any) ? PromotionOutcome::kNotCombined
                 : minor == 0 ? PromotionOutcome::kNothingToTakeOff
                 : room == 0  ? PromotionOutcome::kTooMany
                              : PromotionOutcome::kApplied;
    if (to.outcome != PromotionOutcome::kApplied) continue;
    to.minor = minor;
    for (std::size_t i = 0; i < off.size(); ++i) {
      (*left)[i] -= off[i];
      if (off[i] > 0) to.shares.push_back({order.lines[i].line, off[i]});
    }
    --room;
    any = true;
    alone = promotion.exclusive;
  }
  return judged;
}

OrderDiscount discount_of(const JudgedPromotion& judged) {
  return {judged.promotion, judged.minor,  judged.promotion,
          judged.title,     judged.coupon, judged.shares};
}

}  // namespace cairn::domain
