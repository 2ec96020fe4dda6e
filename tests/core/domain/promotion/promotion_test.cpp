#include "core/domain/promotion/promotion.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::domain::promotion_test {
namespace {

using namespace test;

Promotion ten_percent() {
  Promotion promotion;
  promotion.name = "spring";
  promotion.title = "Spring sale";
  promotion.basis_points = 1000;
  return promotion;
}

Promotion two_and_one() {
  Promotion promotion = ten_percent();
  promotion.kind = PromotionKind::kBuyXGetY;
  promotion.basis_points = 10'000;
  promotion.buy_units = 2;
  promotion.get_units = 1;
  return promotion;
}

TEST_CASE("promotion: its kinds and their names", "[domain][promotion]") {
  for (const auto kind :
       {PromotionKind::kPercentage, PromotionKind::kAmount, PromotionKind::kBuyXGetY}) {
    CHECK(parse_promotion_kind(name_of(kind)) == kind);
  }
  CHECK(name_of(static_cast<PromotionKind>(0)).empty());
  CHECK(name_of(static_cast<PromotionKind>(4)).empty());
  CHECK(parse_promotion_kind("percentage").error().reason == "bad_promotion_kind");
}

TEST_CASE("promotion: a coupon's small letters are capitals", "[domain][promotion]") {
  CHECK(parse_coupon_code("spring-10") == "SPRING-10");
  CHECK(parse_coupon_code(std::string(32, 'A')) == std::string(32, 'A'));
  for (const std::string& bad : {std::string(), std::string(33, 'A'), std::string("A B"),
                                 std::string("Ä"), std::string("A_1")}) {
    CAPTURE(bad);
    CHECK(parse_coupon_code(bad).error().reason == "bad_coupon");
  }
}

TEST_CASE("promotion: what it may be", "[domain][promotion]") {
  Promotion amount = ten_percent();
  amount.kind = PromotionKind::kAmount;
  amount.basis_points = 0;
  amount.amount = gbp(500);
  amount.minimum = gbp(5000);
  amount.channels = {"phone", "web"};
  amount.coupons = {{"A", 1, 0}, {"B", 0, 1}};
  Promotion others = two_and_one();
  others.skus = {sku("CUP"), sku("MUG")};
  others.get_skus = {sku("SPOON")};
  for (const Promotion& good : {ten_percent(), two_and_one(), amount, others}) {
    CHECK(validate(good));
  }
}

TEST_CASE("promotion: what it may not be", "[domain][promotion]") {
  const std::vector<std::function<void(Promotion&)>> changes{
      [](Promotion& p) { p.name = ""; },
      [](Promotion& p) { p.name = std::string(65, 'x'); },
      [](Promotion& p) { p.title = ""; },
      [](Promotion& p) { p.title = "\xff"; },
      [](Promotion& p) { p.basis_points = 0; },
      [](Promotion& p) { p.basis_points = 10'001; },
      [](Promotion& p) { p.amount = gbp(1); },
      [](Promotion& p) { p.buy_units = 1; },
      [](Promotion& p) { p.get_units = 1; },
      [](Promotion& p) { p.get_skus = {sku("A")}; },
      [](Promotion& p) { p.kind = PromotionKind::kAmount; },
      [](Promotion& p) {
        p.kind = PromotionKind::kAmount;
        p.amount = gbp(1);
      },
      [](Promotion& p) {
        p.kind = PromotionKind::kAmount;
        p.basis_points = 0;
        p.amount = gbp(0);
      },
      [](Promotion& p) {
        p.kind = PromotionKind::kAmount;
        p.basis_points = 0;
        p.amount = gbp(1);
        p.minimum = Money{1, currency("EUR")};
      },
      [](Promotion& p) { p.kind = PromotionKind::kBuyXGetY; },
      [](Promotion& p) {
        p = two_and_one();
        p.buy_units = 1001;
      },
      [](Promotion& p) {
        p = two_and_one();
        p.get_skus = {sku("A")};
      },
      [](Promotion& p) {
        p = two_and_one();
        p.skus = p.get_skus = {sku("A")};
      },
      [](Promotion& p) { p.skus = {sku("B"), sku("A")}; },
      [](Promotion& p) { p.skus = {sku("A"), sku("A")}; },
      [](Promotion& p) { p.channels = {"web", "web"}; },
      [](Promotion& p) { p.channels = {""}; },
      [](Promotion& p) { p.channels = {std::string(33, 'x')}; },
      [](Promotion& p) { p.from = p.until = utc("2026-11-24T08:00:00Z"); },
      [](Promotion& p) { p.minimum = gbp(-1); },
      [](Promotion& p) { p.priority = -1; },
      [](Promotion& p) { p.priority = 1001; },
      [](Promotion& p) { p.coupons = {{"small", 0, 0}}; },
      [](Promotion& p) { p.coupons = {{"B", 0, 0}, {"A", 0, 0}}; },
      [](Promotion& p) { p.coupons = {{"A", 0, 0}, {"A", 1, 0}}; },
      [](Promotion& p) { p.coupons = {{"A", -1, 0}}; },
      [](Promotion& p) { p.coupons = {{"A", 0, 1'000'000'001}}; },
  };
  for (std::size_t at = 0; at < changes.size(); ++at) {
    CAPTURE(at);
    Promotion promotion = ten_percent();
    changes[at](promotion);
    const auto refused = validate(promotion);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_promotion");
  }
}

TEST_CASE("promotion: lists in any order are the same promotion", "[domain][promotion]") {
  Promotion promotion = two_and_one();
  promotion.skus = {sku("B"), sku("A")};
  promotion.get_skus = {sku("D"), sku("C")};
  promotion.channels = {"web", "phone"};
  promotion.coupons = {{"B", 0, 0}, {"A", 0, 0}};
  CHECK_FALSE(validate(promotion));
  CHECK(validate(in_order(promotion)));
}

}  // namespace
}  // namespace cairn::domain::promotion_test
