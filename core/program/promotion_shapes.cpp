// What is taken off orders, as JSON.

#include "core/program/shapes.h"

namespace cairn::program {
namespace {

void set_number_or_null(json::Value& object, std::string_view name, std::int64_t number) {
  if (number == 0) {
    object.set_null(name);
  } else {
    object.set(name, number);
  }
}

void set_money_or_null(json::Value& object, std::string_view name,
                       const std::optional<Money>& money) {
  if (money) {
    object.set(name, money_json(*money));
  } else {
    object.set_null(name);
  }
}

json::Value sku_list_json(const std::vector<Sku>& skus) {
  auto list = json::Value::array();
  for (const Sku& sku : skus) list.add(sku.text());
  return list;
}

std::optional<std::string> text_of_time(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->text()) : std::nullopt;
}

}  // namespace

json::Value promotion_json(const domain::Promotion& promotion) {
  auto object = json::Value::object();
  object.set("promotion", promotion.name)
      .set("title", promotion.title)
      .set("kind", name_of(promotion.kind));
  set_number_or_null(object, "basis_points", promotion.basis_points);
  set_money_or_null(object, "amount", promotion.amount);
  set_number_or_null(object, "buy_units", promotion.buy_units);
  set_number_or_null(object, "get_units", promotion.get_units);
  object.set("skus", sku_list_json(promotion.skus))
      .set("get_skus", sku_list_json(promotion.get_skus));
  auto channels = json::Value::array();
  for (const std::string& channel : promotion.channels) channels.add(channel);
  object.set("channels", std::move(channels));
  set_or_null(object, "from", text_of_time(promotion.from));
  set_or_null(object, "until", text_of_time(promotion.until));
  set_money_or_null(object, "minimum", promotion.minimum);
  object.set("priority", promotion.priority).set("exclusive", promotion.exclusive);
  auto coupons = json::Value::array();
  for (const domain::Coupon& coupon : promotion.coupons) {
    auto one = json::Value::object();
    one.set("code", coupon.code);
    set_number_or_null(one, "uses_most", coupon.uses_most);
    set_number_or_null(one, "uses_of_customer_most", coupon.uses_of_customer_most);
    coupons.add(std::move(one));
  }
  return object.set("coupons", std::move(coupons)).set("active", promotion.active);
}

json::Value order_discount_json(const domain::OrderDiscount& discount) {
  auto object = json::Value::object();
  const auto said = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
  };
  object.set("code", discount.code).set("amount_minor", discount.minor);
  set_or_null(object, "promotion", said(discount.promotion));
  set_or_null(object, "title", said(discount.title));
  set_or_null(object, "coupon", said(discount.coupon));
  auto shares = json::Value::array();
  for (const domain::OrderDiscount::Share& share : discount.shares) {
    shares.add(
        json::Value::object().set("line", share.line.value()).set("amount_minor", share.minor));
  }
  return object.set("lines", std::move(shares));
}

}  // namespace cairn::program
