#pragma once
// The thread of a driver that is given jobs: one after the other in order, and between them a look
// at the device.

#include "core/base/time.h"
#include "device-drivers/wire/waker.h"

#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace cairn::devices {

template <class Job>
class JobThread {
 public:
  /// Called on the thread, one at a time.
  struct Work {
    virtual ~Work() = default;
    virtual void work_on(const Job& job) = 0;
    virtual void look() = 0;
    /// The device has come or gone since the last call: time for a look.
    virtual bool has_changed() { return false; }
    /// The thread ends before this one.
    virtual void give_back(const Job& job) = 0;
  };

  static constexpr std::size_t kJobsMost = 64;

  /// Starts the thread, with a look. `news` is woken by add(), and by whoever knows that
  /// has_changed(). Work, news and clock must outlive it.
  JobThread(Work& work, const Waker& news, Duration look_every, const Clock& clock)
      : work_(work), news_(news), look_every_(look_every), clock_(clock) {
    thread_ = std::thread([this] { run(); });
  }
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;
  /// A job under way is ended by stop().
  ~JobThread() {
    stopping_ = true;
    stop_.wake();
    news_.wake();
    thread_.join();
  }

  /// False: there are kJobsMost already. Any thread.
  bool add(Job job) {
    {
      const std::scoped_lock lock(mutex_);
      if (jobs_.size() >= kJobsMost) return false;
      jobs_.push_back(std::move(job));
    }
    news_.wake();
    return true;
  }

  /// Woken once, when the thread has to end.
  [[nodiscard]] const Waker& stop() const { return stop_; }
  [[nodiscard]] bool is_stopping() const { return stopping_; }

 private:
  void run() {
    MonoTime next_look = clock_.mono_now();
    while (!stopping_) {
      if (const auto job = next()) {
        work_.work_on(*job);
        continue;
      }
      if (work_.has_changed() || clock_.mono_now() >= next_look) {
        work_.look();
        next_look = clock_.mono_now() + look_every_;
      }
      wait_for(news_, next_look - clock_.mono_now());
      news_.clear();
    }
    while (const auto job = next()) work_.give_back(*job);
  }

  std::optional<Job> next() {
    const std::scoped_lock lock(mutex_);
    if (jobs_.empty()) return std::nullopt;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  Work& work_;
  const Waker& news_;
  const Duration look_every_;
  const Clock& clock_;
  const Waker stop_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // guards jobs_
  std::deque<Job> jobs_;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace cairn::devices
