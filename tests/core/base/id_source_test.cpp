#include "core/base/id_source.h"

#include "tests/core/base/support/manual_clock.h"
#include "tests/core/base/support/scripted_random.h"
#include "tests/support/catch.h"

#include <chrono>

namespace cairn::id_source_test {
namespace {

using test::ManualClock;
using test::ScriptedRandom;

constexpr UtcTime kStart{1'795'507'200'123'456};  // 0x1a20c91a07b ms

TEST_CASE("id source: milliseconds in front, then version 7 and variant 2", "[base][ids]") {
  const ManualClock clock(kStart);
  SECTION("all random bits clear") {
    ScriptedRandom random({0, 0});
    CHECK(IdSource(clock, random).next().text() == "01a20c91-a07b-7000-8000-000000000000");
  }
  SECTION("all random bits set") {
    ScriptedRandom random({UINT64_MAX, UINT64_MAX});
    CHECK(IdSource(clock, random).next().text() == "01a20c91-a07b-7fff-bfff-ffffffffffff");
  }
}

TEST_CASE("id source: 74 random bits are used", "[base][ids]") {
  const ManualClock clock(kStart);
  int used = 0;
  for (unsigned bit = 0; bit < 128; ++bit) {
    const std::uint64_t one = std::uint64_t{1} << (bit % 64);
    ScriptedRandom random({bit < 64 ? one : 0, bit < 64 ? 0 : one});
    const Uuid id = IdSource(clock, random).next();
    used += id.text() == "01a20c91-a07b-7000-8000-000000000000" ? 0 : 1;
    CHECK(id.text()[14] == '7');
  }
  // 12 + 6 + 56: the octets 6 to 8 take 18 bits of the first number, the rest 56 of the second.
  CHECK(used == 74);
}

TEST_CASE("id source: a later name sorts after an earlier one", "[base][ids]") {
  ManualClock clock(kStart);
  ScriptedRandom random({UINT64_MAX, UINT64_MAX, 0, 0, 0, 0});
  IdSource ids(clock, random);
  const Uuid first = ids.next();
  clock.move(std::chrono::milliseconds(1));
  const Uuid second = ids.next();
  clock.move(std::chrono::hours(24 * 365));
  const Uuid third = ids.next();
  CHECK(first < second);
  CHECK(second < third);
  CHECK(first.text() < second.text());
  CHECK(second.text() < third.text());
}

}  // namespace
}  // namespace cairn::id_source_test
