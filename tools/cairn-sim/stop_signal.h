#pragma once
// Ctrl-C and friends as something to wait for, so that the program always gets to put its links
// away.

#include "core/base/result.h"
#include "core/base/time.h"

namespace cairn::simulator {

/// From construction on SIGINT, SIGTERM and SIGHUP no longer end the process by themselves, and a
/// closed output is an error of write(2), not a signal. Make it first, on the main thread.
class StopSignal {
 public:
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  /// The program has to end.
  [[nodiscard]] bool is_raised() const;

  /// Tells the program to end, as a signal does. Any thread.
  void raise() const;

  /// Waits until the program has to end.
  void wait() const;

  /// Lets time pass. Errors: kUnavailable "stopped", at once, when the program has to end.
  [[nodiscard]] Result<> pause(Duration duration) const;

  /// Waits until `fd` can be read (or is at its end) or the program has to end.
  void wait_readable(int fd) const;

 private:
  int fd_;
};

}  // namespace cairn::simulator
