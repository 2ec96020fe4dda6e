#pragma once
// Ends the process when something has not come to its end in time: a program that hangs does not
// end by itself. Its supervisor starts it again. The agent has one while it tries a configuration
// out.

#include "core/base/log.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace cairn::runtime {

class Watchdog {
 public:
  /// `what`: the event that is logged before the end. `status`: the exit status then.
  Watchdog(Log& log, const std::string& what, std::chrono::seconds within, int status);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

  /// Nothing is ended any more. Any thread.
  void in_time();

 private:
  std::mutex mutex_;  ///< guards in_time_
  std::condition_variable told_;
  bool in_time_ = false;
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace cairn::runtime
