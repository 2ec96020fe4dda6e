#include "core/domain/order/delivery.h"

#include "tests/core/base/support/names.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <functional>
#include <rapidcheck.h>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::delivery_test {
namespace {

using cairn::test::holds;
using cairn::test::utc;

constexpr std::int64_t kDayUs = 86'400'000'000;

TEST_CASE("delivery: what a channel may say of it", "[domain][order]") {
  CHECK(validate(Delivery{}));
  const std::vector<std::pair<std::function<void(Delivery&)>, bool>> rows{
      {[](Delivery& d) { d.priority = 1000; }, true},
      {[](Delivery& d) { d.priority = 1001; }, false},
      {[](Delivery& d) { d.priority = -1; }, false},
      {[](Delivery& d) { d.shipping_method = std::string(32, 'M'); }, true},
      {[](Delivery& d) { d.shipping_method = std::string(33, 'M'); }, false},
      {[](Delivery& d) { d.shipping_method = "NEXT DAY"; }, false},
      {[](Delivery& d) { d.shipping_method = "\xc3\xa9"; }, false},
      {[](Delivery& d) { d.delivery_days = 365; }, true},
      {[](Delivery& d) { d.delivery_days = 366; }, false},
      {[](Delivery& d) { d.delivery_days = -1; }, false},
      {[](Delivery& d) { d.ship_after = d.ship_by = utc("2026-11-28T08:00:00Z"); }, true},
      {[](Delivery& d) {
         d.ship_after = utc("2026-11-28T08:00:00Z");
         d.ship_by = utc("2026-11-28T07:59:59Z");
       },
       false},
      {[](Delivery& d) { d.promised_at = UtcTime{0}; }, false},
      {[](Delivery& d) { d.promised_at = UtcTime{1}; }, true},
      {[](Delivery& d) { d.country = "GB"; }, true},
      {[](Delivery& d) { d.country = "gb"; }, false},
      {[](Delivery& d) { d.country = "GBR"; }, false},
      {[](Delivery& d) { d.country = "G"; }, false},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    Delivery delivery;
    rows[i].first(delivery);
    const auto ok = validate(delivery);
    CHECK(ok.has_value() == rows[i].second);
    if (!ok) CHECK(ok.error().reason == "bad_order");
  }
}

TEST_CASE("delivery: days until it was promised, a begun one counts", "[domain][order]") {
  const UtcTime now = utc("2026-11-27T08:00:00Z");
  Delivery delivery;
  CHECK(promise_days(delivery, now) == 0);
  for (const auto& [us, days] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {-1, 0}, {0, 0}, {1, 1}, {kDayUs, 1}, {kDayUs + 1, 2}, {10 * kDayUs, 10}}) {
    CAPTURE(us);
    delivery.promised_at = UtcTime{now.us + us};
    CHECK(promise_days(delivery, now) == days);
  }
}

TEST_CASE("delivery: the days that are left never grow as time goes by", "[domain][order]") {
  CHECK(holds("days go down", [](std::uint32_t ahead_s, std::uint32_t later_s) {
    Delivery delivery;
    const UtcTime now{1'790'000'000'000'000};
    delivery.promised_at = UtcTime{now.us + static_cast<std::int64_t>(ahead_s) * 1'000'000};
    const UtcTime later{now.us + static_cast<std::int64_t>(later_s) * 1'000'000};
    RC_ASSERT(promise_days(delivery, later) <= promise_days(delivery, now));
    RC_ASSERT(promise_days(delivery, later) >= 0);
  }));
}

}  // namespace
}  // namespace cairn::domain::delivery_test
