#pragma once
// What every long-running program does around its core: run the loop until a signal or a fatal
// error, and know whether the loop still turns. Main thread.

#include "core/base/env.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/signals.h"

#include <atomic>
#include <functional>
#include <string>
#include <utility>

namespace cairn::program {

/// Exit statuses (sysexits.h): a supervisor restarts on the second, not on the first.
inline constexpr int kExitConfig = 78;
inline constexpr int kExitTemporary = 75;

class Process {
 public:
  Process(runtime::EventLoop& loop, const Clock& clock, Log& log)
      : loop_(&loop), clock_(&clock), log_(&log) {}

  /// Runs the loop until stop() or fail(). Returns the exit status.
  int run();
  /// To be done on the loop when the process is to end in order; what it posts is done, too. Before
  /// run().
  void before_stop(std::function<void()> what) { before_stop_ = std::move(what); }
  /// Any thread.
  void stop();
  /// Somebody wants it to end; the log says by which signal. Any thread.
  void stop(runtime::Signal signal);
  /// Ends the process so that its supervisor starts it anew. Any thread.
  void fail(const Error& error);
  /// Ends the process in order, so that its supervisor starts it anew. Any thread.
  void restart();
  /// The loop turned within the last seconds. Any thread.
  [[nodiscard]] bool alive() const;

 private:
  void beat();

  runtime::EventLoop* loop_;
  const Clock* clock_;
  Log* log_;
  std::function<void()> before_stop_ = [] {};
  std::atomic<int> exit_status_ = 0;
  std::atomic<std::int64_t> last_beat_us_ = 0;
};

}  // namespace cairn::program
