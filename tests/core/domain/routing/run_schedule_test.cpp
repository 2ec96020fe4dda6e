#include "core/domain/routing/run_schedule.h"

#include "tests/core/base/support/names.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <optional>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace cairn::domain::run_schedule_test {
namespace {

using cairn::test::holds;
using cairn::test::utc;

constexpr std::int64_t kDay = 86'400;

std::optional<UtcTime> told(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(utc(text));
}

TEST_CASE("run schedule: which runs were due last, and which are next", "[domain][routing]") {
  const RunSchedule none;
  const RunSchedule quarters{900, {}};
  const RunSchedule odd{50'000, {}};  // 00:00 and 13:53:20, each day anew
  const RunSchedule times{0, {6 * 60, 14 * 60 + 30}};
  const std::string today = "2026-11-27T";
  const std::vector<std::tuple<RunSchedule, std::string, std::string, std::string>> rows{
      {none, "08:00:00Z", "", ""},
      {quarters, "08:00:00Z", "2026-11-27T08:00:00Z", "2026-11-27T08:15:00Z"},
      {quarters, "08:14:59Z", "2026-11-27T08:00:00Z", "2026-11-27T08:15:00Z"},
      {quarters, "23:59:59Z", "2026-11-27T23:45:00Z", "2026-11-28T00:00:00Z"},
      {odd, "13:53:19Z", "2026-11-27T00:00:00Z", "2026-11-27T13:53:20Z"},
      {odd, "13:53:20Z", "2026-11-27T13:53:20Z", "2026-11-28T00:00:00Z"},
      {times, "05:59:59Z", "2026-11-26T14:30:00Z", "2026-11-27T06:00:00Z"},
      {times, "06:00:00Z", "2026-11-27T06:00:00Z", "2026-11-27T14:30:00Z"},
      {times, "20:00:00Z", "2026-11-27T14:30:00Z", "2026-11-28T06:00:00Z"},
  };
  for (const auto& [schedule, at, last, next] : rows) {
    CAPTURE(at, schedule.every_s);
    const UtcTime now = utc(today + at);
    CHECK(last_due(schedule, UtcTime{0}, now) == told(last));
    CHECK(next_due(schedule, now) == told(next));
  }
  // What was due before is not due any more.
  const UtcTime six = utc("2026-11-27T06:00:00Z");
  CHECK_FALSE(last_due(times, six, utc("2026-11-27T14:29:59Z")));
  CHECK(last_due(times, UtcTime{six.us - 1}, six) == six);
}

TEST_CASE("run schedule: of any number of missed runs the last one is due, once",
          "[domain][routing]") {
  CHECK(holds("due", [] {
    RunSchedule schedule;
    if (*rc::gen::arbitrary<bool>()) {
      schedule.every_s = *rc::gen::inRange<std::int64_t>(RunSchedule::kLeastEvery, kDay + 1);
    } else {
      const auto minutes = *rc::gen::container<std::set<std::int32_t>>(rc::gen::inRange(0, 1440));
      schedule.at_min.assign(minutes.begin(), minutes.end());
      RC_PRE(!schedule.at_min.empty() && schedule.at_min.size() <= RunSchedule::kMostTimes);
    }
    RC_ASSERT(validate(schedule).has_value());
    const UtcTime now{1'790'000'000'000'000 +
                      *rc::gen::inRange<std::int64_t>(0, 10 * kDay) * 1'000'000};
    const auto due = last_due(schedule, UtcTime{0}, now);
    RC_ASSERT(due && *due <= now);
    RC_ASSERT(now.us - due->us < kDay * 1'000'000 + 1);
    RC_ASSERT(!last_due(schedule, *due, now));
    // The next run after it is not over yet.
    const auto next = next_due(schedule, *due);
    RC_ASSERT(next && *next > now);
    RC_ASSERT(next == next_due(schedule, now));
    RC_ASSERT(last_due(schedule, *due, *next) == next);
  }));
}

TEST_CASE("run schedule: what it may say", "[domain][routing]") {
  const std::vector<std::pair<RunSchedule, bool>> rows{
      {{0, {}}, true},         {{60, {}}, true},     {{59, {}}, false},      {{kDay, {}}, true},
      {{kDay + 1, {}}, false}, {{-1, {}}, false},    {{0, {0, 1439}}, true}, {{0, {1440}}, false},
      {{0, {-1}}, false},      {{0, {5, 5}}, false}, {{0, {6, 5}}, false},   {{60, {5}}, false},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(i);
    const auto ok = validate(rows[i].first);
    CHECK(ok.has_value() == rows[i].second);
    if (!ok) CHECK(ok.error().reason == "bad_rule_set");
  }
  RunSchedule many;
  for (std::int32_t minute = 0; minute < 97; ++minute) many.at_min.push_back(minute);
  CHECK_FALSE(validate(many));
  many.at_min.pop_back();
  CHECK(validate(many));
}

}  // namespace
}  // namespace cairn::domain::run_schedule_test
