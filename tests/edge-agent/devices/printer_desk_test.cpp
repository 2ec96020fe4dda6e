#include "edge-agent/devices/printer_desk.h"

#include "core/storage/writer.h"
#include "tests/edge-agent/support/device.h"
#include "tests/edge-agent/support/played_loop.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::agent::printer_desk_test {
namespace {

using namespace test;
using devices::PrintResult;
using domain::LabelStatus;
using Outcome = PrintResult::Outcome;

/// Tells what it is given at the moment it is given it.
class PlayedPrinter final : public devices::Printer {
 public:
  using Given = std::function<void(const devices::PrintJob&)>;
  explicit PlayedPrinter(Given given) : given_(std::move(given)) {}
  Result<> print(devices::PrintJob job) override {
    given_(job);
    return {};
  }

 private:
  Given given_;
};

/// Group 1 has three packages of one A1, and the printer "zebra" takes whatever it is given.
struct Bench : Device {
  Bench() {
    grant(1, 9);
    allocate(1, {{1, "A1", 3}});
    picked(1, 1, 3);
    for (int i = 0; i < 3; ++i) packages.push_back(packed(1, 1, 1));
    REQUIRE(desk.open());
  }

  /// As a request to print a label does; all of them in one commit.
  void print(const std::vector<std::size_t>& which) {
    loop.run([this, &which] {
      for (const std::size_t one : which) {
        // shared: between the job and what follows its commit
        auto order = std::make_shared<LabelOrder>();
        writer.submit<bool>(
            [this, one, order](UnitOfWork& work) -> Result<bool> {
              auto started = start_label(work, group_id(1), packages[one], "zebra",
                                         desk.is_busy("zebra"), kBench1);
              if (!started) return fail(started.error());
              *order = *std::move(started);
              return true;
            },
            [this, order](const Result<bool>& done) {
              REQUIRE(done);
              desk.print("zebra", *order);
            });
      }
    });
  }
  void pause(bool on) {
    loop.run([this, on] { desk.pause("zebra", on); });
  }
  /// The printer's thread says how its last label ended.
  void ends(Outcome outcome = Outcome::kDone) {
    desk.on_printed({"zebra", given.back().id, outcome, ""});
    loop.turn();
  }
  LabelStatus status(std::size_t which) { return group(1).find_package(packages[which])->label; }
  /// Labels of which the next start would say that nothing was sent: only what is committed counts.
  std::string waiting() {
    return storage::test::rows_of(committed, "SELECT count(*) FROM waiting_label", 1);
  }
  /// Nothing that comes of `what` can be saved.
  void without_room(PlayedLoop::Task what) {
    connection().execute("PRAGMA max_page_count=1");
    const auto too_much = [this] {
      writer.submit<bool>(
          [](UnitOfWork& work) -> Result<bool> {
            work.connection().execute(
                "INSERT INTO meta (name, value) VALUES ('x', zeroblob(1000000))");
            return true;
          },
          [](const Result<bool>& done) { CHECK_FALSE(done); });
    };
    loop.run([&] {
      what();
      REQUIRE(loop.post(too_much));  // joins the commit of what comes of it
    });
    connection().execute("PRAGMA max_page_count=1000000");
  }
  /// The process is gone; this is what the next start says.
  GivenUp crash() {
    const auto given_up = job(give_up_unfinished_labels);
    REQUIRE(given_up);
    return *given_up;
  }
  std::string commits() {
    for (const auto& sample : metrics.samples()) {
      if (sample.name == "commit_ms_count") return sample.value;
    }
    return "0";
  }

  Env env() { return {clock, random, loop, log, metrics}; }

