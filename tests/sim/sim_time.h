#pragma once
// Virtual time: one queue of things to come for the whole world, run in order by one thread. An
// endpoint that crashes loses everything it had planned.

#include "core/base/executor.h"
#include "core/base/time.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace cairn::sim {

/// Thrown where the power goes off; caught by Timeline::run_one()'s caller.
struct PowerCut {
  int endpoint = 0;
};

class Timeline {
 public:
  using Task = std::function<void()>;

  [[nodiscard]] MonoTime now() const { return now_; }
  void at(MonoTime when, Task task) { queue_.emplace(std::pair(when, ++order_), std::move(task)); }

  /// Runs the next task; false when nothing is left before `until` (time then stands there).
  bool run_one(MonoTime until) {
    const auto next = queue_.begin();
    if (next == queue_.end() || next->first.first > until) {
      now_ = until;
      return false;
    }
    now_ = next->first.first;
    const Task task = std::move(next->second);
    queue_.erase(next);
    task();
    return true;
  }

 private:
  MonoTime now_{1'000'000};
  std::uint64_t order_ = 0;
  std::map<std::pair<MonoTime, std::uint64_t>, Task> queue_;
};

/// One endpoint's clock: world time plus its own error.
class SimClock final : public Clock {
 public:
  SimClock(const Timeline& timeline, Duration skew) : timeline_(&timeline), skew_(skew) {}
  [[nodiscard]] UtcTime utc_now() const override {
    return {1'790'000'000'000'000 + timeline_->now().us + skew_.count()};
  }
  [[nodiscard]] MonoTime mono_now() const override { return timeline_->now(); }
  /// Somebody, or a dead battery, sets the date.
  void jump(Duration by) { skew_ += by; }

 private:
  const Timeline* timeline_;
  Duration skew_;
};

/// One life of an endpoint's loop. Dropping it drops what it planned.
class SimExecutor final : public Executor {
 public:
  explicit SimExecutor(Timeline& timeline) : timeline_(&timeline) {}

  Result<void> post(Task task) override {
    plan(timeline_->now(), std::move(task));
    return {};
  }
  TimerId after(Duration delay, Task task) override {
    const TimerId id{++timers_};
    plan(timeline_->now() + delay, [this, id, task = std::move(task)] {
      if (cancelled_.erase(id) == 0) task();
    });
    return id;
  }
  void cancel(TimerId timer) override { cancelled_.insert(timer); }
  [[nodiscard]] bool in_loop() const override { return true; }

 private:
  void plan(MonoTime when, Task task) {
    // shared: the timeline outlives this life; a dead life's tasks do nothing
    timeline_->at(when, [alive = std::weak_ptr<int>(alive_), task = std::move(task)] {
      if (!alive.expired()) task();
    });
  }

  Timeline* timeline_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  std::uint64_t timers_ = 0;
  std::set<TimerId> cancelled_;
};

}  // namespace cairn::sim
