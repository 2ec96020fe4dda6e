#include "core/program/process.h"

#include "core/base/assert.h"

namespace cairn::program {
namespace {

constexpr Duration kBeat = std::chrono::seconds(1);
constexpr Duration kSilent = std::chrono::seconds(5);

}  // namespace

int Process::run() {
  last_beat_us_ = clock_->mono_now().us;
  const auto posted = loop_->post([this] { beat(); });
  CAIRN_ASSERT(posted.has_value(), "an idle loop takes its first task");
  loop_->run();
  return exit_status_;
}

void Process::beat() {
  last_beat_us_ = clock_->mono_now().us;
  loop_->after(kBeat, [this] { beat(); });
}

void Process::stop() {
  const auto posted = loop_->post([this] {
    before_stop_();
    loop_->stop();
  });
  if (!posted) loop_->stop();
}

void Process::stop(runtime::Signal signal) {
  log_->info("stopping", {{"signal", std::string(runtime::word(signal))}});
  stop();
}

void Process::fail(const Error& error) {
  log_->error("fatal", {{"reason", error.reason}, {"message", error.message}});
  exit_status_ = kExitTemporary;
  loop_->stop();
}

void Process::restart() {
  log_->info("restarting");
  exit_status_ = kExitTemporary;
  stop();
}

bool Process::alive() const { return Duration(clock_->mono_now().us - last_beat_us_) < kSilent; }

}  // namespace cairn::program
