#include "central/api/promotion_request.h"

#include "central/api/request_values.h"
#include "core/domain/order/order.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::central {
namespace {

using domain::Promotion;

/// A member that is a list of texts; absent: none.
std::vector<std::string> read_texts(json::Reader& in, std::string_view name, std::size_t most,
                                    std::size_t octets) {
  std::vector<std::string> texts;
  if (!in.has(name)) return texts;
  for (json::Value& value : in.values(name, most)) {
    const auto holder = json::Value::object().set("text", std::move(value));
    json::Reader one(holder);
    texts.push_back(one.text("text", {1, octets}));
    if (one.done()) continue;
    in.problem(name, "must be a list of texts");
    return {};
  }
  return texts;
}

std::vector<Sku> read_skus(json::Reader& in, std::string_view name) {
  std::vector<Sku> skus;
  for (const std::string& text : read_texts(in, name, Promotion::kMaxSkus, 64)) {
    const auto sku = Sku::parse(text);
    if (!sku) in.problem(name, sku.error().message);
    if (sku) skus.push_back(*sku);
  }
  return skus;
}

std::optional<UtcTime> read_moment(json::Reader& in, std::string_view name) {
  const auto text = in.optional_text(name, {1, 40});
  if (!text) return std::nullopt;
  const auto time = UtcTime::parse(*text);
  if (!time) in.problem(name, time.error().message);
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<Money> read_optional_money(json::Reader& in, std::string_view name) {
  return in.has(name) ? std::optional(read_money(in, name)) : std::nullopt;
}

std::int64_t read_count(json::Reader& in, std::string_view name, std::int64_t most) {
  return in.optional_integer(name, 1, most).value_or(0);
}

std::vector<domain::Coupon> read_coupons(json::Reader& in) {
  std::vector<domain::Coupon> coupons;
  if (!in.has("coupons")) return coupons;
  for (json::Reader& one : in.objects("coupons", Promotion::kMaxCoupons)) {
    domain::Coupon coupon;
    const auto code = domain::parse_coupon_code(one.text("code", {1, domain::Coupon::kMaxCode}));
    if (!code) one.problem("code", code.error().message);
    coupon.code = code.value_or("");
    coupon.uses_most = read_count(one, "uses_most", Promotion::kMaxUses);
    coupon.uses_of_customer_most = read_count(one, "uses_of_customer_most", Promotion::kMaxUses);
    coupons.push_back(std::move(coupon));
  }
  return coupons;
}

}  // namespace

Result<Promotion> read_promotion_request(std::string name, std::string_view text) {
  const auto body = json::parse(text);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  Promotion promotion;
  promotion.name = std::move(name);
  promotion.title = in.text("title", {1, Promotion::kMaxTitle});
  const auto kind = domain::parse_promotion_kind(in.text("kind", {1, 16}));
  if (!kind) in.problem("kind", kind.error().message);
  promotion.kind = kind.value_or(domain::PromotionKind::kPercentage);
  promotion.basis_points = read_count(in, "basis_points", Promotion::kWholeBasisPoints);
  promotion.amount = read_optional_money(in, "amount");
  promotion.buy_units = read_count(in, "buy_units", Promotion::kMaxUnits);
  promotion.get_units = read_count(in, "get_units", Promotion::kMaxUnits);
  promotion.skus = read_skus(in, "skus");
  promotion.get_skus = read_skus(in, "get_skus");
  promotion.channels = read_texts(in, "channels", Promotion::kMaxChannels, 32);
  promotion.from = read_moment(in, "from");
  promotion.until = read_moment(in, "until");
  promotion.minimum = read_optional_money(in, "minimum");
  promotion.priority = in.optional_integer("priority", 0, Promotion::kMaxPriority).value_or(0);
  promotion.exclusive = in.boolean_or("exclusive", false);
  promotion.coupons = read_coupons(in);
  promotion.active = in.boolean_or("active", true);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return promotion;
}

WantedPromotions read_wanted_promotions(json::Reader& in) {
  WantedPromotions wanted;
  wanted.apply = in.boolean_or("apply_promotions", false);
  for (const std::string& text :
       read_texts(in, "coupons", domain::kMaxOrderDiscounts, domain::Coupon::kMaxCode)) {
    const auto code = domain::parse_coupon_code(text);
    if (!code) in.problem("coupons", code.error().message);
    if (!code) continue;
    if (std::ranges::count(wanted.coupons, *code) > 0) {
      in.problem("coupons", "names a coupon twice");
    }
    wanted.coupons.push_back(*code);
  }
  return wanted;
}

}  // namespace cairn::central
