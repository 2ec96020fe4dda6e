#include "core/domain/promise/future_supply.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <rapidcheck.h>
#include <vector>

namespace cairn::domain::future_supply_test {
namespace {

using cairn::test::utc;

const UtcTime kFirst = utc("2026-12-01T00:00:00Z");
const UtcTime kSecond = utc("2026-12-08T00:00:00Z");
const UtcTime kThird = utc("2026-12-15T00:00:00Z");

TEST_CASE("future supply: Future ATP(s,date) is what is due until then less what is pegged to it",
          "[domain][promise]") {
  const std::vector<Supply> supply{{kFirst, 10'000}, {kThird, 5'000}};
  CHECK(future_atp_milli(supply, {}, UtcTime{kFirst.us - 1}) == 0);
  CHECK(future_atp_milli(supply, {}, kFirst) == 10'000);
  CHECK(future_atp_milli(supply, {{kFirst, 4'000}}, kSecond) == 6'000);
  CHECK(future_atp_milli(supply, {{kFirst, 4'000}}, kThird) == 11'000);
  CHECK(future_atp_milli(supply, {{kFirst, 40'000}}, kThird) == 0);
}

TEST_CASE("future supply: what was promised for later is not given away before",
          "[domain][promise]") {
  // Ten come now, nothing more: eight are promised for the second week.
  const std::vector<Supply> supply{{kFirst, 10'000}};
  const std::vector<PeggedDemand> pegged{{kSecond, 8'000}};
  CHECK(future_atp_milli(supply, pegged, kFirst) == 2'000);
  // Unless more comes in time for them.
  CHECK(future_atp_milli({{kFirst, 10'000}, {kSecond, 8'000}}, pegged, kFirst) == 10'000);
}

TEST_CASE("future supply: the promise is the first date with enough", "[domain][promise]") {
  const std::vector<Supply> supply{{kThird, 5'000}, {kFirst, 10'000}};
  CHECK(promise_date(supply, {}, 3'000) == kFirst);
  CHECK(promise_date(supply, {{kFirst, 9'000}}, 3'000) == kThird);
  CHECK(promise_date(supply, {{kFirst, 9'000}}, 7'000) == std::nullopt);
  CHECK(promise_date({}, {}, 1'000) == std::nullopt);
}

TEST_CASE("future supply: sold ahead if nothing is there and something comes",
          "[domain][promise]") {
  const std::vector<Supply> comes{{kFirst, 1'000}};
  CHECK(ahead_of_stock(0, true, comes) == AheadOfStock::kPreorder);
  CHECK(ahead_of_stock(0, false, comes) == AheadOfStock::kBackorder);
  CHECK(ahead_of_stock(1'000, true, comes) == AheadOfStock::kNo);
  CHECK(ahead_of_stock(0, true, {}) == AheadOfStock::kNo);
  CHECK(ahead_of_stock(0, false, {{kFirst, 0}}) == AheadOfStock::kNo);
}

TEST_CASE("future supply: who waits for goods already gets the first that come",
          "[domain][promise]") {
  const std::vector<Supply> supply{{kThird, 5'000}, {kFirst, 10'000}};
  const FutureOffer offer = future_offer(supply, -12'000, false);
  CHECK(offer.how == AheadOfStock::kBackorder);
  CHECK(offer.milli == 3'000);
  CHECK(offer.date_for(3'000) == kThird);
  CHECK(offer.date_for(4'000) == std::nullopt);
  CHECK(future_offer(supply, 0, true).milli == 15'000);
  CHECK(future_offer(supply, 0, true).date_for(10'000) == kFirst);
  CHECK(future_offer(supply, -20'000, true).milli == 0);
  CHECK(future_offer(supply, 1'000, true).how == AheadOfStock::kNo);
  CHECK(future_offer(supply, 1'000, true).date_for(1'000) == std::nullopt);
  CHECK(future_offer({}, 0, true).milli == 0);
}

TEST_CASE("future supply: whoever promises by it keeps every promise", "[domain][promise]") {
  CHECK(rc::check("at no date is more promised than has come", [] {
    std::vector<Supply> supply;
    for (std::size_t i = *rc::gen::inRange<std::size_t>(0, 6); i > 0; --i) {
      supply.push_back({{*rc::gen::inRange<std::int64_t>(1, 10)},
                        *rc::gen::inRange<std::int64_t>(0, 9) * 1'000});
    }
    std::vector<PeggedDemand> pegged;
    for (std::size_t i = *rc::gen::inRange<std::size_t>(0, 20); i > 0; --i) {
      const std::int64_t wanted = *rc::gen::inRange<std::int64_t>(1, 6) * 1'000;
      const auto date = promise_date(supply, pegged, wanted);
      if (date) pegged.push_back({*date, wanted});
    }
    for (std::int64_t day = 0; day < 12; ++day) {
      std::int64_t come = 0;
      std::int64_t promised = 0;
      for (const Supply& one : supply) come += one.due.us <= day ? one.milli : 0;
      for (const PeggedDemand& one : pegged) promised += one.due.us <= day ? one.milli : 0;
      RC_ASSERT(promised <= come);
    }
  }));
}

}  // namespace
}  // namespace cairn::domain::future_supply_test
