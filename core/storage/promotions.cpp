#include "core/storage/promotions.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/event_codec.h"

#include <utility>

namespace cairn::storage {
namespace {

domain::Promotion stored_promotion(const Bytes& definition) {
  auto event = wire::decode_event(domain::PromotionDefined::kTypeId, 1, definition);
  CAIRN_ASSERT(event.has_value(), "stored promotions are well-formed");
  auto& family = std::get<domain::PromotionEvent>(*event);
  return std::move(std::get<domain::PromotionDefined>(family).promotion);
}

std::vector<domain::Promotion> read_promotions(Statement& select) {
  std::vector<domain::Promotion> all;
  while (select.step()) all.push_back(stored_promotion(select.blob(0)));
  return all;
}

std::optional<domain::Promotion> first_promotion(Statement& select) {
  auto all = read_promotions(select);
  return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::int64_t first_count(Statement& select) {
  const std::int64_t count = select.step() ? select.integer(0) : 0;
  select.reset();
  return count;
}

}  // namespace

void Promotions::apply(const domain::PromotionEvent& event) {
  const domain::Promotion& promotion = std::get<domain::PromotionDefined>(event).promotion;
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO promotion (name, active, by_itself, until_us, definition)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(promotion.name, promotion.active, promotion.coupons.empty(),
            promotion.until ? std::optional(promotion.until->us) : std::nullopt,
            Blob{wire::encode_payload(domain::Event(event))})
      .run();
  connection_->prepare("DELETE FROM coupon WHERE promotion = ?1").bind(promotion.name).run();
  if (!promotion.active) return;
  for (const domain::Coupon& coupon : promotion.coupons) {
    connection_->prepare("INSERT OR REPLACE INTO coupon (code, promotion) VALUES (?1, ?2)")
        .bind(coupon.code, promotion.name)
        .run();
  }
}

void Promotions::reset() { connection_->execute("DELETE FROM promotion; DELETE FROM coupon;"); }

std::vector<domain::Promotion> promotions(Connection& connection, const std::string& after,
                                          std::size_t limit) {
  return read_promotions(
      connection.prepare("SELECT definition FROM promotion WHERE name > ?1 ORDER BY name LIMIT ?2")
          .bind(after, limit));
}

std::optional<domain::Promotion> find_promotion(Connection& connection, const std::string& name) {
  return first_promotion(
      connection.prepare("SELECT definition FROM promotion WHERE name = ?1").bind(name));
}

std::vector<domain::Promotion> promotions_by_themselves(Connection& connection, UtcTime now) {
  return read_promotions(
      connection
          .prepare("SELECT definition FROM promotion WHERE active = 1 AND by_itself = 1"
                   " AND (until_us IS NULL OR until_us > ?1) ORDER BY name")
          .bind(now.us));
}

std::optional<domain::Promotion> promotion_of_coupon(Connection& connection,
                                                     const std::string& code) {
  return first_promotion(connection
                             .prepare("SELECT p.definition FROM coupon c"
                                      " JOIN promotion p ON p.name = c.promotion WHERE c.code = ?1")
                             .bind(code));
}

std::int64_t coupon_uses(Connection& connection, const std::string& code, std::int64_t most) {
  return first_count(connection
                         .prepare("SELECT count(*) FROM (SELECT 1 FROM order_discount"
                                  " WHERE coupon = ?1 AND coupon <> '' AND given_back = 0"
                                  " LIMIT ?2)")
                         .bind(code, most));
}

std::int64_t coupon_uses_of(Connection& connection, const std::string& code,
                            const std::string& channel, const std::string& customer) {
  return first_count(connection
                         .prepare("SELECT count(*) FROM customer_order o"
                                  " JOIN order_discount d ON d.order_id = o.id"
                                  " WHERE o.customer = ?3 AND o.customer <> '' AND o.channel = ?2"
                                  " AND d.coupon = ?1 AND d.given_back = 0")
                         .bind(code, channel, customer));
}

bool has_used_coupons(Connection& connection, OrderId order) {
  return first_count(connection
                         .prepare("SELECT count(*) FROM order_discount"
                                  " WHERE order_id = ?1 AND coupon <> '' AND given_back = 0")
                         .bind(order.value())) > 0;
}

}  // namespace cairn::storage
