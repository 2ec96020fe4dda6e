#include "device-drivers/wire/print_spooler.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/support/catch.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::print_spooler_test {
namespace {

using Catch::Matchers::Contains;
using Outcome = PrintResult::Outcome;
using Sent = ByteConnection::Sent;

/// What the wire and the language are going to do, and what was done with them.
struct Stage {
  bool connects = true;
  std::string why_not = "no_connection";
  Sent sent{0, true, "", false};
  std::string trouble;
  Result<std::optional<PrinterCondition>> said = std::optional(PrinterCondition{});
  std::string objection;
  PrintEnd confirmed{Outcome::kDone, ""};
  bool blocks = false;  ///< confirm() ends when it is told to stop, only

  std::vector<std::string> tasks_sent;
  int taken = 0;
  int settled = 0;
  int forgotten = 0;
  int connected = 0;
  int parted = 0;
  std::atomic<bool> confirms = false;
};

class StageConnection final : public ByteConnection {
 public:
  explicit StageConnection(Stage& stage) : stage_(stage) {}
  Sent send(std::string_view octets, MonoTime, const Waker&, const Clock&) override {
    stage_.tasks_sent.emplace_back(octets);
    return stage_.sent;
  }
  Result<std::string> receive(MonoTime, const Waker&, const Clock&) override { return ""; }
  std::string trouble(const Waker&, const Clock&) override { return stage_.trouble; }
  void finish(MonoTime, const Waker&, const Clock&) override { ++stage_.parted; }

 private:
  Stage& stage_;
};

class StageConnector final : public Connector {
 public:
  explicit StageConnector(Stage& stage) : stage_(stage) {}
  Result<std::unique_ptr<ByteConnection>> connect(MonoTime, const Waker&, const Clock&) override {
    if (!stage_.connects) return fail(ErrorCode::kUnavailable, stage_.why_not, "it is away");
    ++stage_.connected;
    return std::make_unique<StageConnection>(stage_);
  }

 private:
  Stage& stage_;
};

class StageLanguage final : public PrinterLanguage {
 public:
  explicit StageLanguage(Stage& stage) : stage_(stage) {}
  Result<std::optional<PrinterCondition>> ask(const PrinterSession&) override {
    return stage_.said;
  }
  void forget() override { ++stage_.forgotten; }
  void settle(const PrinterSession&) override { ++stage_.settled; }
  std::string objection(const PrintTask&, MonoTime) override { return stage_.objection; }
  void taken(const PrintTask&, MonoTime) override { ++stage_.taken; }
  PrintEnd confirm(const PrinterSession& session, bool) override {
    stage_.confirms = true;
    if (stage_.blocks) wait_for(session.stop, std::nullopt);
    return stage_.confirmed;
  }

 private:
  Stage& stage_;
};

/// A spooler that looks once, at its start.
struct Bench {
  explicit Bench(Stage& stage_of_it) : stage(stage_of_it), language(stage) {
    spooler = std::make_unique<PrintSpooler>(
        PrintSpoolerConfig{"printer-1", std::chrono::seconds(3), std::chrono::seconds(10),
                           std::chrono::hours(1)},
        std::make_unique<StageConnector>(stage), language, sink, clock);
  }
  PrintResult print(PrintTask task) {
    REQUIRE(spooler->add(std::move(task)));
    REQUIRE(sink.wait_results(1));
    spooler.reset();
    return sink.seen().results.back();
  }

  Stage& stage;
  StageLanguage language;
  test::MachineClock clock;
  test::PrintSink sink;
  std::unique_ptr<PrintSpooler> spooler;  // last: stops before what it uses goes away
};

TEST_CASE("print spooler: a task fails while the printer has no octet of it, later it is unknown",
          "[devices][printer]") {
  struct Row {
    std::string_view what;
    void (*spoil)(Stage&);
    Outcome outcome;
    std::string_view detail;
    std::size_t times_sent;
  };
  const auto row = GENERATE(
      Row{"done", [](Stage&) {}, Outcome::kDone, "", 1},
      Row{"no connection", [](Stage& stage) { stage.connects = false; }, Outcome::kFailed,
          "it is away; nothing was printed", 0},
      Row{"not to be asked",
          [](Stage& stage) { stage.said = fail(ErrorCode::kUnavailable, "closed", "it went"); },
          Outcome::kFailed, "it went; nothing was printed", 0},
      Row{"cannot print, by its own words",
          [](Stage& stage) { stage.said = PrinterCondition{"its lid is open", ""}; },
          Outcome::kFailed, "its lid is open; nothing was printed", 0},
      Row{"cannot print, by its wire",
          [](Stage& stage) {
            stage.said = std::optional<PrinterCondition>();
            stage.trouble = "it is out of paper";
          },
          Outcome::kFailed, "it is out of paper; nothing was printed", 0},
      Row{"may not be printed now", [](Stage& stage) { stage.objection = "it rests"; },
          Outcome::kFailed, "it rests; nothing was printed", 0},
      Row{"takes nothing", [](Stage& stage) { stage.sent = {0, false, "it is full", false}; },
          Outcome::kFailed, "it is full; nothing was printed", 1},
      Row{"takes nothing, perhaps", [](Stage& stage) { stage.sent = {0, false, "stopped", true}; },
          Outcome::kUnknown, "the printer took at least 0 of 5 octets: stopped", 1},
      Row{"takes a part", [](Stage& stage) { stage.sent = {3, false, "it is full", false}; },
          Outcome::kUnknown, "the printer took 3 of 5 octets: it is full", 1},
      Row{"says nothing more", [](Stage& stage) { stage.confirmed = {Outcome::kUnknown, "mute"}; },
          Outcome::kUnknown, "mute", 1});
  CAPTURE(row.what);
  Stage stage;
  stage.sent.octets = 5;
  row.spoil(stage);
  Bench bench(stage);
  const PrintResult result = bench.print({"job-1", std::string("label")});
  CHECK(result.device == "printer-1");
  CHECK(result.job == "job-1");
  CHECK(result.outcome == row.outcome);
  CHECK(result.detail == row.detail);
  CHECK(stage.tasks_sent == std::vector<std::string>(row.times_sent, "label"));
  CHECK(stage.taken == (row.times_sent == 1 && !stage.sent.none() ? 1 : 0));
  CHECK(stage.parted == stage.connected);
}

TEST_CASE("print spooler: what is no task is not sent, and nothing is asked",
          "[devices][printer]") {
  Stage stage;
  Bench bench(stage);
  REQUIRE(bench.sink.wait_online());
  const PrintResult result =
      bench.print({"job-1", fail(ErrorCode::kInvalid, "bad_label", "it is no label")});
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.detail == "it is no label; nothing was printed");
  CHECK(stage.connected == 1);
  CHECK(stage.tasks_sent.empty());
}

