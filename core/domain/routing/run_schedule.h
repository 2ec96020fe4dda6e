#pragma once
// When runs of routing are due: at an interval, or at times of the day. Pure: what is due follows
// from the clock alone, so that a hub that was away knows what it missed.

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::domain {

/// Either or neither; neither: runs begin only when somebody asks.
struct RunSchedule {
  std::int64_t every_s = 0;            ///< kLeastEvery to a day, from midnight of UTC on; 0: none
  std::vector<std::int32_t> at_min{};  ///< minutes of the day of UTC, each once, ascending

  static constexpr std::int64_t kLeastEvery = 60;
  static constexpr std::size_t kMostTimes = 96;

  [[nodiscard]] bool empty() const { return every_s == 0 && at_min.empty(); }
  friend bool operator==(const RunSchedule&, const RunSchedule&) = default;
};

/// Errors: kInvalid "bad_rule_set" with a sentence.
Result<> validate(const RunSchedule& schedule);

/// The last instant at which a run was due: after `after`, and at `now` or before.
std::optional<UtcTime> last_due(const RunSchedule& schedule, UtcTime after, UtcTime now);
/// The first one after `now`.
std::optional<UtcTime> next_due(const RunSchedule& schedule, UtcTime now);

}  // namespace cairn::domain
