#pragma once
// The core loop of a program: one thread owns all state and does one thing after the other, so that
// nothing below it needs a lock. Built in a composition root; everybody else sees the Executor
// port.
//
// A task must not throw (the process ends) and must not block: everything else waits behind it.
// Metrics: loop_queue_depth (sampled), loop_task_ms (only tasks and timers of 1 ms and longer).

#include "core/base/executor.h"
#include "core/base/metrics.h"
#include "core/base/time.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

namespace cairn::runtime {

class EventLoop final : public Executor {
 public:
  static constexpr std::size_t kDefaultCapacity = 4096;

  /// `capacity`: how many tasks may wait before other threads are refused.
  EventLoop(const Clock& clock, Metrics& metrics, std::size_t capacity = kDefaultCapacity);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop() override;

  /// Runs tasks and timers in the calling thread until stop(). Once in the life of a loop.
  void run();

  /// Lets run() return once the queue is empty: what is queued still runs, and so does what those
  /// tasks post; timers are dropped and other threads refused. Any thread, more than once.
  void stop();

  /// Errors: kUnavailable "loop_full", "loop_stopped" (never for the loop's own thread).
  [[nodiscard]] Result<void> post(Task task) override;
  TimerId after(Duration delay, Task task) override;
  void cancel(TimerId timer) override;
  /// True only inside run(): what has to happen on the loop at start is posted.
  [[nodiscard]] bool in_loop() const override;

 private:
  using TimerKey = std::pair<MonoTime, TimerId>;  // the id keeps equal times in order of creation

  std::optional<Task> next();
  std::optional<Task> take_timer();
  Task take_task();
  void sleep(std::unique_lock<std::mutex>& lock);
  void sample_depth(std::size_t depth);
  void run_measured(const Task& task);

  const Clock& clock_;
  Metrics& metrics_;
  const std::size_t capacity_;
  std::atomic<std::thread::id> loop_thread_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> queue_;
  bool stopping_ = false;

  // Loop only.
  std::map<TimerKey, Task> timers_;
  std::unordered_map<TimerId, MonoTime> due_;
  std::uint64_t timers_made_ = 0;
  bool timer_ran_last_ = false;
  std::size_t reported_depth_ = 0;
  MonoTime depth_reported_at_;
};

}  // namespace cairn::runtime