TEST_CASE("print spooler: tells how the printer is, by its own words, else by its wire",
          "[devices][printer]") {
  Stage stage;
  SECTION("a remark") {
    stage.said = PrinterCondition{"", "its paper is near its end"};
    Bench bench(stage);
    REQUIRE(bench.sink.wait_online());
    CHECK(bench.sink.seen().states.back().detail == "its paper is near its end");
    bench.spooler.reset();
    CHECK(stage.settled == 1);
  }
  SECTION("a mute one") {
    stage.said = std::optional<PrinterCondition>();
    Bench bench(stage);
    REQUIRE(bench.sink.wait_online());
    CHECK(bench.sink.seen().states.back().detail == "it does not say how it is");
    bench.spooler.reset();
    CHECK(stage.settled == 0);
  }
  SECTION("a mute one, whose wire knows") {
    stage.said = std::optional<PrinterCondition>();
    stage.trouble = "it is out of paper";
    Bench bench(stage);
    REQUIRE(bench.sink.wait_offline());
    CHECK(bench.sink.seen().states.back().detail == "it is out of paper");
  }
  SECTION("one that is lost while it is asked") {
    stage.said = fail(ErrorCode::kUnavailable, "connection_closed", "it went");
    Bench bench(stage);
    REQUIRE(bench.sink.wait_offline());
    CHECK(bench.sink.seen().states.back().detail == "it went");
  }
}

TEST_CASE("print spooler: its queue has an end, and whoever waits at the stop has failed",
          "[devices][printer]") {
  Stage stage;
  stage.sent.octets = 5;
  stage.blocks = true;
  stage.confirmed = {Outcome::kUnknown,
                     "closed here: the service stops, or the device was released"};
  Bench bench(stage);
  REQUIRE(bench.spooler->add({"job-1", std::string("label")}));
  while (!stage.confirms) wait_for(Waker(), std::chrono::milliseconds(1));
  for (int more = 0; more < 63; ++more) {
    REQUIRE(bench.spooler->add({"job-2", std::string("label")}));
  }
  REQUIRE(bench.spooler->add({"drawer", std::string("pulse"), true}));
  const auto refused = bench.spooler->add({"drawer", std::string("pulse"), true});
  REQUIRE(!refused);
  CHECK(refused.error().reason == "printer_busy");
  CHECK(refused.error().message ==
        "printer printer-1 has 64 jobs to do already; the drawer was not opened");
  bench.spooler.reset();
  const auto results = bench.sink.seen().results;
  REQUIRE(results.size() == 65);
  CHECK(results.front().outcome == Outcome::kUnknown);
  CHECK(results.at(1).outcome == Outcome::kFailed);
  CHECK(results.at(1).detail == "the printer was closed before it; nothing was printed");
  CHECK(results.back().detail == "the printer was closed before it; the drawer was not opened");
  CHECK(stage.tasks_sent.size() == 1);
}

TEST_CASE("print spooler: one that cannot be reached answers nothing that it was asked before",
          "[devices][printer]") {
  Stage stage;
  stage.connects = GENERATE(true, false);
  SECTION("it is away") {}
  SECTION("the thread ends") { stage.why_not = "stopped"; }
  Bench bench(stage);
  bench.print({"job-1", "^XA^XZ"});
  CHECK((stage.forgotten > 0) == (!stage.connects && stage.why_not != "stopped"));
}

}  // namespace
}  // namespace cairn::devices::print_spooler_test
