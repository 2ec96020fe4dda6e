#pragma once
// What HTTP handlers stand on: a database that is written at one place and read at others. The loop
// turns whenever somebody waits for it, on the thread that waits.

#include "core/base/env.h"
#include "core/storage/read_pool.h"
#include "core/storage/writer.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/sim_random.h"

#include <deque>
#include <utility>

namespace cairn::program::test {

/// Runs what is posted before post() returns, in order; its timers never fire.
class InlineExecutor final : public Executor {
 public:
  Result<void> post(Task task) override {
    tasks_.push_back(std::move(task));
    if (turning_) return {};
    turning_ = true;
    while (!tasks_.empty()) {
      const Task next = std::move(tasks_.front());
      tasks_.pop_front();
      next();
    }
    turning_ = false;
    return {};
  }
  TimerId after(Duration, Task) override { return TimerId{0}; }
  void cancel(TimerId) override {}
  [[nodiscard]] bool in_loop() const override { return turning_; }

 private:
  std::deque<Task> tasks_;
  bool turning_ = false;
};

/// A hub's database on disk, since readers open it by its path.
struct Desk {
  storage::test::TempFolder folder;
  storage::test::Store store{storage::test::hub_identity(storage::test::node(77)),
                             folder.file("hub.sqlite")};
  storage::ReadPool readers{folder.file("hub.sqlite"), 2};
  InlineExecutor executor;
  sim::SimRandom random{1};
  Metrics metrics;
  storage::Writer writer{store.replica(), executor, store.clock, metrics, [](const Error&) {}};

  Env env() { return {store.clock, random, executor, store.log, metrics}; }
};

}  // namespace cairn::program::test
