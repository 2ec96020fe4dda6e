#include "core/base/hlc.h"

#include "tests/core/base/support/manual_clock.h"
#include "tests/support/catch.h"

#include <chrono>

namespace cairn::hlc_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using test::ManualClock;

constexpr UtcTime kStart{1'795'507'200'123'456};

Hlc stamp(std::int64_t ms, std::uint64_t counter) {
  return {(static_cast<std::uint64_t>(ms) << 16U) + counter};
}

TEST_CASE("hlc: the upper 48 bits are milliseconds", "[base][hlc]") {
  CHECK(Hlc::of(kStart) == stamp(1'795'507'200'123, 0));
  CHECK(Hlc::of(kStart).utc() == UtcTime{1'795'507'200'123'000});
  CHECK(stamp(1'795'507'200'123, 65'535).utc() == UtcTime{1'795'507'200'123'000});
  CHECK(Hlc::of(UtcTime{0}) == Hlc{0});
  CHECK(Hlc::of(UtcTime{-1}) == Hlc{0});
  CHECK(Hlc::of(UtcTime{INT64_MIN}) == Hlc{0});
}

TEST_CASE("hlc: a stamp shows the time, and the next one is greater though time stands still",
          "[base][hlc]") {
  const ManualClock clock(kStart);
  HybridClock hlc(clock, Hlc{});
  CHECK(hlc.tick() == Hlc::of(kStart));
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    REQUIRE(hlc.tick() == Hlc{Hlc::of(kStart).value + i});
  }
  CHECK(hlc.last() == Hlc{Hlc::of(kStart).value + 1000});
}

TEST_CASE("hlc: time that goes on resets the counter", "[base][hlc]") {
  ManualClock clock(kStart);
  HybridClock hlc(clock, Hlc{});
  (void)hlc.tick();
  (void)hlc.tick();
  clock.move(milliseconds(1));
  CHECK(hlc.tick() == stamp(1'795'507'200'124, 0));
}

TEST_CASE("hlc: a clock that is set back does not take stamps back", "[base][hlc]") {
  ManualClock clock(kStart);
  HybridClock hlc(clock, Hlc{});
  Hlc before = hlc.tick();
  for (const auto step : {minutes(-1), minutes(-1000), minutes(999), minutes(-5)}) {
    clock.move(step);
    const Hlc after = hlc.tick();
    CHECK(after > before);
    before = after;
  }
  CHECK(before.utc() == Hlc::of(kStart).utc());
  clock.set(UtcTime{-5});
  CHECK(hlc.tick() > before);
}

TEST_CASE("hlc: a full counter runs over into the milliseconds", "[base][hlc]") {
  const ManualClock clock(kStart);
  HybridClock hlc(clock, stamp(1'795'507'200'123, 65'534));
  CHECK(hlc.tick() == stamp(1'795'507'200'123, 65'535));
  CHECK(hlc.tick() == stamp(1'795'507'200'124, 0));
  CHECK(hlc.tick() == stamp(1'795'507'200'124, 1));
}

TEST_CASE("hlc: a restart goes on after the greatest stamp in the log", "[base][hlc]") {
  const ManualClock clock(kStart);
  const Hlc logged = Hlc::of({kStart.us + 90'000'000});
  HybridClock hlc(clock, logged);
  CHECK(hlc.tick() == Hlc{logged.value + 1});
}

TEST_CASE("hlc: the next stamp lies after what was observed", "[base][hlc]") {
  const ManualClock clock(kStart);
  HybridClock hlc(clock, Hlc{});
  const Hlc remote = stamp(1'795'507'200'123 + 60'000, 7);
  hlc.observe(remote);
  CHECK(hlc.tick() == Hlc{remote.value + 1});
  hlc.observe(stamp(1'795'507'200'123, 0));
  CHECK(hlc.tick() == Hlc{remote.value + 2});
}

TEST_CASE("hlc: a stamp five minutes ahead drags the clock along, one further ahead does not",
          "[base][hlc]") {
  const ManualClock clock(kStart);
  const std::int64_t limit = 1'795'507'200'123 + 5 * 60'000;
  SECTION("just within") {
    HybridClock hlc(clock, Hlc{});
    hlc.observe(stamp(limit, 0));
    CHECK(hlc.tick() == stamp(limit, 1));
  }
  SECTION("one millisecond beyond") {
    HybridClock hlc(clock, Hlc{});
    hlc.observe(stamp(limit + 1, 0));
    CHECK(hlc.tick() == Hlc::of(kStart));
  }
  SECTION("the greatest there is") {
    HybridClock hlc(clock, Hlc{});
    hlc.observe(Hlc{UINT64_MAX});
    CHECK(hlc.tick() == Hlc::of(kStart));
  }
}

TEST_CASE("hlc: the wall time is anchored to the hub's", "[base][hlc]") {
  const ManualClock clock(kStart);
  HybridClock hlc(clock, Hlc{});
  CHECK(hlc.offset() == Duration{0});
  hlc.set_offset(minutes(10));
  CHECK(hlc.offset() == minutes(10));
  CHECK(hlc.now() == UtcTime{kStart.us + 600'000'000});
  CHECK(hlc.tick() == stamp(1'795'507'200'123 + 600'000, 0));
  // The limit for remote stamps moves with it.
  const Hlc remote = stamp(1'795'507'200'123 + 14 * 60'000, 0);
  hlc.observe(remote);
  CHECK(hlc.tick() == Hlc{remote.value + 1});
  // Backwards too, but never the stamps.
  hlc.set_offset(minutes(-10));
  CHECK(hlc.now() == UtcTime{kStart.us - 600'000'000});
  CHECK(hlc.tick() == Hlc{remote.value + 2});
}

}  // namespace
}  // namespace cairn::hlc_test
