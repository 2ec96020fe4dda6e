#pragma once
// Wakes a device's thread out of poll(2), because something was done to the device. wake(): any
// thread; the rest: the thread that is woken.

#include "core/base/time.h"
#include "core/runtime/unique_fd.h"

#include <optional>

namespace cairn::simulator {

class WakeEvent {
 public:
  WakeEvent();

  void wake() const;
  /// Forgets the wake-ups so far.
  void clear() const;
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  runtime::UniqueFd event_;  // an eventfd
};

/// How long poll(2) has to wait until then, in ms, rounded up, so that it does not wake just before
/// the time and spin; below 0: for ever.
int poll_ms(std::optional<MonoTime> due, MonoTime now);

}  // namespace cairn::simulator
