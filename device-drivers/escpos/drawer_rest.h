#pragma once
// Keeps the coil of a cash drawer from burning: an impulse only when the one before it is over and
// the coil was off for long enough. Pure, one thread.

#include "core/base/time.h"
#include "device-drivers/escpos/encoder.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace cairn::devices {

class DrawerRest {
 public:
  explicit DrawerRest(const DrawerPulse& pulse)
      : rest_(std::chrono::milliseconds(
            std::max(pulse.on_ms + pulse.off_ms, pulse.on_ms * kOnShareOf))) {}

  /// An impulse may be given.
  [[nodiscard]] bool is_over(MonoTime now) const { return !last_ || now >= *last_ + rest_; }
  /// One was given, or may have been.
  void given(MonoTime now) { last_ = now; }

 private:
  /// Coils stand being on a fifth of the time (Epson TM-T88, "Drawer kick-out connector").
  static constexpr int kOnShareOf = 5;

  const Duration rest_;
  std::optional<MonoTime> last_;
};

}  // namespace cairn::devices
