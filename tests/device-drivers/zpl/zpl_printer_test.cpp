#include "device-drivers/zpl/zpl_printer.h"

#include "device-drivers/serial/serial_connection.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/pty.h"
#include "tools/cairn-sim/virtual_printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace cairn::devices::zpl_printer_test {
namespace {

using Catch::Matchers::Contains;
using simulator::PrinterFault;
using simulator::VirtualPrinter;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::PrintSink;
using Counts = VirtualPrinter::Counts;
using Outcome = PrintResult::Outcome;

PrintJob job(int number) {
  return {fmt::format("job-{}", number),
          {"Lager Nord", fmt::format("ORD-{}", number), "1.250 kg", "340123450000000018",
           fmt::format("CRN{:010}", number)}};
}

/// A virtual printer and the driver that prints on it; deadlines are short.
struct Bench {
  explicit Bench(Duration print_time = milliseconds(20))
      : hardware({"printer-1", {"127.0.0.1", 0}, print_time}, clock) {
    REQUIRE(hardware.plug());
    config.name = "printer-1";
    config.address = hardware.address();
    config.answer_within = milliseconds(400);
    config.take_within = milliseconds(500);
    config.print_within = seconds(3);
    config.look_every = milliseconds(100);
  }

  void start() { driver = std::make_unique<ZplPrinter>(config, sink, clock); }
  void start_online() {
    start();
    REQUIRE(sink.wait_online());
  }
  void set_fault(const std::string& text) {
    const auto fault = PrinterFault::parse(text);
    REQUIRE(fault);
    hardware.set_fault(*fault);
  }
  /// Prints a label and waits for how it ended.
  PrintResult print(int number = 1) {
    const auto before = sink.seen().results.size();
    REQUIRE(driver->print(job(number)));
    REQUIRE(sink.wait_results(before + 1));
    return sink.seen().results.back();
  }
  /// How often that label came out.
  [[nodiscard]] std::ptrdiff_t printed(int number) const {
    return std::ranges::count_if(hardware.labels(), [number](const auto& label) {
      return label.zpl.find(fmt::format("^FD{}^FS", job(number).label.tracking)) !=
             std::string::npos;
    });
  }
  /// Nothing more comes: whatever it has is printed, and time for a second try passes.
  void settle() {
    REQUIRE(hardware.wait([](const Counts& counts) { return counts.waiting == 0; }, seconds(20)));
    hardware.wait([](const Counts&) { return false; }, milliseconds(300));
  }