  std::vector<EventRef> packages;
  std::vector<devices::PrintJob> given;
  std::vector<std::string> waited_then;  // waiting(), when each was given
  storage::Connection committed = *storage::Connection::open_reader(path());
  PlayedLoop loop{clock};
  sim::SimRandom random{1};
  Metrics metrics;
  storage::Writer writer{replica(), loop, clock, metrics, [](const Error&) { FAIL("fatal"); }};
  runtime::SseHub stream{clock, metrics};
  DeviceBoard board{
      {DeviceSettings{{"zebra", "printer", "tcp://192.0.2.7:9100", "zpl"}, false, ""}},
      env(),
      stream};
  PrinterDesk desk{board, env(), writer, replica(),
                   [this](const devices::DeviceConfig&, devices::PrinterSink&,
                          const Clock&) -> Result<std::unique_ptr<devices::Printer>> {
                     return std::make_unique<PlayedPrinter>([this](const devices::PrintJob& job) {
                       given.push_back(job);
                       waited_then.push_back(waiting());
                     });
                   }};
};

TEST_CASE("printer desk: a label for a free printer costs two commits, its start and its end",
          "[agent][labels]") {
  Bench bench;
  bench.print({0});
  CHECK(bench.commits() == "1");
  REQUIRE(bench.given.size() == 1);
  CHECK(bench.waiting() == "0\n");
  bench.ends();
  CHECK(bench.commits() == "2");
  CHECK(bench.status(0) == LabelStatus::kPrinted);
}

TEST_CASE("printer desk: the end of a label and the beginning of the next are one commit",
          "[agent][labels]") {
  Bench bench;
  bench.print({0});
  bench.print({1});
  bench.print({2});
  CHECK(bench.waiting() == "2\n");
  CHECK(bench.commits() == "3");
  REQUIRE(bench.given.size() == 1);
  bench.ends();
  REQUIRE(bench.given.size() == 2);
  CHECK(bench.commits() == "4");
  bench.ends();
  bench.ends();
  CHECK(bench.commits() == "6");
  CHECK(bench.given.size() == 3);
  CHECK(bench.waited_then == std::vector<std::string>{"0\n", "1\n", "0\n"});
  for (const std::size_t which : {0U, 1U, 2U}) {
    CHECK(bench.status(which) == LabelStatus::kPrinted);
  }
}

TEST_CASE("printer desk: after a crash only what the printer had may be out", "[agent][labels]") {
  Bench bench;
  // In one commit nobody sees at its start that a label will have to wait.
  const bool at_once = GENERATE(false, true);
  CAPTURE(at_once);
  if (at_once) {
    bench.print({0, 1, 2});
  } else {
    for (const std::size_t which : {0U, 1U, 2U}) bench.print({which});
  }
  SECTION("while the first is printed") {
    const GivenUp given_up = bench.crash();
    CHECK(given_up.unknown == 1);
    CHECK(given_up.failed == 2);
    CHECK(bench.status(0) == LabelStatus::kUnknown);
    CHECK(bench.status(1) == LabelStatus::kFailed);
  }
  SECTION("while the second is printed") {
    bench.ends();
    const GivenUp given_up = bench.crash();
    CHECK(given_up.unknown == 1);
    CHECK(given_up.failed == 1);
    CHECK(bench.status(1) == LabelStatus::kUnknown);
    CHECK(bench.status(2) == LabelStatus::kFailed);
  }
}

TEST_CASE("printer desk: what a paused printer holds back was not sent, whatever happens",
          "[agent][labels]") {
  Bench bench;
  bench.pause(true);
  for (const std::size_t which : {0U, 1U}) bench.print({which});
  CHECK(bench.given.empty());
  SECTION("a crash") {
    CHECK(bench.crash().failed == 2);
    CHECK(bench.status(0) == LabelStatus::kFailed);
  }
  SECTION("it goes on") {
    bench.pause(false);
    CHECK(bench.given.size() == 1);
    const GivenUp given_up = bench.crash();
    CHECK(given_up.unknown == 1);
    CHECK(given_up.failed == 1);
  }
}

TEST_CASE("printer desk: what a full loop does not take is recorded a little later by itself",
          "[agent][labels]") {
  Bench bench;
  bench.print({0});
  bench.print({1});
  bench.loop.full = true;
  bench.ends();
  CHECK(bench.status(0) == LabelStatus::kPrinting);
  CHECK(bench.given.size() == 1);
  bench.loop.pass(std::chrono::seconds(1));
  CHECK(bench.status(0) == LabelStatus::kPrinted);
  REQUIRE(bench.given.size() == 2);
  bench.ends(Outcome::kUnknown);
  bench.loop.pass(std::chrono::seconds(1));
  CHECK(bench.status(1) == LabelStatus::kUnknown);
  // Nothing is on its way any more, so nothing is looked for.
  bench.loop.pass(std::chrono::seconds(1));
  CHECK_FALSE(bench.loop.waits());
}

TEST_CASE("printer desk: a full loop loses neither a released printer's labels nor a test",
          "[agent][labels]") {
  Bench bench;
  std::vector<bool> tested;
  bench.loop.run([&] {
    bench.desk.print_test(
        "zebra", [&tested](const Result<std::string>& how) { tested.push_back(how.has_value()); });
  });
  bench.pause(true);
  bench.print({0});
  bench.loop.full = true;
  bench.ends();
  bench.desk.release("zebra");
  CHECK(tested.empty());
  CHECK(bench.status(0) == LabelStatus::kPrinting);
  bench.loop.pass(std::chrono::seconds(1));
  CHECK(tested == std::vector<bool>{true});
  CHECK(bench.status(0) == LabelStatus::kFailed);
  CHECK(bench.waiting() == "0\n");
}

TEST_CASE("printer desk: while the disk is full nothing that waits is sent, and afterwards once",
          "[agent][labels]") {
  Bench bench;
  for (const std::size_t which : {0U, 1U}) bench.print({which});
  bench.without_room(
      [&bench] { bench.desk.on_printed({"zebra", bench.given.back().id, Outcome::kDone, ""}); });
  REQUIRE(bench.given.size() == 1);
  CHECK(bench.waiting() == "1\n");
  CHECK(bench.desk.line("zebra").waiting.size() == 1);
  SECTION("there is room again") {
    bench.loop.pass(std::chrono::seconds(1));
    REQUIRE(bench.given.size() == 2);
    CHECK(bench.waited_then.back() == "0\n");
    bench.ends();
    bench.loop.pass(std::chrono::seconds(1));
    CHECK(bench.given.size() == 2);
    CHECK(bench.status(0) == LabelStatus::kPrinted);
    CHECK(bench.status(1) == LabelStatus::kPrinted);
    CHECK_FALSE(bench.loop.waits());
  }
  SECTION("it is taken out of the queue") {
    const auto taken = bench.desk.take("zebra", std::nullopt, {});
    REQUIRE(taken.size() == 1);
    REQUIRE(bench.job([&](UnitOfWork& work) -> Result<bool> {
      const auto ended =
          end_label(work, taken[0].group, {taken[0].start, domain::PrintOutcome::kFailed, "taken"});
      if (!ended) return fail(ended.error());
      return true;
    }));
    bench.loop.pass(std::chrono::seconds(1));
    CHECK(bench.given.size() == 1);
    CHECK(bench.status(1) == LabelStatus::kFailed);
  }
  SECTION("the printer is released") {
    bench.desk.release("zebra");
    bench.loop.pass(std::chrono::seconds(1));
    CHECK(bench.given.size() == 1);
    CHECK(bench.status(1) == LabelStatus::kFailed);
  }
  SECTION("a crash") {
    const GivenUp given_up = bench.crash();
    CHECK(given_up.unknown == 1);  // its end was not saved
    CHECK(given_up.failed == 1);
    CHECK(bench.status(1) == LabelStatus::kFailed);
  }
}

TEST_CASE("printer desk: what a repair of the log finds in the queue ends as any other label",
          "[agent][labels]") {
  Bench bench;
  for (const std::size_t which : {0U, 1U, 2U}) bench.print({which});
  REQUIRE(bench.job(
      [](UnitOfWork& work) { return work.replica().reissue(Incarnation(1), 0, Incarnation(9)); }));
  const auto status = [&bench](std::size_t which) {
    return bench.group(1).packages.at(which).label;
  };
  REQUIRE(bench.group(1).packages.size() == 3);
  CHECK(status(0) == LabelStatus::kPrinting);
  const auto moved = bench.desk.take("zebra", bench.desk.line("zebra").waiting.back().start, {});
  REQUIRE(moved.size() == 1);
  CHECK(bench.job(
      [&](UnitOfWork& work) { return move_label(work, moved[0], "other", false, kBench1); }));
  bench.ends();
  REQUIRE(bench.given.size() == 2);
  bench.ends();
  CHECK(status(0) == LabelStatus::kPrinted);
  CHECK(status(1) == LabelStatus::kPrinted);
  CHECK(status(2) == LabelStatus::kPrinting);
}

TEST_CASE("printer desk: no label begins while the service stops", "[agent][labels]") {
  Bench bench;
  for (const std::size_t which : {0U, 1U, 2U}) bench.print({which});
  const auto stop = [&bench] { bench.desk.stop_printing("the service was stopped before it"); };
  SECTION("the next one's turn comes just before") {
    bench.desk.on_printed({"zebra", bench.given.back().id, Outcome::kDone, ""});
    REQUIRE(bench.loop.post(stop));
    bench.loop.turn();
    CHECK(bench.status(0) == LabelStatus::kPrinted);
  }
  SECTION("the one before ends afterwards") {
    bench.loop.run(stop);
    bench.ends();
    CHECK(bench.status(0) == LabelStatus::kPrinted);
  }
  SECTION("a paused printer") {
    bench.pause(true);
    bench.loop.run(stop);
  }
  CHECK(bench.given.size() == 1);
  CHECK(bench.status(1) == LabelStatus::kFailed);
  CHECK(bench.status(2) == LabelStatus::kFailed);
  CHECK(bench.waiting() == "0\n");
}

TEST_CASE("printer desk: a label that comes while the service stops has failed",
          "[agent][labels]") {
  Bench bench;
  bench.loop.run([&bench] { bench.desk.stop_printing("the service was stopped before it"); });
  bench.print({0});
  CHECK(bench.given.empty());
  CHECK(bench.status(0) == LabelStatus::kFailed);
}

TEST_CASE("printer desk: once the loop has ended nobody is kept waiting for a test",
          "[agent][labels]") {
  Bench bench;
  // shared: with whoever asks, who hears that nobody answers any more when the last copy is gone
  const auto asked = std::make_shared<int>(0);
  for (int i = 0; i < 2; ++i) {
    bench.loop.run(
        [&] { bench.desk.print_test("zebra", [asked](const Result<std::string>&) { ++*asked; }); });
  }
  REQUIRE(bench.given.size() == 2);
  bench.loop.full = true;
  bench.ends();  // the other one never ends
  CHECK(asked.use_count() == 3);
  bench.desk.close();
  CHECK(asked.use_count() == 1);
  CHECK(*asked == 0);  // what they do belongs to the loop
}

}  // namespace
}  // namespace cairn::agent::printer_desk_test
