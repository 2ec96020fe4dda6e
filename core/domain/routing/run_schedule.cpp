#include "core/domain/routing/run_schedule.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::domain {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
constexpr std::int64_t kDayS = 24 * 60 * 60;
constexpr std::int64_t kDayUs = kDayS * kSecondUs;

std::int64_t midnight(std::int64_t us) { return us - ((us % kDayUs) + kDayUs) % kDayUs; }

/// Instants of one day, ascending, in microseconds from its midnight.
std::vector<std::int64_t> instants(const RunSchedule& schedule) {
  std::vector<std::int64_t> found;
  if (schedule.every_s > 0) {
    for (std::int64_t at = 0; at < kDayUs; at += schedule.every_s * kSecondUs) found.push_back(at);
  }
  for (const std::int32_t minute : schedule.at_min) found.push_back(minute * kMinuteUs);
  return found;
}

}  // namespace

Result<> validate(const RunSchedule& schedule) {
  const auto bad = [](std::string why) {
    return fail(ErrorCode::kInvalid, "bad_rule_set", std::move(why));
  };
  if (schedule.every_s > 0 && !schedule.at_min.empty()) {
    return bad("a schedule is an interval or times of the day, not both");
  }
  const bool in_range = schedule.every_s == 0 ||
                        (schedule.every_s >= RunSchedule::kLeastEvery && schedule.every_s <= kDayS);
  if (!in_range) {
    return bad(fmt::format("the interval of a schedule is {} to {} seconds",
                           RunSchedule::kLeastEvery, kDayS));
  }
  if (schedule.at_min.size() > RunSchedule::kMostTimes) {
    return bad(fmt::format("a schedule has at most {} times of the day", RunSchedule::kMostTimes));
  }
  std::int32_t before = -1;
  for (const std::int32_t minute : schedule.at_min) {
    if (minute <= before || minute >= kDayS / 60) {
      return bad("the times of a schedule are of one day, each once, the earliest first");
    }
    before = minute;
  }
  return {};
}

std::optional<UtcTime> last_due(const RunSchedule& schedule, UtcTime after, UtcTime now) {
  const auto day = instants(schedule);
  if (day.empty()) return std::nullopt;
  std::int64_t begin = midnight(now.us);
  auto behind = std::ranges::upper_bound(day, now.us - begin);
  if (behind == day.begin()) {  // nothing yet today: the last of yesterday
    begin -= kDayUs;
    behind = day.end();
  }
  const UtcTime due{begin + *(behind - 1)};
  return due > after ? std::optional(due) : std::nullopt;
}

std::optional<UtcTime> next_due(const RunSchedule& schedule, UtcTime now) {
  const auto day = instants(schedule);
  if (day.empty()) return std::nullopt;
  const std::int64_t begin = midnight(now.us);
  const auto next = std::ranges::upper_bound(day, now.us - begin);
  return UtcTime{next == day.end() ? begin + kDayUs + day.front() : begin + *next};
}

}  // namespace cairn::domain
