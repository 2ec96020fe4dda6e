#include "core/runtime/signals.h"

#include "core/base/assert.h"

#include <utility>

namespace cairn::runtime {
namespace {

Signal signal_of(int number) {
  switch (number) {
    case SIGINT:
      return Signal::kInterrupt;
    case SIGHUP:
      return Signal::kHangup;
    default:
      return Signal::kTerminate;
  }
}

}  // namespace

std::string_view word(Signal signal) {
  switch (signal) {
    case Signal::kInterrupt:
      return "SIGINT";
    case Signal::kTerminate:
      return "SIGTERM";
    case Signal::kHangup:
      return "SIGHUP";
  }
  return "?";
}

Signals::Signals(std::function<void(Signal)> callback) : callback_(std::move(callback)) {
  sigemptyset(&blocked_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&blocked_, number);
  const int failed = pthread_sigmask(SIG_BLOCK, &blocked_, &before_);
  CAIRN_ASSERT(failed == 0, "blocking signals needs no permission");
  // A peer that closes its end is an error of one write, not the end of the process.
  ::signal(SIGPIPE, SIG_IGN);
  thread_ = std::thread([this] { run(); });
}

Signals::~Signals() {
  stopping_ = true;
  pthread_kill(thread_.native_handle(), SIGHUP);  // only to wake it
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Signals::run() {
  for (;;) {
    int number = 0;
    if (sigwait(&blocked_, &number) != 0) continue;
    if (stopping_) return;
    callback_(signal_of(number));
  }
}

}  // namespace cairn::runtime
