#pragma once
// Tasks on a thread of their own, one after the other, in the order given.

#include "core/base/bounded_queue.h"

#include <functional>
#include <thread>

namespace cairn::runtime {

class WorkerThread {
 public:
  using Task = std::function<void()>;

  explicit WorkerThread(std::size_t capacity);
  /// Waits for the running task; those after it are dropped.
  ~WorkerThread();
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  /// False when `capacity` tasks wait already. Any thread.
  [[nodiscard]] bool post(Task task) { return tasks_.push(std::move(task)); }

 private:
  void run();

  BoundedQueue<Task> tasks_;
  std::thread thread_;
};

}  // namespace cairn::runtime
