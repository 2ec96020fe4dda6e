#pragma once
// What the hub's clock shows, as a device knows it: the time of the hub's last answer plus what has
// passed since by a clock that never jumps. The device's own date plays no part. Never earlier than
// the hub's clock was at some time, whatever the hub says now. Pure.

#include "core/base/time.h"

#include <optional>

namespace cairn::sync {

class HubTime {
 public:
  /// `floor`: the hub's clock was here at some time (kept over restarts).
  explicit HubTime(UtcTime floor) : floor_(floor) {}

  /// The hub's answer to a question asked at `asked` came at `now`. Of the times that are possible
  /// the latest one is taken, so that nothing expires too late.
  void heard(UtcTime hub, MonoTime asked, MonoTime now);

  /// Nothing until the hub was heard in this life of the program. Never goes back.
  std::optional<UtcTime> now(MonoTime now);
  /// Not later than the hub's clock.
  [[nodiscard]] UtcTime floor() const { return floor_; }

 private:
  UtcTime floor_;
  struct Anchor {
    UtcTime hub;
    MonoTime at;
  };
  std::optional<Anchor> anchor_;
};

}  // namespace cairn::sync
