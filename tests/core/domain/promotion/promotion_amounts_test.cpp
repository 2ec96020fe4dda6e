#include "core/domain/promotion/promotion_amounts.h"

#include "core/domain/order/order_amounts.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <functional>
#include <map>
#include <rapidcheck.h>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::promotion_amounts_test {
namespace {

using namespace test;
using Outcome = PromotionOutcome;

const UtcTime kNow = utc("2026-11-24T08:00:00Z");

OrderLine pieces_line(std::uint32_t no, const std::string& name, std::int64_t units,
                      std::int64_t minor) {
  return {LineNo(no), sku(name), "Article", Quantity::pieces(units), gbp(minor)};
}

OrderPlaced basket(std::vector<OrderLine> lines, std::vector<OrderDiscount> discounts = {}) {
  OrderPlaced order;
  order.order = order_id(1);
  order.channel = "web";
  order.external_id = "1";
  order.placed_at = kNow;
  order.lines = std::move(lines);
  order.discounts = std::move(discounts);
  return share_discounts(std::move(order)).value();
}

Promotion percent(const std::string& name, std::int64_t basis_points) {
  Promotion promotion;
  promotion.name = name;
  promotion.title = "Title of " + name;
  promotion.basis_points = basis_points;
  return promotion;
}

Promotion amount(const std::string& name, std::int64_t minor) {
  Promotion promotion = percent(name, 0);
  promotion.kind = PromotionKind::kAmount;
  promotion.amount = gbp(minor);
  return promotion;
}

Promotion buy_get(const std::string& name, std::int64_t buy, std::int64_t get,
                  std::int64_t basis_points = 10'000) {
  Promotion promotion = percent(name, basis_points);
  promotion.kind = PromotionKind::kBuyXGetY;
  promotion.buy_units = buy;
  promotion.get_units = get;
  return promotion;
}

std::vector<JudgedPromotion> judged(const OrderPlaced& order,
                                    const std::vector<Promotion>& promotions) {
  std::vector<OfferedPromotion> offered;
  for (const Promotion& promotion : promotions) {
    offered.push_back({promotion, promotion.coupons.empty() ? "" : promotion.coupons.front().code});
  }
  return judge_promotions(order, kNow, offered).value();
}

/// What the one promotion takes off each line; empty: it was not applied.
std::map<std::uint32_t, std::int64_t> off(const OrderPlaced& order, const Promotion& promotion) {
  std::map<std::uint32_t, std::int64_t> shares;
  const auto all = judged(order, {promotion});
  for (const auto& share : all.front().shares) {
    shares[share.line.value()] = share.minor;
  }
  return shares;
}

Outcome outcome(const OrderPlaced& order, const Promotion& promotion) {
  return judged(order, {promotion}).front().outcome;
}

using Off = std::map<std::uint32_t, std::int64_t>;

TEST_CASE("promotion amounts: a percentage of the goods, half up, shared out to the cent",
          "[domain][promotion]") {
  auto postage = pieces_line(4, "POST", 1, 495);
  postage.service = true;
  const auto order = basket({pieces_line(1, "A", 1, 100), pieces_line(2, "B", 1, 100),
                             pieces_line(3, "C", 1, 100), postage});
  CHECK(off(order, percent("p", 3333)) == Off{{1, 34}, {2, 33}, {3, 33}});
  CHECK(off(order, percent("p", 10'000)) == Off{{1, 100}, {2, 100}, {3, 100}});
  CHECK(outcome(order, percent("p", 16)) == Outcome::kNothingToTakeOff);  // 0.48 pence
  CHECK(off(order, percent("p", 17)) == Off{{1, 1}});                     // 0.51 pence
  Promotion some = percent("p", 1000);
  some.skus = {sku("B"), sku("POST")};
  CHECK(off(order, some) == Off{{2, 10}});
  some.skus = {sku("Z")};
  CHECK(outcome(order, some) == Outcome::kNothingToTakeOff);
}

TEST_CASE("promotion amounts: an amount, as far as there is something to take it off",
          "[domain][promotion]") {
  const auto order = basket({pieces_line(1, "A", 2, 150), pieces_line(2, "B", 1, 100)});
  CHECK(off(order, amount("p", 100)) == Off{{1, 75}, {2, 25}});
  CHECK(off(order, amount("p", 401)) == Off{{1, 300}, {2, 100}});
  Promotion some = amount("p", 150);
  some.skus = {sku("B")};
  CHECK(off(order, some) == Off{{2, 100}});
}

TEST_CASE("promotion amounts: of so many units the cheapest get cheaper", "[domain][promotion]") {
  const auto order = basket(
      {pieces_line(1, "A", 3, 300), pieces_line(2, "B", 2, 100), pieces_line(3, "C", 1, 200)});
  CHECK(off(order, buy_get("p", 2, 1)) == Off{{2, 200}});            // 6 units: 2 free
  CHECK(off(order, buy_get("p", 1, 1)) == Off{{2, 200}, {3, 200}});  // 3 free
  CHECK(off(order, buy_get("p", 1, 1, 5000)) == Off{{2, 100}, {3, 100}});
  CHECK(outcome(order, buy_get("p", 6, 1)) == Outcome::kNothingToTakeOff);
  Promotion others = buy_get("p", 2, 1);
  others.skus = {sku("A")};
  others.get_skus = {sku("B"), sku("C")};
  CHECK(off(order, others) == Off{{2, 100}});  // three of A: one for two of them
  others.buy_units = 1;
  CHECK(off(order, others) == Off{{2, 200}, {3, 200}});
  Promotion same = buy_get("p", 2, 1);
  same.skus = {sku("A")};
  CHECK(off(order, same) == Off{{1, 300}});
}

TEST_CASE("promotion amounts: what is sold by weight has no units to get", "[domain][promotion]") {
  auto tea = pieces_line(1, "TEA", 1, 300);
  tea.ordered = {4000, Uom::kKilogram};
  CHECK(outcome(basket({tea}), buy_get("p", 1, 1)) == Outcome::kNothingToTakeOff);
  CHECK(off(basket({tea}), percent("p", 1000)) == Off{{1, 120}});
}

TEST_CASE("promotion amounts: it counts what is left after the discounts before it",
          "[domain][promotion]") {
  auto line = pieces_line(1, "A", 2, 500);
  line.discount_minor = 100;
  const auto order = basket({line}, {{"CHANNEL", 100}});
  CHECK(off(order, percent("p", 5000)) == Off{{1, 400}});
  CHECK(off(order, buy_get("p", 1, 1)) == Off{{1, 400}});
  const auto both = judged(order, {percent("b", 5000), percent("a", 5000)});
  REQUIRE(both.size() == 2);
  CHECK(both[0].promotion == "a");
  CHECK(both[0].minor == 400);
  CHECK(both[1].minor == 200);
}

TEST_CASE("promotion amounts: coupons first, then by priority, then by name",
          "[domain][promotion]") {
  Promotion late = percent("a", 1000);
  late.priority = 2;
  Promotion early = percent("b", 1000);
  early.priority = 1;
  Promotion shown = percent("c", 1000);
  shown.priority = 9;
  shown.coupons = {{"CODE", 0, 0}};
  const auto order = basket({pieces_line(1, "A", 1, 1000)});
  const auto all = judged(order, {late, early, percent("d", 1000), shown});
  std::string names;
  for (const JudgedPromotion& one : all) names += one.promotion;
  CHECK(names == "cdba");
  CHECK(all[0].coupon == "CODE");
}

TEST_CASE("promotion amounts: what is exclusive goes alone", "[domain][promotion]") {
  const auto order = basket({pieces_line(1, "A", 1, 1000)});
  Promotion alone = percent("b", 5000);
  alone.exclusive = true;
  const auto outcomes = [&order](const std::vector<Promotion>& promotions) {
    std::string words;
    for (const JudgedPromotion& one : judged(order, promotions)) {
      words += std::string(name_of(one.outcome)) + " ";
    }
    return words;
  };
  CHECK(outcomes({percent("a", 100), alone}) == "APPLIED NOT_COMBINED ");
  CHECK(outcomes({alone, percent("c", 100)}) == "APPLIED NOT_COMBINED ");
  // One that took nothing off stands in nobody's way.
  Promotion elsewhere = percent("a", 100);
  elsewhere.skus = {sku("Z")};
  CHECK(outcomes({elsewhere, alone}) == "NOTHING_TO_TAKE_OFF APPLIED ");
}

TEST_CASE("promotion amounts: two coupons of one promotion take off once", "[domain][promotion]") {
  Promotion promotion = percent("p", 1000);
  promotion.coupons = {{"A", 0, 0}, {"B", 0, 0}};
  const auto both = judge_promotions(basket({pieces_line(1, "A", 1, 1000)}), kNow,
                                     {{promotion, "B"}, {promotion, "A"}})
                        .value();
  CHECK(both[0].outcome == Outcome::kApplied);
  CHECK(both[0].coupon == "A");
  CHECK(both[1].outcome == Outcome::kNotCombined);
}

TEST_CASE("promotion amounts: conditions that are not met, and which", "[domain][promotion]") {
  auto order = basket({pieces_line(1, "A", 1, 1000)});
  order.customer = "c-1";
  using Change = std::function<void(OfferedPromotion&, OrderPlaced&)>;
  const auto at = [](std::string_view text) { return utc(text); };
  const std::vector<std::pair<Change, Outcome>> rows{
      {[](auto&, auto&) {}, Outcome::kApplied},
      {[](auto& o, auto&) { o.promotion.active = false; }, Outcome::kNotNow},
      {[&](auto& o, auto&) { o.promotion.from = at("2026-11-24T08:00:00.000001Z"); },
       Outcome::kNotNow},
      {[](auto& o, auto&) { o.promotion.from = kNow; }, Outcome::kApplied},
      {[](auto& o, auto&) { o.promotion.until = kNow; }, Outcome::kNotNow},
      {[&](auto& o, auto&) { o.promotion.until = at("2026-11-24T08:00:00.000001Z"); },
       Outcome::kApplied},
      {[](auto& o, auto&) { o.promotion.channels = {"phone"}; }, Outcome::kOtherChannel},
      {[](auto& o, auto&) { o.promotion.channels = {"phone", "web"}; }, Outcome::kApplied},
      {[](auto& o, auto&) { o.promotion.minimum = gbp(1001); }, Outcome::kBelowMinimum},
      {[](auto& o, auto&) { o.promotion.minimum = gbp(1000); }, Outcome::kApplied},
      {[](auto& o, auto&) { o.promotion.minimum = Money{1, currency("EUR")}; },
       Outcome::kOtherCurrency},
      {[](auto& o, auto&) { o.coupon = "OTHER"; }, Outcome::kUnknownCoupon},
      {[](auto& o, auto&) { o.coupon = ""; }, Outcome::kUnknownCoupon},
      {[](auto& o, auto&) { o.uses = 4; }, Outcome::kApplied},
      {[](auto& o, auto&) { o.uses = 5; }, Outcome::kUsedUp},
      {[](auto& o, auto&) { o.uses_of_customer = 1; }, Outcome::kApplied},
      {[](auto& o, auto&) { o.uses_of_customer = 2; }, Outcome::kUsedByCustomer},
      {[](auto&, auto& o) { o.customer = ""; }, Outcome::kCustomerNeeded},
      {[](auto&, auto& o) { o.discounts.assign(kMaxOrderDiscounts, {"A", 1}); }, Outcome::kTooMany},
  };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    CAPTURE(row);
    OfferedPromotion offered{percent("p", 1000), "CODE"};
    offered.promotion.coupons = {{"CODE", 5, 2}};
    OrderPlaced changed = order;
    rows[row].first(offered, changed);
    const auto one = judge_promotions(changed, kNow, {offered}).value().front();
    CHECK(name_of(one.outcome) == name_of(rows[row].second));
    CHECK((one.minor > 0) == (one.outcome == Outcome::kApplied));
  }
}

TEST_CASE("promotion amounts: every outcome has a word of its own", "[domain][promotion]") {
  std::map<std::string_view, int> words;
  for (int number = 0; number <= static_cast<int>(Outcome::kTooMany); ++number) {
    ++words[name_of(static_cast<Outcome>(number))];
  }
  CHECK(words.size() == 12);
  CHECK_FALSE(words.contains(""));
}

/// Any promotion that validate() takes, about some of the articles A to D.
Promotion any_promotion(std::size_t number) {
  using rc::gen::inRange;
  const std::string name = "p" + std::to_string(number);
  const int kind = *inRange(0, 3);
  Promotion promotion = kind == 0 ? percent(name, *inRange(1, 10'001))
                        : kind == 1
                            ? amount(name, *inRange(1, 20'000))
                            : buy_get(name, *inRange(1, 4), *inRange(1, 4), *inRange(1, 10'001));
  const std::vector<Sku> articles{sku("A"), sku("B"), sku("C"), sku("D")};
  const int some = *inRange(0, 3);
  if (some > 0) promotion.skus = {articles[0], articles[1]};
  if (some == 2 && kind == 2) promotion.get_skus = {articles[2], articles[3]};
  promotion.priority = *inRange(0, 3);
  promotion.exclusive = *inRange(0, 5) == 0;
  return promotion;
}

OrderPlaced any_order() {
  using rc::gen::inRange;
  std::vector<OrderLine> lines;
  const auto count = *inRange<std::uint32_t>(1, 6);
  for (std::uint32_t no = 1; no <= count; ++no) {
    const std::string name(1, static_cast<char>('A' + *inRange(0, 5)));
    auto line = pieces_line(no, name, *inRange<std::int64_t>(1, 8), *inRange<std::int64_t>(0, 999));
    line.discount_minor = *inRange<std::int64_t>(0, gross_minor(line).value() + 1);
    line.service = *inRange(0, 6) == 0;
    lines.push_back(std::move(line));
  }
  return basket(std::move(lines));
}

TEST_CASE("promotion amounts: shares add up, no line gets below nothing, the order does not matter",
          "[domain][promotion]") {
  CHECK(rc::check("any promotions on any order", [] {
    OrderPlaced order = any_order();
    std::vector<OfferedPromotion> offered;
    const auto count = *rc::gen::inRange<std::size_t>(0, 6);
    for (std::size_t at = 0; at < count; ++at) {
      Promotion promotion = any_promotion(at);
      RC_ASSERT(validate(promotion).has_value());
      offered.push_back({std::move(promotion)});
    }
    const auto first = judge_promotions(order, kNow, offered).value();
    std::ranges::reverse(offered);
    const auto again = judge_promotions(order, kNow, offered).value();
    RC_ASSERT(first.size() == offered.size());
    std::int64_t before = 0;
    for (const OrderLine& line : order.lines) {
      before += line.service ? 0 : gross_minor(line).value() - line.discount_minor;
    }
    std::int64_t taken = 0;
    for (std::size_t at = 0; at < first.size(); ++at) {
      const JudgedPromotion& one = first[at];
      RC_ASSERT(one.promotion == again[at].promotion);
      RC_ASSERT(one.shares == again[at].shares);
      std::int64_t shared = 0;
      for (const auto& share : one.shares) {
        RC_ASSERT(share.minor > 0);
        shared += share.minor;
      }
      RC_ASSERT(shared == one.minor);
      RC_ASSERT((one.outcome == Outcome::kApplied) == (one.minor > 0));
      taken += one.minor;
      if (one.outcome == Outcome::kApplied) order.discounts.push_back(discount_of(one));
    }
    RC_ASSERT(taken <= before);
    // The order takes them as they are, and costs less by just that.
    const auto total = total_of(order.lines, false).value();
    const auto placed = share_discounts(order);
    RC_ASSERT(placed.has_value());
    RC_ASSERT(decide(PlaceOrder{*placed}).has_value());
    for (const OrderLine& line : placed->lines) {
      RC_ASSERT(line.discount_minor + line.order_discount_minor <= gross_minor(line).value());
    }
    RC_ASSERT(total_of(placed->lines, false).value().minor == total.minor - taken);
  }));
}

TEST_CASE("promotion amounts: an order's record says what it was, and nothing that does not add up",
          "[domain][promotion]") {
  auto order = basket({pieces_line(1, "A", 1, 1000)});
  order.discounts = {{"p", 100, "p", "Title", "CODE", {{LineNo(1), 100}}}};
  order = share_discounts(order).value();
  CHECK(decide(PlaceOrder{order}));
  const std::vector<std::function<void(OrderDiscount&)>> changes{
      [](OrderDiscount& d) { d.shares = {}; },
      [](OrderDiscount& d) { d.shares.front().minor = 99; },
      [](OrderDiscount& d) { d.shares.push_back({LineNo(1), 1}); },
      [](OrderDiscount& d) { d.shares = {{LineNo(1), 101}, {LineNo(1), -1}}; },
      [](OrderDiscount& d) { d.promotion = ""; },
      [](OrderDiscount& d) { d.promotion = std::string(65, 'x'); },
      [](OrderDiscount& d) { d.title = std::string(201, 'x'); },
      [](OrderDiscount& d) { d.coupon = std::string(33, 'x'); },
  };
  for (std::size_t at = 0; at < changes.size(); ++at) {
    CAPTURE(at);
    auto changed = order;
    changes[at](changed.discounts.front());
    CHECK_FALSE(decide(PlaceOrder{changed}));
  }
  auto more = order;
  more.discounts.front().minor = 1001;
  more.discounts.front().shares = {{LineNo(1), 1001}};
  CHECK(share_discounts(more).error().reason == "bad_order");
  more.discounts.front().shares = {{LineNo(2), 1001}};
  CHECK(share_discounts(more).error().reason == "bad_order");
}

}  // namespace
}  // namespace cairn::domain::promotion_amounts_test
