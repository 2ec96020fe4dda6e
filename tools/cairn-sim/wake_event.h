#pragma once
// Wakes a device's thread out of poll(2), because something was done to the device. wake(): any
// thread; the rest: the thread that is woken.

#include "core/runtime/unique_fd.h"

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

}  // namespace cairn::simulator
