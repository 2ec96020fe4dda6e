#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "promotion_events.pb.h"

namespace cairn::wire {
namespace {

std::vector<Sku> skus_from(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::vector<Sku> skus;
  for (const std::string& text : texts) skus.push_back(require(Sku::parse(text)));
  return skus;
}

/// Any number; what it may be says validate().
std::int64_t count_from(std::uint64_t number) {
  require_that(number <= static_cast<std::uint64_t>(INT64_MAX), "number out of range");
  return static_cast<std::int64_t>(number);
}

}  // namespace

Bytes encode_promotion(const domain::PromotionEvent& event) {
  const domain::Promotion& promotion = std::get<domain::PromotionDefined>(event).promotion;
  v1::PromotionDefined proto;
  proto.set_name(promotion.name);
  proto.set_title(promotion.title);
  proto.set_kind(static_cast<std::uint32_t>(promotion.kind));
  proto.set_basis_points(static_cast<std::uint32_t>(promotion.basis_points));
  if (promotion.amount) *proto.mutable_amount() = to_proto(*promotion.amount);
  proto.set_buy_units(static_cast<std::uint32_t>(promotion.buy_units));
  proto.set_get_units(static_cast<std::uint32_t>(promotion.get_units));
  for (const Sku& sku : promotion.skus) proto.add_skus(sku.text());
  for (const Sku& sku : promotion.get_skus) proto.add_get_skus(sku.text());
  for (const std::string& channel : promotion.channels) proto.add_channels(channel);
  if (promotion.from) proto.set_from_us(promotion.from->us);
  if (promotion.until) proto.set_until_us(promotion.until->us);
  if (promotion.minimum) *proto.mutable_minimum() = to_proto(*promotion.minimum);
  proto.set_priority(static_cast<std::uint32_t>(promotion.priority));
  proto.set_exclusive(promotion.exclusive);
  proto.set_inactive(!promotion.active);
  for (const domain::Coupon& coupon : promotion.coupons) {
    v1::Coupon& out = *proto.add_coupons();
    out.set_code(coupon.code);
    out.set_uses_most(static_cast<std::uint64_t>(coupon.uses_most));
    out.set_uses_of_customer_most(static_cast<std::uint64_t>(coupon.uses_of_customer_most));
  }
  return proto.SerializeAsString();
}

domain::PromotionEvent decode_promotion(BytesView payload) {
  const auto proto = parse<v1::PromotionDefined>(payload);
  domain::Promotion promotion;
  promotion.name = proto.name();
  promotion.title = proto.title();
  promotion.kind = enum_from<domain::PromotionKind>(proto.kind(), "unknown kind of promotion");
  promotion.basis_points = proto.basis_points();
  if (proto.has_amount()) promotion.amount = from_proto(proto.amount());
  promotion.buy_units = proto.buy_units();
  promotion.get_units = proto.get_units();
  promotion.skus = skus_from(proto.skus());
  promotion.get_skus = skus_from(proto.get_skus());
  promotion.channels = {proto.channels().begin(), proto.channels().end()};
  if (proto.from_us() != 0) promotion.from = time_from(proto.from_us());
  if (proto.until_us() != 0) promotion.until = time_from(proto.until_us());
  if (proto.has_minimum()) promotion.minimum = from_proto(proto.minimum());
  promotion.priority = proto.priority();
  promotion.exclusive = proto.exclusive();
  promotion.active = !proto.inactive();
  for (const auto& coupon : proto.coupons()) {
    promotion.coupons.push_back({coupon.code(), count_from(coupon.uses_most()),
                                 count_from(coupon.uses_of_customer_most())});
  }
  require(validate(promotion));
  return domain::PromotionDefined{std::move(promotion)};
}

}  // namespace cairn::wire
