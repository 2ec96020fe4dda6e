#include "core/domain/promise/soft_reservation.h"

#include "core/base/quantity.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::soft_reservation_test {
namespace {

using cairn::test::sku;
using cairn::test::utc;

const UtcTime kNow = utc("2026-11-24T12:00:00Z");

StockReserved basket(std::int64_t milli = 2'000) {
  StockReserved reserved;
  reserved.channel = "web";
  reserved.sku = sku("A1");
  reserved.milli = milli;
  reserved.expires_at = utc("2026-11-24T12:15:00Z");
  return reserved;
}

TEST_CASE("soft reservation: what can be sold can be reserved, and no more", "[domain][promise]") {
  CHECK(decide(ReserveStock{basket(), 2'000}, kNow).value() == basket());
  const auto refused = decide(ReserveStock{basket(), 1'000}, kNow);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kRejected);
  CHECK(refused.error().reason == "not_enough_stock");
  CHECK(refused.error().message == "2 of A1 wanted, 1 can be sold; nothing was reserved");
}

TEST_CASE("soft reservation: what is none is refused", "[domain][promise]") {
  std::vector<StockReserved> bad(7, basket());
  bad[0].channel.clear();
  bad[1].channel = std::string(33, 'c');
  bad[2].milli = 0;
  bad[3].milli = kMaxMilli + 1;
  bad[4].expires_at = kNow;
  bad[5].expires_at = utc("2026-11-25T12:00:00.001Z");
  bad[6].reference = std::string(65, 'r');
  for (const StockReserved& wanted : bad) {
    const auto refused = decide(ReserveStock{wanted, 2 * kMaxMilli}, kNow);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_reservation");
  }
}

TEST_CASE("soft reservation: the names of its ends", "[domain][promise]") {
  CHECK(name_of(ReservationEnd::kReleased) == "RELEASED");
  CHECK(name_of(ReservationEnd::kOrdered) == "ORDERED");
  CHECK(name_of(static_cast<ReservationEnd>(9)).empty());
}

}  // namespace
}  // namespace cairn::domain::soft_reservation_test
