#pragma once
// Hybrid logical clock (Kulkarni et al. 2014): wall milliseconds that never run backwards and
// always lie after everything this process has seen. It breaks ties and orders counts; the order of
// ordered state is the hub's feed. Values: any thread; HybridClock: loop only.

#include "core/base/time.h"

#include <algorithm>
#include <compare>
#include <cstdint>

namespace cairn {

/// 48 bit milliseconds since 1970, 16 bit counter.
struct Hlc {
  std::uint64_t value = 0;

  [[nodiscard]] UtcTime utc() const { return {static_cast<std::int64_t>(value >> 16U) * 1000}; }
  static Hlc of(UtcTime at) {
    return {static_cast<std::uint64_t>(at.us < 0 ? 0 : at.us / 1000) << 16U};
  }
  friend auto operator<=>(const Hlc&, const Hlc&) = default;
};

class HybridClock {
 public:
  /// A remote stamp further ahead than this is stored as it is but does not drag our clock along.
  static constexpr Duration kMaxAhead = std::chrono::minutes(5);

  /// `last`: the greatest stamp in the own log, so that a restart cannot go back.
  HybridClock(const Clock& clock, Hlc last) : clock_(&clock), last_(last) {}

  /// A stamp greater than every one given or observed before.
  [[nodiscard]] Hlc tick();
  /// Remembers a stamp of somebody else.
  void observe(Hlc remote);
  /// Hub time minus own wall time; the physical part is anchored to the hub's clock.
  void set_offset(Duration offset) { offset_ = offset; }
  [[nodiscard]] Duration offset() const { return offset_; }
  /// The anchored time: what the hub's clock shows now, as far as we know.
  [[nodiscard]] UtcTime now() const { return {clock_->utc_now().us + offset_.count()}; }
  /// A clock that never goes back, whatever is done to the device's: not before the last stamp, and
  /// so, as the log keeps stamps, not over a restart either.
  [[nodiscard]] UtcTime floor() const { return std::max(now(), last_.utc()); }
  /// The last stamp given.
  [[nodiscard]] Hlc last() const { return last_; }

 private:
  const Clock* clock_;
  Hlc last_;
  Duration offset_{0};
};

}  // namespace cairn
