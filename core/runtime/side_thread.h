#pragma once
// A thread beside the loop for one long task at a time, e.g. reading a file back. It tells nobody
// when it is done: the loop looks. Loop only.

#include <functional>
#include <thread>
#include <utility>

namespace cairn::runtime {

class SideThread {
 public:
  /// Waits for the task before. The task must not throw.
  void run(std::function<void()> task) { thread_ = std::jthread(std::move(task)); }

 private:
  std::jthread thread_;  ///< its end waits for the task's
};

}  // namespace cairn::runtime
