#pragma once
// What a driver of sync needs around it: a replica, its writer, a loop in virtual time, a bus.

#include "core/base/env.h"
#include "core/storage/writer.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"
#include "tests/sync/support/fake_bus.h"

#include <string>
#include <vector>

namespace cairn::sync::test {

struct Machine {
  explicit Machine(const storage::Identity& identity, const std::string& path = ":memory:")
      : store(identity, path) {}

  sim::Timeline timeline;
  sim::SimClock clock{timeline, Duration(0)};
  sim::SimRandom random{1};
  sim::SimExecutor executor{timeline};
  storage::test::RecordingLog log;
  Metrics metrics;
  storage::test::Store store;
  std::vector<Error> fatal;
  storage::Writer writer{store.replica(), executor, clock, metrics,
                         [this](const Error& error) { fatal.push_back(error); }};
  FakeBus bus;

  Env env() { return {clock, random, executor, log, metrics}; }
  storage::Replica& replica() { return store.replica(); }

  /// Runs what is due now.
  void run() { run_for(Duration(0)); }
  void run_for(Duration duration) {
    const MonoTime end = timeline.now() + duration;
    while (timeline.run_one(end)) {
    }
  }
  /// Writes own events through the writer, as a program does.
  void write(const storage::Writer::Job<EventRef>& job) {
    writer.submit<EventRef>(job, [](const Result<EventRef>& written) {
      CAIRN_ASSERT(written.has_value(), "a test's own event is written");
    });
    run();
  }
};

}  // namespace cairn::sync::test
