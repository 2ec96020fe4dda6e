#include "core/program/log_fold.h"

#include "core/storage/folded_log.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"
#include "tests/support/catch.h"

#include <algorithm>

namespace cairn::program::log_fold_test {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

FoldConfig config(Duration after) {
  FoldConfig config;
  config.rule.after = after;
  config.rule.records = 10;
  config.rule.confirmed_only = false;
  return config;
}

/// A log of forty records, two hours old, and what folds it.
struct Machine {
  explicit Machine(Duration after)
      : fold({clock, random, executor, store.log, metrics}, writer, config(after),
             [this](storage::Connection&) {
               return [this](const storage::Author& author) { return std::min(safe, author.head); };
             }) {
    for (int i = 0; i < 40; ++i) {
      store.append(domain::StockEvent(storage::test::moved("A1", "", "B-1", 1000)), {},
                   storage::test::site("store"));
    }
    store.clock.advance(hours(2));
    REQUIRE(fold.start());
  }
  void pass(Duration time) {
    const MonoTime until = timeline.now() + time;
    while (timeline.run_one(until)) {
    }
  }
  /// Somebody does something.
  void work() {
    writer.submit<bool>(
        [](storage::UnitOfWork& job) -> Result<bool> {
          const auto moved = storage::test::moved("A1", "", "B-1", 1000);
          const auto done =
              job.record({domain::StockEvent(moved), {}, storage::test::site("store"), {}, {}, {}});
          if (!done) return fail(done.error());
          return true;
        },
        [](const Result<bool>&) {});
  }
  std::uint64_t folded() { return storage::folded_totals(store.connection()).records; }

  sim::Timeline timeline;
  sim::SimClock clock{timeline, Duration(0)};
  sim::SimExecutor executor{timeline};
  sim::SimRandom random{1};
  Metrics metrics;
  storage::test::Store store{storage::test::hub_identity(storage::test::node(77))};
  storage::Writer writer{store.replica(), executor, clock, metrics, [](const Error&) {}};
  std::uint64_t safe = 1000;
  LogFold fold;
};

TEST_CASE("log fold: one segment after the other, once nobody works", "[program][folding]") {
  Machine machine(hours(1));
  machine.pass(milliseconds(1900));
  CHECK(machine.folded() == 0);
  machine.pass(milliseconds(200));
  CHECK(machine.folded() == 10);
  machine.pass(milliseconds(500));
  CHECK(machine.folded() == 20);
  machine.pass(seconds(5));
  CHECK(machine.folded() == 30);
}

TEST_CASE("log fold: work goes first, for a minute", "[program][folding]") {
  Machine machine(hours(1));
  for (int i = 0; i < 50; ++i) {
    machine.work();
    machine.pass(seconds(1));
  }
  CHECK(machine.folded() == 0);
  for (int i = 0; i < 30; ++i) {
    machine.work();
    machine.pass(seconds(1));
  }
  CHECK(machine.folded() > 0);
}

// Seen by whoever watches the process, once: a round every few minutes would fill its log.
TEST_CASE("log fold: what cannot fold is said once", "[program][folding]") {
  Machine machine(hours(1));
  machine.store.connection().execute(
      "UPDATE event_log SET record = CAST(record || x'00' AS BLOB) WHERE seq = 13");
  machine.pass(hours(1));
  CHECK(machine.folded() == 10);
  const auto samples = machine.metrics.samples();
  const auto said = std::ranges::find(samples, "log_runs_unfoldable_total", &Metrics::Sample::name);
  REQUIRE(said != samples.end());
  CHECK(said->value == "1");
}

TEST_CASE("log fold: a person begins it, for what is safe", "[program][folding]") {
  Machine machine(hours(1000));
  machine.safe = 25;
  machine.pass(seconds(30));
  CHECK(machine.folded() == 0);
  machine.fold.begin(Duration(0));
  machine.pass(seconds(5));
  CHECK(machine.folded() == 20);
  machine.safe = 1000;
  machine.pass(hours(1));
  CHECK(machine.folded() == 20);
}

TEST_CASE("log fold: where room is short, a week is old", "[program][folding]") {
  Machine machine(hours(24 * 14));
  bool is_short = false;
  machine.fold.ask_for_room([&is_short] { return is_short; });
  machine.store.clock.advance(hours(24 * 8));
  machine.pass(hours(1));
  CHECK(machine.folded() == 0);
  is_short = true;
  machine.pass(hours(1));
  CHECK(machine.folded() == 30);
}

}  // namespace
}  // namespace cairn::program::log_fold_test
