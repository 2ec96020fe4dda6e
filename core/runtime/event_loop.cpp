#include "core/runtime/event_loop.h"

#include "core/base/assert.h"

#include <algorithm>
#include <chrono>

namespace cairn::runtime {
namespace {

using std::chrono::milliseconds;

constexpr Duration kSlowTask = milliseconds(1);
constexpr Duration kDepthInterval = milliseconds(100);

}  // namespace

EventLoop::EventLoop(const Clock& clock, Metrics& metrics, std::size_t capacity)
    : clock_(clock), metrics_(metrics), capacity_(capacity) {}

EventLoop::~EventLoop() {
  CAIRN_ASSERT(loop_thread_.load() == std::thread::id{}, "run() must return before the loop dies");
}

void EventLoop::run() {
  CAIRN_ASSERT(loop_thread_.load() == std::thread::id{}, "one thread runs the loop");
  loop_thread_ = std::this_thread::get_id();
  while (const auto task = next()) run_measured(*task);
  timers_.clear();
  due_.clear();
  loop_thread_ = std::thread::id{};
}

void EventLoop::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
}

Result<void> EventLoop::post(Task task) {
  const bool own = in_loop();
  {
    const std::scoped_lock lock(mutex_);
    if (!own && stopping_) {
      return fail(ErrorCode::kUnavailable, "loop_stopped",
                  "the program is stopping; nothing was changed, try again in a moment");
    }
    if (!own && queue_.size() >= capacity_) {
      return fail(ErrorCode::kUnavailable, "loop_full",
                  "too much work is waiting; nothing was changed, try again in a moment");
    }
    queue_.push_back(std::move(task));
  }
  if (!own) wake_.notify_one();
  return {};
}

EventLoop::TimerId EventLoop::after(Duration delay, Task task) {
  CAIRN_ASSERT(in_loop(), "timers belong to the loop");
  const TimerId id{++timers_made_};
  const MonoTime due = clock_.mono_now() + std::max(delay, Duration::zero());
  timers_.emplace(TimerKey{due, id}, std::move(task));
  due_.emplace(id, due);
  return id;
}

void EventLoop::cancel(TimerId timer) {
  CAIRN_ASSERT(in_loop(), "timers belong to the loop");
  const auto found = due_.find(timer);
  if (found == due_.end()) return;
  timers_.erase({found->second, timer});
  due_.erase(found);
}

bool EventLoop::in_loop() const { return loop_thread_.load() == std::this_thread::get_id(); }

/// Blocks until there is something to do; nothing once the loop is stopped and drained. Tasks and
/// due timers take turns, so that neither a flood of posts nor a timer that re-arms itself starves
/// the other.
std::optional<EventLoop::Task> EventLoop::next() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!stopping_ && (queue_.empty() || !timer_ran_last_)) {
      if (auto timer = take_timer()) return timer;
    }
    if (!queue_.empty()) return take_task();
    if (stopping_) return std::nullopt;
    sleep(lock);
  }
}

/// The first timer if it is due.
std::optional<EventLoop::Task> EventLoop::take_timer() {
  if (timers_.empty() || timers_.begin()->first.first > clock_.mono_now()) return std::nullopt;
  auto first = timers_.extract(timers_.begin());
  due_.erase(first.key().second);
  timer_ran_last_ = true;
  return std::move(first.mapped());
}

EventLoop::Task EventLoop::take_task() {
  sample_depth(queue_.size());
  Task task = std::move(queue_.front());
  queue_.pop_front();
  timer_ran_last_ = false;
  return task;
}

void EventLoop::sleep(std::unique_lock<std::mutex>& lock) {
  if (reported_depth_ != 0) {  // nothing will sample again before there is work
    metrics_.gauge("loop_queue_depth", 0);
    reported_depth_ = 0;
  }
  if (timers_.empty()) {
    wake_.wait(lock);
    return;
  }
  const Duration left = timers_.begin()->first.first - clock_.mono_now();
  if (left > Duration::zero()) wake_.wait_for(lock, left);
}

/// A gauge costs a lock and a look-up, too much for every task.
void EventLoop::sample_depth(std::size_t depth) {
  const MonoTime now = clock_.mono_now();
  if (now - depth_reported_at_ < kDepthInterval) return;
  metrics_.gauge("loop_queue_depth", static_cast<std::int64_t>(depth));
  reported_depth_ = depth;
  depth_reported_at_ = now;
}

void EventLoop::run_measured(const Task& task) {
  const MonoTime started = clock_.mono_now();
  task();
  const Duration took = clock_.mono_now() - started;
  if (took < kSlowTask) return;
  metrics_.observe_ms("loop_task_ms", static_cast<double>(took.count()) / 1000);
}

}  // namespace cairn::runtime