  test::MachineClock clock;
  VirtualPrinter hardware;
  ZplPrinterConfig config;
  PrintSink sink;
  std::unique_ptr<ZplPrinter> driver;  // last: stops before what it uses goes away
};

TEST_CASE("zpl printer: a label is done once the printer says so", "[devices][printer]") {
  Bench bench(milliseconds(300));
  bench.start_online();
  const MonoTime before = bench.clock.mono_now();
  const PrintResult result = bench.print();
  CHECK(result.device == "printer-1");
  CHECK(result.job == "job-1");
  CHECK(result.outcome == Outcome::kDone);
  CHECK(result.detail.empty());
  CHECK(bench.clock.mono_now() - before >= milliseconds(300));
  CHECK(bench.printed(1) == 1);
}

TEST_CASE("zpl printer: labels come out in order, each once", "[devices][printer]") {
  Bench bench(Duration::zero());
  bench.start_online();
  constexpr int kLabels = 5;
  for (int number = 1; number <= kLabels; ++number) REQUIRE(bench.driver->print(job(number)));
  REQUIRE(bench.sink.wait_results(kLabels));
  const auto results = bench.sink.seen().results;
  for (int number = 1; number <= kLabels; ++number) {
    const auto& result = results[static_cast<std::size_t>(number - 1)];
    CHECK(result.job == job(number).id);
    CHECK(result.outcome == Outcome::kDone);
    CHECK(bench.printed(number) == 1);
  }
  CHECK(bench.hardware.counts().printed == kLabels);
}

TEST_CASE("zpl printer: what keeps it from printing is told and nothing is sent",
          "[devices][printer]") {
  struct Row {
    void (*spoil)(VirtualPrinter&);
    void (*mend)(VirtualPrinter&);
    std::string says;
  };
  const std::vector<Row> rows{
      {[](auto& printer) { printer.set_paper(false); },
       [](auto& printer) { printer.set_paper(true); }, "out of labels"},
      {[](auto& printer) { printer.set_lid(true); }, [](auto& printer) { printer.set_lid(false); },
       "lid is open"},
      {[](auto& printer) { printer.set_ribbon(false); },
       [](auto& printer) { printer.set_ribbon(true); }, "ribbon"},
      {[](auto& printer) { printer.set_paused(true); },
       [](auto& printer) { printer.set_paused(false); }, "paused"},
  };
  Bench bench;
  bench.start_online();
  int number = 0;
  for (const Row& row : rows) {
    CAPTURE(row.says);
    row.spoil(bench.hardware);
    const PrintResult result = bench.print(++number);
    CHECK(result.outcome == Outcome::kFailed);
    CHECK_THAT(result.detail, Contains(row.says) && Contains("nothing was printed"));
    REQUIRE(bench.sink.wait_offline());
    CHECK_THAT(bench.sink.seen().states.back().detail, Contains(row.says));
    row.mend(bench.hardware);
    REQUIRE(bench.sink.wait_online());
    CHECK(bench.printed(number) == 0);
    CHECK(bench.print(++number).outcome == Outcome::kDone);
  }
  CHECK(bench.hardware.counts().received == rows.size());
}

TEST_CASE("zpl printer: out of labels midway: done if somebody refills it in time",
          "[devices][printer]") {
  Bench bench(milliseconds(200));
  bench.start_online();
  REQUIRE(bench.driver->print(job(1)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.waiting == 1; }, seconds(20)));
  bench.hardware.set_paper(false);
  REQUIRE(bench.sink.wait_offline());
  CHECK(bench.sink.seen().results.empty());
  bench.hardware.set_paper(true);
  REQUIRE(bench.sink.wait_results(1));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 1);
}

TEST_CASE("zpl printer: out of labels for too long: unknown, and it is not sent again",
          "[devices][printer]") {
  Bench bench(milliseconds(200));
  bench.config.print_within = milliseconds(600);
  bench.start_online();
  REQUIRE(bench.driver->print(job(1)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.waiting == 1; }, seconds(20)));
  bench.hardware.set_paper(false);
  REQUIRE(bench.sink.wait_results(1));
  const PrintResult result = bench.sink.seen().results.back();
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK_THAT(result.detail, Contains("out of labels"));
  // The printer has it and prints it later.
  bench.hardware.set_paper(true);
  bench.settle();
  CHECK(bench.printed(1) == 1);
  CHECK(bench.hardware.counts().received == 1);
}

TEST_CASE("zpl printer: one that accepts and never reads: unknown in time, not sent again",
          "[devices][printer]") {
  Bench bench;
  bench.set_fault("deaf");
  bench.start_online();  // it can be connected to; it does not say how it is
  CHECK_THAT(bench.sink.seen().states.back().detail, Contains("does not say"));
  const MonoTime before = bench.clock.mono_now();
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK_THAT(result.detail, Contains("does not say"));
  CHECK(bench.clock.mono_now() - before < seconds(5));
  bench.set_fault("none");
  bench.settle();
  CHECK(bench.hardware.counts().received <= 1);
  CHECK(bench.printed(1) <= 1);
  CHECK(bench.print(2).outcome == Outcome::kDone);
}

TEST_CASE("zpl printer: one that never says how it is prints, and a person has to look",
          "[devices][printer]") {
  Bench bench;
  bench.set_fault("mute");
  bench.start_online();
  CHECK(bench.print().outcome == Outcome::kUnknown);
  bench.settle();
  CHECK(bench.printed(1) == 1);
  CHECK(bench.hardware.counts().received == 1);
}

TEST_CASE("zpl printer: answers that come late and in pieces are understood",
          "[devices][printer]") {
  Bench bench;
  bench.set_fault("slow");
  bench.config.answer_within = seconds(2);
  bench.start_online();
  CHECK(bench.print().outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 1);
}

