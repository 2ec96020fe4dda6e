#include "core/domain/order/order_amounts.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <numeric>
#include <rapidcheck.h>
#include <string>
#include <vector>

namespace cairn::domain::order_amounts_test {
namespace {

using namespace test;
using Amounts = std::vector<std::int64_t>;

std::int64_t sum(const Amounts& amounts) {
  return std::accumulate(amounts.begin(), amounts.end(), std::int64_t{0});
}

TEST_CASE("apportion: to the unit, the largest remainder first, of equal ones the first",
          "[domain][order]") {
  struct Row {
    std::int64_t amount;
    Amounts weights;
    Amounts shares;
  };
  const std::vector<Row> rows{
      {0, {1, 2}, {0, 0}},
      {100, {1, 1, 1}, {34, 33, 33}},
      {1, {1, 1}, {1, 0}},
      {10, {1, 2, 0}, {3, 7, 0}},
      {1000, {1999, 4999, 2}, {286, 714, 0}},
      {5, {}, {}},
      {5, {0, 0}, {0, 0}},
      {kMaxMinor,
       {kMaxMinor, kMaxMinor, kMaxMinor},
       {333'333'333'334, 333'333'333'333, 333'333'333'333}},
      {kMaxMinor, {kMaxMinor}, {kMaxMinor}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.amount, row.weights);
    CHECK(apportion(row.amount, row.weights) == row.shares);
  }
}

TEST_CASE("apportion: the shares add up, within one unit of their exact part", "[domain][order]") {
  CHECK(rc::check("shares of an amount", [] {
    const auto weights =
        *rc::gen::container<Amounts>(rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
    const std::int64_t all = sum(weights);
    RC_PRE(all > 0);
    const std::int64_t amount = *rc::gen::inRange<std::int64_t>(0, std::min(all, kMaxMinor) + 1);
    const Amounts shares = apportion(amount, weights);
    RC_ASSERT(sum(shares) == amount);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      RC_ASSERT(shares[i] >= 0);
      RC_ASSERT(shares[i] <= weights[i]);
      const long double exact = static_cast<long double>(amount) *
                                static_cast<long double>(weights[i]) /
                                static_cast<long double>(all);
      RC_ASSERT(shares[i] > exact - 1.0L);
      RC_ASSERT(shares[i] < exact + 1.0L);
    }
  }));
}

OrderLine line(std::uint32_t no, std::int64_t milli, std::int64_t minor) {
  return {
      LineNo(no), sku("S-" + std::to_string(no)), "Article", {milli, Uom::kKilogram}, gbp(minor)};
}

OrderPlaced order(std::vector<OrderLine> lines, std::vector<OrderDiscount> discounts = {}) {
  OrderPlaced placed{order_id(1),
                     "web",
                     "1",
                     utc("2026-11-24T08:00:00Z"),
                     "",
                     {},
                     std::move(lines),
                     FulfilmentMethod::kShip,
                     {}};
  placed.discounts = std::move(discounts);
  return placed;
}

TEST_CASE("order amounts: a line costs its price times its quantity, half up", "[domain][order]") {
  CHECK(gross_minor(line(1, 2000, 199)) == 398);
  CHECK(gross_minor(line(1, 1500, 199)) == 299);
  CHECK(gross_minor(line(1, 499, 1)) == 0);
  CHECK(gross_minor(line(1, 500, 1)) == 1);
  CHECK(gross_minor(line(1, kMaxMilli, INT64_MAX)).error().reason == "overflow");
  CHECK(gross_minor(line(1, 1'000'000, kMaxMinor)).error().reason == "overflow");
}

TEST_CASE("order amounts: the order's discounts go to its goods, after the lines' own",
          "[domain][order]") {
  auto lines = std::vector{line(1, 1000, 1000), line(2, 2000, 500), line(3, 1000, 395)};
  lines[0].discount_minor = 200;
  lines[2].service = true;
  const auto shared = share_discounts(order(lines, {{"SPRING", 100}, {"COUPON-7", 1}}));
  REQUIRE(shared);
  CHECK(shared->lines[0].order_discount_minor == 45);
  CHECK(shared->lines[1].order_discount_minor == 56);
  CHECK(shared->lines[2].order_discount_minor == 0);
  CHECK(total_of(shared->lines, false) == gbp(1000 - 200 + 1000 + 395 - 101));
}

TEST_CASE("order amounts: tax is in the prices, or on top of them", "[domain][order]") {
  auto taxed = line(1, 1000, 1000);
  taxed.tax_minor = 167;
  CHECK(total_of({taxed}, false) == gbp(1000));
  CHECK(total_of({taxed}, true) == gbp(1167));
}

TEST_CASE("order amounts: more off than it costs is refused", "[domain][order]") {
  auto cheap = line(1, 1000, 100);
  CHECK(share_discounts(order({cheap}, {{"A", 100}})));
  CHECK(share_discounts(order({cheap}, {{"A", 101}})).error().reason == "bad_order");
  cheap.discount_minor = 100;
  CHECK(share_discounts(order({cheap})));
  CHECK(share_discounts(order({cheap}, {{"A", 1}})).error().reason == "bad_order");
  cheap.discount_minor = 101;
  CHECK(share_discounts(order({cheap})).error().reason == "bad_order");
}

TEST_CASE("order amounts: a placed order's shares are its discounts", "[domain][order]") {
  auto placed = order({line(1, 1000, 1000)}, {{"A", 100}});
  CHECK_FALSE(decide(PlaceOrder{placed}));
  placed.lines[0].order_discount_minor = 100;
  CHECK(decide(PlaceOrder{placed}));
  placed.lines[0].order_discount_minor = 99;
  CHECK_FALSE(decide(PlaceOrder{placed}));
  placed.lines[0].order_discount_minor = 100;
  placed.lines[0].tax_minor = -1;
  CHECK_FALSE(decide(PlaceOrder{placed}));
  placed.lines[0].tax_minor = kMaxMinor;
  CHECK(decide(PlaceOrder{placed}));
  placed.discounts = {{"", 100}};
  CHECK_FALSE(decide(PlaceOrder{placed}));
  placed.discounts.assign(kMaxOrderDiscounts + 1, {"A", 100});
  CHECK_FALSE(decide(PlaceOrder{placed}));
}

}  // namespace
}  // namespace cairn::domain::order_amounts_test
