#pragma once
// Port of the core loop: one thread that owns all state. Programs run core/runtime's EventLoop,
// tests and the simulator a virtual one.

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <functional>

namespace cairn {

class Executor {
 public:
  using Task = std::function<void()>;
  enum class TimerId : std::uint64_t {};

  virtual ~Executor() = default;

  /// Runs `task` on the loop, after everything posted before. Any thread.
  /// Errors: kUnavailable "loop_full" (bounded queue; a task posted by the loop itself always
  /// fits).
  virtual Result<void> post(Task task) = 0;
  /// Runs `task` on the loop once, `delay` from now. Loop only.
  virtual TimerId after(Duration delay, Task task) = 0;
  /// The timer will not fire any more. Loop only; unknown and fired ids are ignored.
  virtual void cancel(TimerId timer) = 0;
  /// True on the loop's own thread.
  [[nodiscard]] virtual bool in_loop() const = 0;
};

}  // namespace cairn