TEST_CASE("zpl printer: an answer that comes later than expected is not the answer to the next",
          "[devices][printer]") {
  Bench bench(milliseconds(400));
  bench.set_fault("slow");
  bench.config.answer_within = milliseconds(100);
  bench.config.print_within = seconds(10);
  bench.start();
  const MonoTime before = bench.clock.mono_now();
  const PrintResult result = bench.print();
  // It may find out or not; it must not take "idle" from before the label for the label's end.
  if (result.outcome == Outcome::kDone) {
    CHECK(bench.clock.mono_now() - before >= milliseconds(400));
    CHECK(bench.printed(1) == 1);
  } else {
    CHECK(result.outcome == Outcome::kUnknown);
  }
}

TEST_CASE("zpl printer: a connection that is closed at once: nothing was sent",
          "[devices][printer]") {
  Bench bench;
  bench.start_online();
  bench.set_fault("close");
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("nothing was printed"));
  REQUIRE(bench.sink.wait_offline());
  CHECK(bench.hardware.counts().received == 0);
}

TEST_CASE("zpl printer: reset after some octets: unknown once it may have any, never sent again",
          "[devices][printer]") {
  constexpr int kStatusQuestion = 5;  // "~HS" CR LF
  const int after = GENERATE(0, 1, 4, 5, 6, 50, 200, 400, 600, 5000);
  CAPTURE(after);
  Bench bench;
  bench.start_online();
  bench.set_fault(fmt::format("reset_after={}", after));
  const PrintResult result = bench.print();
  if (after < kStatusQuestion) CHECK(result.outcome == Outcome::kFailed);
  if (after > kStatusQuestion && after < 5000) CHECK(result.outcome == Outcome::kUnknown);
  if (after == 5000) CHECK(result.outcome == Outcome::kDone);
  bench.set_fault("none");
  bench.settle();
  CHECK(bench.hardware.counts().received <= 1);
  if (result.outcome == Outcome::kFailed) CHECK(bench.printed(1) == 0);
  if (result.outcome == Outcome::kDone) CHECK(bench.printed(1) == 1);
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed(2) == 1);
}

TEST_CASE("zpl printer: unplugged at any moment it prints no label twice", "[devices][printer]") {
  Bench bench(milliseconds(60));
  bench.config.answer_within = milliseconds(100);
  bench.config.print_within = milliseconds(500);
  bench.start_online();
  std::array<int, 3> ended{};
  constexpr int kRounds = 40;
  for (int round = 1; round <= kRounds; ++round) {
    CAPTURE(round);
    REQUIRE(bench.driver->print(job(round)));
    // Dense at first, while it is sent; then until after it is known to be printed.
    const milliseconds moment(round < 16 ? round / 4 : (round - 16) * 15);
    bench.hardware.wait([](const Counts&) { return false; }, moment);
    REQUIRE(bench.hardware.unplug());
    REQUIRE(bench.sink.wait_results(static_cast<std::size_t>(round)));
    REQUIRE(bench.hardware.plug());
    REQUIRE(bench.sink.wait_online());
    const Outcome outcome = bench.sink.seen().results.back().outcome;
    const auto printed = bench.printed(round);
    CHECK(printed <= 1);
    if (outcome == Outcome::kDone) CHECK(printed == 1);
    if (outcome == Outcome::kFailed) CHECK(printed == 0);
    ++ended.at(static_cast<std::size_t>(outcome));
  }
  bench.settle();
  for (int round = 1; round <= kRounds; ++round) CHECK(bench.printed(round) <= 1);
  CHECK(bench.sink.seen().results.size() == kRounds);
  CHECK(ended.at(static_cast<std::size_t>(Outcome::kUnknown)) > 0);
}

TEST_CASE("zpl printer: one that is not there is offline and fails at once, and comes back",
          "[devices][printer]") {
  Bench bench;
  REQUIRE(bench.hardware.unplug());
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  const PrintResult result = bench.print(1);
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("switched on") && Contains("nothing was printed"));
  REQUIRE(bench.hardware.plug());
  REQUIRE(bench.sink.wait_online());
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 0);
}

TEST_CASE("zpl printer: a label that is none is refused", "[devices][printer]") {
  Bench bench;
  bench.start_online();
  PrintJob bad = job(1);
  bad.label.sscc = "12";
  REQUIRE(bench.driver->print(bad));
  REQUIRE(bench.sink.wait_results(1));
  const auto result = bench.sink.seen().results.back();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("18 digits"));
  CHECK(bench.hardware.counts().received == 0);
}

