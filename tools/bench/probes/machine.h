#pragma once
// What a program has around its database, with the machine's own clock: a loop on a thread of its
// own, a replica, and the gate through which it is written.

#include "core/base/env.h"
#include "core/program/database.h"
#include "core/runtime/event_loop.h"
#include "core/runtime/system_clock.h"
#include "core/runtime/system_random.h"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace cairn::bench {

/// The machine of one probe. The loop runs from run() to stop().
class Machine {
 public:
  Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() { stop(); }

  Env env() { return {clock_, random_, loop_, log_, metrics_}; }
  const Clock& clock() { return clock_; }
  runtime::EventLoop& loop() { return loop_; }

  void run();
  void stop();
  /// Runs `task` on the loop and waits for its end.
  void on_loop(const std::function<void()>& task);

 private:
  runtime::SystemClock clock_;
  runtime::SystemRandom random_;
  NullLog log_;
  Metrics metrics_;
  runtime::EventLoop loop_{clock_, metrics_};
  std::thread thread_;
};

storage::Identity site_identity(NodeId node, const SiteId& site);
storage::Identity hub_identity(NodeId node);

/// The database of a probe in `file`, as a program would open it; a failed commit ends the process.
std::unique_ptr<program::Database> open_database(Machine& machine, const std::string& file,
                                                 const storage::Identity& identity);
/// One transaction before the loop runs.
void write(program::Database& database, const std::function<void(storage::Replica&)>& work);

/// Microseconds that `work` takes.
double us_of(const Clock& clock, const std::function<void()>& work);

/// The value of what cannot fail here; the process ends if it does.
inline void must(const Result<>& ok) {
  if (ok) return;
  std::fputs((ok.error().message + "\n").c_str(), stderr);
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) must(Result<>(fail(result.error())));
  return *std::move(result);
}

}  // namespace cairn::bench
