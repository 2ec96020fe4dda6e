#pragma once
// Time as plain values, and the port that reads it. Nothing below main() asks the machine itself,
// so that the simulator can run a week in a second.

#include "core/base/result.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

using Duration = std::chrono::microseconds;

/// Microseconds since 1970-01-01T00:00:00Z. For people and records, never for time-outs.
struct UtcTime {
  std::int64_t us = 0;

  /// In the years 0 to 9999, which RFC 3339 can write.
  [[nodiscard]] bool valid() const;
  /// RFC 3339 with milliseconds, "2026-11-24T08:15:30.123Z"; the nearest one it can write.
  [[nodiscard]] std::string text() const;
  /// RFC 3339 in UTC ("Z"), seconds with up to six decimals. Errors: kInvalid "bad_time".
  static Result<UtcTime> parse(std::string_view text);

  friend auto operator<=>(const UtcTime&, const UtcTime&) = default;
};

/// Microseconds of a clock that never jumps. For time-outs and durations, never stored.
struct MonoTime {
  std::int64_t us = 0;

  friend auto operator<=>(const MonoTime&, const MonoTime&) = default;
  friend MonoTime operator+(MonoTime at, Duration d) { return {at.us + d.count()}; }
  friend Duration operator-(MonoTime a, MonoTime b) { return Duration(a.us - b.us); }
};

/// Port. Implementations: the system's clocks (core/runtime) and the simulator's virtual time.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UtcTime utc_now() const = 0;
  [[nodiscard]] virtual MonoTime mono_now() const = 0;
};

}  // namespace cairn