TEST_CASE("zpl printer: its queue has an end", "[devices][printer]") {
  Bench bench;
  bench.set_fault("deaf");
  bench.start();
  int taken = 0;
  std::string reason;
  for (int number = 1; number <= 200 && reason.empty(); ++number) {
    if (const auto is = bench.driver->print(job(number)); is) {
      ++taken;
    } else {
      reason = is.error().reason;
    }
  }
  CHECK(reason == "printer_busy");
  CHECK(taken >= 64);
  bench.driver.reset();  // every job that was taken ends, once
  const auto results = bench.sink.seen().results;
  CHECK(results.size() == static_cast<std::size_t>(taken));
  CHECK(std::ranges::count(results, Outcome::kFailed, &PrintResult::outcome) >= taken - 1);
}

TEST_CASE("zpl printer: stops at once, whatever it is doing", "[devices][printer]") {
  const std::string fault = GENERATE("none", "deaf", "mute");
  CAPTURE(fault);
  Bench bench(seconds(20));
  bench.config.answer_within = seconds(20);
  bench.config.print_within = seconds(20);
  bench.set_fault(fault);
  bench.start();
  REQUIRE(bench.driver->print(job(1)));
  REQUIRE(bench.driver->print(job(2)));
  bench.hardware.wait([](const Counts& counts) { return counts.received > 0; }, milliseconds(200));
  const MonoTime before = bench.clock.mono_now();
  bench.driver.reset();
  CHECK(bench.clock.mono_now() - before < seconds(2));
  const auto results = bench.sink.seen().results;
  REQUIRE(results.size() == 2);
  CHECK(results[0].outcome != Outcome::kDone);
  if (bench.hardware.counts().received > 0) CHECK(results[0].outcome == Outcome::kUnknown);
  CHECK(results[1].outcome == Outcome::kFailed);
}

/// At the other end of a serial line: it always has labels.
class LinePrinter {
 public:
  explicit LinePrinter(const std::string& link) {
    auto created = simulator::Pty::create(link);
    REQUIRE(created);
    pty_ = *std::move(created);
    thread_ = std::thread([this] { serve(); });
  }
  LinePrinter(const LinePrinter&) = delete;
  LinePrinter& operator=(const LinePrinter&) = delete;
  ~LinePrinter() {
    stopping_ = true;
    thread_.join();
  }
  [[nodiscard]] int labels() const { return labels_; }

 private:
  void serve() {
    constexpr std::string_view kIdle =
        "\x02"
        "030,0,0,1218,000,0,0,0,000,0,0,0\x03\r\n"
        "\x02"
        "001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n"
        "\x02"
        "1234,0\x03\r\n";
    std::string octets;
    const Waker pause;
    while (!stopping_) {
      octets += pty_->read();
      const auto asked = octets.find("~HS");
      const auto end = octets.find("^XZ");
      if (asked < end) {
        octets.erase(0, asked + 3);
        (void)pty_->write(kIdle);
      } else if (end != std::string::npos) {
        octets.erase(0, end + 3);
        ++labels_;
      } else {
        wait_for(pause, milliseconds(1));
      }
    }
  }

  std::unique_ptr<simulator::Pty> pty_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> labels_ = 0;
  std::thread thread_;
};

TEST_CASE("zpl printer: labels on a serial line", "[devices][printer][serial]") {
  const test::TempFolder folder;
  const test::MachineClock clock;
  LinePrinter hardware(folder.file("line"));
  PrintSink sink;
  ZplPrinterConfig config;
  config.name = "printer-1";
  ZplPrinter driver(config,
                    std::make_unique<SerialConnector>(SerialLineConfig{folder.file("line")}), sink,
                    clock);
  for (int number = 1; number <= 2; ++number) {
    REQUIRE(driver.print(job(number)));
    REQUIRE(sink.wait_results(static_cast<std::size_t>(number)));
    CHECK(sink.seen().results.back().outcome == Outcome::kDone);
    CHECK(hardware.labels() == number);
  }
}

}  // namespace
}  // namespace cairn::devices::zpl_printer_test
