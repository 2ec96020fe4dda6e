#include "core/domain/promotion/promotion.h"

#include "core/base/stamp_range.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad_promotion(std::string why) {
  return fail(ErrorCode::kInvalid, "bad_promotion", std::move(why));
}

bool is_text(const std::string& text, std::size_t most) {
  return !text.empty() && text.size() <= most && is_utf8(text);
}

/// Strictly ascending: sorted, and nothing twice.
template <class List, class Of = std::identity>
bool ascending(const List& list, Of of = {}) {
  return std::ranges::adjacent_find(list, std::ranges::greater_equal{}, of) == list.end();
}

Result<> check_worth(const std::optional<Money>& amount, std::string_view what) {
  if (!amount || (amount->minor > 0 && amount->minor <= kMaxMinor)) return {};
  return bad_promotion(fmt::format("{} is 1 to {} minor units", what, kMaxMinor));
}

Result<> check_kind(const Promotion& promotion) {
  const bool amount = promotion.kind == PromotionKind::kAmount;
  const bool units = promotion.kind == PromotionKind::kBuyXGetY;
  if (amount != promotion.amount.has_value()) {
    return bad_promotion("an amount is what AMOUNT takes off, and no other kind has one");
  }
  const std::int64_t least = amount ? 0 : 1;
  const std::int64_t most = amount ? 0 : Promotion::kWholeBasisPoints;
  if (promotion.basis_points < least || promotion.basis_points > most) {
    return bad_promotion(
        "PERCENTAGE and BUY_X_GET_Y take 1 to 10000 basis points off, AMOUNT has none");
  }
  for (const std::int64_t count : {promotion.buy_units, promotion.get_units}) {
    if (units ? count >= 1 && count <= Promotion::kMaxUnits : count == 0) continue;
    return bad_promotion("BUY_X_GET_Y buys and gets 1 to 1000 units, the other kinds none");
  }
  if (!units && !promotion.get_skus.empty()) {
    return bad_promotion("articles to get are for BUY_X_GET_Y");
  }
  if (!promotion.get_skus.empty() && promotion.skus.empty()) {
    return bad_promotion("what gets cheaper is named, so name what is to be bought for it");
  }
  for (const Sku& sku : promotion.get_skus) {
    if (!std::ranges::binary_search(promotion.skus, sku)) continue;
    return bad_promotion(fmt::format(
        "{} is to be bought and to be got: leave get_skus out if it is about one list of articles",
        sku.text()));
  }
  return check_worth(promotion.amount, "the amount");
}

Result<> check_coupons(const std::vector<Coupon>& coupons) {
  if (coupons.size() > Promotion::kMaxCoupons || !ascending(coupons, &Coupon::code)) {
    return bad_promotion("a promotion has at most 2000 coupons, each once");
  }
  for (const Coupon& coupon : coupons) {
    const auto code = parse_coupon_code(coupon.code);
    if (!code || *code != coupon.code) {
      return bad_promotion("a coupon is 1 to 32 capitals, digits and dashes");
    }
    for (const std::int64_t uses : {coupon.uses_most, coupon.uses_of_customer_most}) {
      if (uses >= 0 && uses <= Promotion::kMaxUses) continue;
      return bad_promotion(fmt::format("coupon {} is used up to 10^9 times", coupon.code));
    }
  }
  return {};
}

}  // namespace

std::string_view name_of(PromotionKind kind) {
  switch (kind) {
    case PromotionKind::kPercentage:
      return "PERCENTAGE";
    case PromotionKind::kAmount:
      return "AMOUNT";
    case PromotionKind::kBuyXGetY:
      return "BUY_X_GET_Y";
  }
  return "";
}

Result<PromotionKind> parse_promotion_kind(std::string_view text) {
  for (const auto kind :
       {PromotionKind::kPercentage, PromotionKind::kAmount, PromotionKind::kBuyXGetY}) {
    if (name_of(kind) == text) return kind;
  }
  return fail(ErrorCode::kInvalid, "bad_promotion_kind",
              "a promotion is PERCENTAGE, AMOUNT or BUY_X_GET_Y");
}

Result<std::string> parse_coupon_code(std::string_view text) {
  std::string code;
  bool known = !text.empty() && text.size() <= Coupon::kMaxCode;
  for (const char c : text) {
    const bool small = c >= 'a' && c <= 'z';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    known = known && (small || kept);
    code += small ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (known) return code;
  return fail(ErrorCode::kInvalid, "bad_coupon", "a coupon is 1 to 32 letters, digits and dashes");
}

Promotion in_order(Promotion promotion) {
  std::ranges::sort(promotion.skus);
  std::ranges::sort(promotion.get_skus);
  std::ranges::sort(promotion.channels);
  std::ranges::sort(promotion.coupons, {}, &Coupon::code);
  return promotion;
}

Result<> validate(const Promotion& promotion) {
  if (!is_text(promotion.name, Promotion::kMaxName)) {
    return bad_promotion("a promotion's name has 1 to 64 octets");
  }
  if (!is_text(promotion.title, Promotion::kMaxTitle)) {
    return bad_promotion("a promotion's title has 1 to 200 octets");
  }
  for (const auto* const list : {&promotion.skus, &promotion.get_skus}) {
    if (list->size() <= Promotion::kMaxSkus && ascending(*list)) continue;
    return bad_promotion("a promotion names at most 2000 articles, each once");
  }
  if (promotion.channels.size() > Promotion::kMaxChannels || !ascending(promotion.channels)) {
    return bad_promotion("a promotion names at most 100 channels, each once");
  }
  for (const std::string& channel : promotion.channels) {
    if (!is_text(channel, 32)) return bad_promotion("the channel's name has 1 to 32 octets");
  }
  for (const auto& at : {promotion.from, promotion.until}) {
    if (at && (at->us <= 0 || !is_recordable(*at))) {
      return bad_promotion("a promotion begins and ends between 1970 and the year 6429");
    }
  }
  if (promotion.from && promotion.until && *promotion.until <= *promotion.from) {
    return bad_promotion("a promotion ends after it began");
  }
  if (promotion.priority < 0 || promotion.priority > Promotion::kMaxPriority) {
    return bad_promotion("a priority is 0 to 1000");
  }
  if (auto ok = check_kind(promotion); !ok) return ok;
  if (auto ok = check_worth(promotion.minimum, "the least that goods cost"); !ok) return ok;
  if (promotion.amount && promotion.minimum &&
      promotion.amount->currency != promotion.minimum->currency) {
    return bad_promotion("a promotion has one currency");
  }
  return check_coupons(promotion.coupons);
}

}  // namespace cairn::domain
