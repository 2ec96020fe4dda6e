#include "tools/cairn-sim/wake_event.h"

#include "core/base/assert.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>

namespace cairn::simulator {

WakeEvent::WakeEvent() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CAIRN_ASSERT(event_.valid(), "no file descriptors left");
}

void WakeEvent::wake() const {
  CAIRN_ASSERT(::eventfd_write(fd(), 1) == 0, "an eventfd takes a one");
}

void WakeEvent::clear() const {
  eventfd_t count = 0;
  ::eventfd_read(fd(), &count);  // fails if there was none, and that is fine
}

int poll_ms(std::optional<MonoTime> due, MonoTime now) {
  constexpr int kForEver = -1;
  if (!due) return kForEver;
  const Duration left = std::max(*due - now, Duration::zero());
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

}  // namespace cairn::simulator
