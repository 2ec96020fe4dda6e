#include "core/domain/stock/counter_sale.h"

#include "core/base/quantity.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain::counter_sale_test {
namespace {

using cairn::test::node;
using cairn::test::sku;
using cairn::test::user;
using cairn::test::utc;
using cairn::test::uuid;

const UtcTime kNow = utc("2026-11-24T12:00:00Z");
const LeaseHolder kTill{node(1), Incarnation(7)};

StockLease lease(std::uint8_t number, std::int64_t milli, std::int64_t minutes) {
  StockLease lease;
  lease.granted.lease = StockLeaseId(uuid(number));
  lease.granted.node = kTill.node;
  lease.granted.inc = kTill.inc;
  lease.granted.sku = sku("A1");
  lease.granted.milli = milli;
  lease.granted.expires_at = UtcTime{kNow.us + minutes * 60'000'000};
  return lease;
}

SellAtCounter sale(std::int64_t milli, std::vector<StockLease> leases = {},
                   std::optional<BeyondLease> policy = std::nullopt) {
  return {sku("A1"), milli, std::move(leases), kTill, kNow, policy, user(1), {}};
}

TEST_CASE("counter sale: an article without a policy is sold as it always was", "[domain][stock]") {
  const auto sold = decide(sale(3'000));
  REQUIRE(sold);
  CHECK(sold->draws.empty());
  CHECK(sold->beyond_milli == 3'000);
  CHECK_FALSE(sold->beyond_lease);
}

TEST_CASE("counter sale: the lease that ends first is sold first", "[domain][stock]") {
  const auto sold =
      decide(sale(4'000, {lease(1, 3'000, 60), lease(2, 2'000, 5)}, BeyondLease::kRefuse));
  REQUIRE(sold);
  CHECK(sold->draws == std::vector<CounterSale::Draw>{{StockLeaseId(uuid(2)), 2'000},
                                                      {StockLeaseId(uuid(1)), 2'000}});
  CHECK(sold->beyond_milli == 0);
  CHECK(sold->left_milli == 1'000);
}

TEST_CASE("counter sale: only what this device may sell of this article now is drawn on",
          "[domain][stock]") {
  std::vector<StockLease> none(6, lease(1, 9'000, 60));
  none[0].granted.sku = sku("A2");
  none[1].granted.node = node(2);
  none[2].granted.inc = Incarnation(8);
  none[3].granted.expires_at = kNow;
  none[4].recalled = true;
  none[5].sold_milli = 9'000;
  const auto refused = decide(sale(1'000, none, BeyondLease::kRefuse));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "beyond_lease");
  const auto warned = decide(sale(1'000, none, BeyondLease::kWarn));
  REQUIRE(warned);
  CHECK(warned->draws.empty());
}

TEST_CASE("counter sale: beyond its leases a till warns, asks or refuses", "[domain][stock]") {
  const std::vector<StockLease> leases{lease(1, 2'000, 60)};
  const auto warned = decide(sale(3'000, leases, BeyondLease::kWarn));
  REQUIRE(warned);
  CHECK(warned->beyond_milli == 1'000);
  CHECK(warned->beyond_lease);

  const auto refused = decide(sale(3'000, leases, BeyondLease::kRefuse));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kRejected);
  CHECK(refused.error().reason == "beyond_lease");
  CHECK(refused.error().message ==
        "1 of A1 are beyond what this device holds leases for, 2 are not: they may be promised to "
        "somebody else; nothing was sold");
  SellAtCounter forced = sale(3'000, leases, BeyondLease::kRefuse);
  forced.approved_by = user(2);
  CHECK_FALSE(decide(forced));

  const auto asked = decide(sale(3'000, leases, BeyondLease::kApprove));
  REQUIRE_FALSE(asked);
  CHECK(asked.error().reason == "needs_approval");
  SellAtCounter approved = sale(3'000, leases, BeyondLease::kApprove);
  approved.approved_by = user(1);
  CHECK(decide(approved).error().reason == "approver_is_operator");
  approved.approved_by = user(2);
  CHECK(decide(approved).value().beyond_milli == 1'000);
  // What the leases cover needs nobody.
  CHECK(decide(sale(2'000, leases, BeyondLease::kApprove)));
  CHECK(decide(sale(2'000, leases, BeyondLease::kRefuse)));
}

TEST_CASE("counter sale: nothing and too much is no sale", "[domain][stock]") {
  for (const std::int64_t milli : {std::int64_t{0}, std::int64_t{-1}, kMaxMilli + 1}) {
    const auto refused = decide(sale(milli));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_sale");
  }
}

}  // namespace
}  // namespace cairn::domain::counter_sale_test
