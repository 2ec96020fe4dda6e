#pragma once
// Signals as ordinary calls: a handler may do next to nothing, a thread may do anything. Built
// first in main(), before any other thread, so that every thread inherits the blocked signals.

#include <signal.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <thread>

namespace cairn::runtime {

enum class Signal : std::uint8_t {
  kInterrupt,  ///< SIGINT: somebody pressed Ctrl-C.
  kTerminate,  ///< SIGTERM: the supervisor wants us to stop.
  kHangup,     ///< SIGHUP: read certificates and log files again, or stop, as the program likes.
};

/// Its name, as the kernel and people write it.
std::string_view word(Signal signal);

class Signals {
 public:
  /// Blocks the three in the calling thread, ignores SIGPIPE, and from now on calls `callback` in a
  /// thread of its own, one signal after the other.
  explicit Signals(std::function<void(Signal)> callback);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  /// Waits for a callback that runs, then unblocks what was not blocked before. Not from the
  /// callback.
  ~Signals();

 private:
  void run();

  const std::function<void(Signal)> callback_;
  sigset_t blocked_{};
  sigset_t before_{};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace cairn::runtime
