// Two devices with one identity are told from one that is started again, however late the bus is.

#include "sync/twin_watch.h"

#include "tests/support/catch.h"

namespace cairn::sync::twin_watch_test {
namespace {

MonoTime at(std::int64_t seconds) { return MonoTime{seconds * 1'000'000}; }

TEST_CASE("twins: two that speak in turns are two within a minute", "[sync][twins]") {
  TwinWatch watch;
  std::int64_t seconds = 0;
  for (; !watch.two_devices(at(seconds)) && seconds < 600; seconds += 15) {
    watch.heard(1, at(1000 + seconds), at(seconds));
    watch.heard(2, at(50 + seconds), at(seconds + 1));
  }
  CHECK(seconds <= 60);
}

TEST_CASE("twins: one that is started again and again is one", "[sync][twins]") {
  TwinWatch watch;
  for (std::int64_t start = 0; start < 40; ++start) {
    for (std::int64_t hello = 0; hello < 5; ++hello) {
      const std::int64_t now = start * 100 + hello * 15;
      watch.heard(static_cast<std::uint64_t>(start), at(now), at(now));
      CHECK_FALSE(watch.two_devices(at(now)));
    }
  }
}

TEST_CASE("twins: a late or doubled message of an earlier start is none", "[sync][twins]") {
  TwinWatch watch;
  watch.heard(1, at(10), at(10));
  watch.heard(2, at(20), at(20));
  for (int again = 0; again < 10; ++again) {
    watch.heard(1, at(11), at(21));  // the last words of the first start
    watch.heard(2, at(22 + again), at(22 + again));
  }
  CHECK_FALSE(watch.two_devices(at(40)));
}

TEST_CASE("twins: when one of them is gone they are forgotten", "[sync][twins]") {
  TwinWatch watch;
  for (std::int64_t seconds = 0; seconds < 120; seconds += 15) {
    watch.heard(1, at(seconds), at(seconds));
    watch.heard(2, at(seconds), at(seconds));
  }
  CHECK(watch.two_devices(at(120)));
  CHECK_FALSE(watch.two_devices(at(120) + TwinWatch::kRemembered + std::chrono::seconds(1)));
}

}  // namespace
}  // namespace cairn::sync::twin_watch_test
