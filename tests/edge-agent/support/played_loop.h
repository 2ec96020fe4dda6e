#pragma once
// The loop of a desk, without a thread or a wall clock.

#include "core/base/executor.h"
#include "core/base/time.h"
#include "tests/core/storage/support/store.h"

#include <cstdint>
#include <deque>
#include <map>
#include <utility>

namespace cairn::agent::test {

/// A loop that turns when the test says so, and takes nothing from outside while it is full.
class PlayedLoop final : public Executor {
 public:
  explicit PlayedLoop(storage::test::TestClock& clock) : clock_(clock) {}

  Result<void> post(Task task) override {
    if (full && !turning_) return fail(ErrorCode::kUnavailable, "loop_full", "it is full");
    tasks_.push_back(std::move(task));
    return {};
  }
  TimerId after(Duration delay, Task task) override {
    timers_.emplace(clock_.mono_now() + delay, std::move(task));
    return TimerId{++timers_made_};
  }
  void cancel(TimerId) override {}
  [[nodiscard]] bool in_loop() const override { return turning_; }

  /// Runs what is there, and what comes of it.
  void turn() {
    turning_ = true;
    while (!tasks_.empty()) {
      const Task task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
    turning_ = false;
  }
  void run(Task task) {
    tasks_.push_back(std::move(task));
    turn();
  }
  /// Time passes, and nothing else happens.
  void pass(Duration duration) {
    clock_.advance(duration);
    while (!timers_.empty() && timers_.begin()->first <= clock_.mono_now()) {
      const Task task = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      run(task);
    }
  }
  [[nodiscard]] bool waits() const { return !timers_.empty(); }

  bool full = false;

 private:
  storage::test::TestClock& clock_;
  std::deque<Task> tasks_;
  std::multimap<MonoTime, Task> timers_;
  std::uint64_t timers_made_ = 0;
  bool turning_ = false;
};

}  // namespace cairn::agent::test
