#include "core/runtime/system_clock.h"

namespace cairn::runtime {

UtcTime SystemClock::utc_now() const {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return UtcTime{std::chrono::duration_cast<Duration>(since_epoch).count()};
}

MonoTime SystemClock::mono_now() const {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return MonoTime{std::chrono::duration_cast<Duration>(since_boot).count()};
}

}  // namespace cairn::runtime
