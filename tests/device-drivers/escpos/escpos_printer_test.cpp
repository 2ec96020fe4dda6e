#include "device-drivers/escpos/escpos_printer.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/virtual_printer.h"

#include <fmt/format.h>

#include <memory>

namespace cairn::devices::escpos_printer_test {
namespace {

using Catch::Matchers::Contains;
using simulator::PrinterFault;
using simulator::VirtualPrinter;
using simulator::VirtualPrinterConfig;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Counts = VirtualPrinter::Counts;
using Outcome = PrintResult::Outcome;

/// A virtual printer and the driver that prints on it; deadlines are short.
struct Bench {
  explicit Bench(Duration print_time = milliseconds(20))
      : hardware(
            {"receipts", {"127.0.0.1", 0}, print_time, VirtualPrinterConfig::Language::kEscPos},
            clock) {
    REQUIRE(hardware.plug());
    config.name = "receipts";
    config.address = hardware.address();
    config.model = find_receipt_printer("epson");
    config.answer_within = milliseconds(300);
    config.take_within = milliseconds(500);
    config.print_within = seconds(3);
    config.look_every = milliseconds(100);
  }

  void start() { driver = std::make_unique<EscPosPrinter>(config, sink, clock); }
  void start_online() {
    start();
    REQUIRE(sink.wait_online());
  }
  void set_fault(const std::string& text) { hardware.set_fault(PrinterFault::parse(text).value()); }
  static ReceiptJob job(int number) {
    ReceiptPage page{42, {}};
    page.pieces.emplace_back(ReceiptLine{fmt::format("Receipt {}", number)});
    page.pieces.emplace_back(ReceiptCut{true});
    return {fmt::format("job-{}", number), page};
  }
  PrintResult print(int number = 1) {
    const auto before = sink.seen().results.size();
    REQUIRE(driver->print(job(number)));
    REQUIRE(sink.wait_results(before + 1));
    return sink.seen().results.back();
  }
  [[nodiscard]] std::ptrdiff_t printed(int number) const {
    return std::ranges::count_if(hardware.labels(), [number](const auto& one) {
      return one.zpl.find(fmt::format("Receipt {}\n", number)) != std::string::npos;
    });
  }

  test::MachineClock clock;
  VirtualPrinter hardware;
  EscPosPrinterConfig config;
  test::PrintSink sink;
  std::unique_ptr<EscPosPrinter> driver;  // last: stops before what it uses goes away
};

TEST_CASE("escpos printer: a receipt is done once the printer has processed it",
          "[devices][receipt_printer]") {
  Bench bench(milliseconds(300));
  bench.start_online();
  const MonoTime before = bench.clock.mono_now();
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kDone);
  CHECK(result.detail.empty());
  CHECK(bench.clock.mono_now() - before >= milliseconds(300));
  CHECK(bench.printed(1) == 1);
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed(2) == 1);
}

TEST_CASE("escpos printer: what keeps it from printing is told, and nothing is sent",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.start_online();
  bench.hardware.set_paper(false);
  PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.detail == "it is out of paper; nothing was printed");
  bench.hardware.set_paper(true);
  bench.hardware.set_lid(true);
  result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("cover is open"));
  REQUIRE(bench.sink.wait_offline());
  bench.hardware.set_lid(false);
  CHECK(bench.print(3).outcome == Outcome::kDone);
  CHECK(bench.hardware.counts().received == 1);
}

TEST_CASE("escpos printer: one that stops in the middle is unknown, and not sent again",
          "[devices][receipt_printer]") {
  Bench bench(seconds(1));
  bench.config.print_within = milliseconds(1500);
  bench.start_online();
  REQUIRE(bench.driver->print(Bench::job(1)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.received == 1; }, seconds(5)));
  bench.hardware.set_paper(false);
  REQUIRE(bench.sink.wait_results(1));
  const PrintResult result = bench.sink.seen().results.back();
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK(result.detail == "it is out of paper");
  bench.hardware.set_paper(true);
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.printed == 1; }, seconds(5)));
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 1);
  CHECK(bench.hardware.counts().received == 2);
}

TEST_CASE("escpos printer: pulled out or reset under a receipt it is unknown",
          "[devices][receipt_printer]") {
  Bench bench(seconds(1));
  bench.start_online();
  REQUIRE(bench.driver->print(Bench::job(1)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.received == 1; }, seconds(5)));
  REQUIRE(bench.hardware.unplug());
  REQUIRE(bench.sink.wait_results(1));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kUnknown);
  const PrintResult away = bench.print(2);
  CHECK(away.outcome == Outcome::kFailed);
  CHECK_THAT(away.detail, Contains("nothing was printed"));
  REQUIRE(bench.hardware.plug());
  REQUIRE(bench.sink.wait_online());
  bench.set_fault("reset_after=20");
  CHECK(bench.print(3).outcome != Outcome::kDone);
  bench.set_fault("none");
  CHECK(bench.print(4).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 0);
}

TEST_CASE("escpos printer: one that says nothing is unknown, half-open too",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.config.print_within = milliseconds(800);
  bench.set_fault("mute");
  bench.start_online();
  PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK_THAT(result.detail, Contains("does not say how it is"));
  bench.set_fault("deaf");
  result = bench.print(2);
  CHECK(result.outcome != Outcome::kDone);
  bench.set_fault("none");
  CHECK(bench.print(3).outcome == Outcome::kDone);
  CHECK(bench.printed(1) == 1);
}

TEST_CASE("escpos printer: slow answers are answers", "[devices][receipt_printer]") {
  Bench bench;
  bench.config.answer_within = seconds(1);
  bench.set_fault("slow");
  bench.start_online();
  CHECK(bench.print().outcome == Outcome::kDone);
}

TEST_CASE("escpos printer: the drawer is opened, and not again at once",
          "[devices][receipt_printer]") {
  Bench bench;
  bench.start_online();
  REQUIRE(bench.driver->open_drawer("drawer-1"));
  const auto again = bench.driver->open_drawer("drawer-2");
  REQUIRE_FALSE(again);
  CHECK(again.error().reason == "drawer_resting");
  REQUIRE(bench.sink.wait_results(1));
  CHECK(bench.sink.seen().results.back().job == "drawer-1");
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kDone);
  CHECK(bench.hardware.counts().drawer == 1);
}

TEST_CASE("escpos printer: stops at once, with every job ended", "[devices][receipt_printer]") {
  Bench bench(seconds(10));
  bench.start_online();
  for (int number = 1; number <= 3; ++number) REQUIRE(bench.driver->print(Bench::job(number)));
  REQUIRE(
      bench.hardware.wait([](const Counts& counts) { return counts.received == 1; }, seconds(5)));
  bench.driver.reset();
  const auto results = bench.sink.seen().results;
  REQUIRE(results.size() == 3);
  CHECK(results[0].outcome == Outcome::kUnknown);
  CHECK(results[1].outcome == Outcome::kFailed);
  CHECK(results[2].outcome == Outcome::kFailed);
}

TEST_CASE("drawer rest: the coil is on for a fifth of the time at most", "[devices][escpos]") {
  const auto at = [](int ms) { return MonoTime{1'000'000} + milliseconds(ms); };
  DrawerRest usual({0, 100, 500});
  CHECK(usual.take(at(0)));
  CHECK_FALSE(usual.take(at(599)));
  CHECK(usual.take(at(600)));
  DrawerRest longer({0, 200, 200});
  CHECK(longer.take(at(0)));
  CHECK_FALSE(longer.take(at(999)));
  CHECK(longer.take(at(1000)));
}

}  // namespace
}  // namespace cairn::devices::escpos_printer_test
