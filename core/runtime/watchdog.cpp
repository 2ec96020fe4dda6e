#include "core/runtime/watchdog.h"

#include <cstdlib>

namespace cairn::runtime {

Watchdog::Watchdog(Log& log, const std::string& what, std::chrono::seconds within, int status)
    : thread_([this, &log, what, within, status] {
        std::unique_lock lock(mutex_);
        if (told_.wait_for(lock, within, [this] { return in_time_; })) return;
        log.error(what);
        std::_Exit(status);
      }) {}

Watchdog::~Watchdog() {
  in_time();
  thread_.join();
}

void Watchdog::in_time() {
  {
    const std::scoped_lock lock(mutex_);
    in_time_ = true;
  }
  told_.notify_all();
}

}  // namespace cairn::runtime
