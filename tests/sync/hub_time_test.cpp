#include "sync/hub_time.h"

#include "tests/support/catch.h"

namespace cairn::sync::hub_time_test {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr UtcTime kNoon{1'790'000'000'000'000};

UtcTime after_noon(std::int64_t us) { return {kNoon.us + us}; }

TEST_CASE("hub time: it is not known before the hub was heard", "[sync][hub_time]") {
  HubTime time(kNoon);
  CHECK_FALSE(time.now({kHour}));
  CHECK(time.floor() == kNoon);
}

TEST_CASE("hub time: it goes on by the clock that never jumps", "[sync][hub_time]") {
  HubTime time(UtcTime{});
  time.heard(kNoon, {1000}, {1000});
  CHECK(time.now({1000}) == kNoon);
  CHECK(time.now({1000 + kHour}) == after_noon(kHour));
}

TEST_CASE("hub time: of the times that are possible it is the latest", "[sync][hub_time]") {
  HubTime time(UtcTime{});
  time.heard(kNoon, {1000}, {3000});
  CHECK(time.now({3000}) == after_noon(2000));
  // What is sure is only what the hub said.
  HubTime other(UtcTime{});
  other.heard(kNoon, {1000}, {3000});
  CHECK(other.floor() == kNoon);
}

TEST_CASE("hub time: it never goes back, whatever the hub says", "[sync][hub_time]") {
  HubTime time(UtcTime{});
  time.heard(kNoon, {0}, {0});
  CHECK(time.now({kHour}) == after_noon(kHour));
  time.heard(after_noon(-24 * kHour), {kHour}, {kHour});
  CHECK(time.now({kHour}) == after_noon(kHour));
  CHECK(time.now({2 * kHour}) == after_noon(kHour));
  CHECK(time.floor() == after_noon(kHour));
}

TEST_CASE("hub time: what an earlier life knew holds", "[sync][hub_time]") {
  HubTime time(after_noon(kHour));
  time.heard(kNoon, {0}, {0});
  CHECK(time.now({0}) == after_noon(kHour));
  CHECK(time.now({2 * kHour}) == after_noon(2 * kHour));
}

}  // namespace
}  // namespace cairn::sync::hub_time_test
