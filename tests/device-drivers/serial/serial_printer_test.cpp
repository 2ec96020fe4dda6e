// Printers on a serial line, as a configuration opens them.

#include "device-drivers/registry.h"
#include "device-drivers/wire/waker.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/virtual_serial_printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace cairn::devices::serial_printer_test {
namespace {

using Catch::Matchers::Contains;
using simulator::PrinterFault;
using simulator::PrinterLanguage;
using std::chrono::milliseconds;
using Outcome = PrintResult::Outcome;

/// A virtual printer, and what its driver reports.
struct Bench {
  Bench(const std::string& kind, const std::string& protocol, Duration print_time = {})
      : hardware({"printer-1", folder.file("line"), print_time,
                  simulator::parse_printer_language(protocol).value()},
                 clock),
        config{.name = "printer-1", .kind = kind, .url = "serial:" + folder.file("line")} {
    config.protocol = protocol;
    REQUIRE(hardware.plug());
  }
  void set_fault(const std::string& text) {
    REQUIRE(hardware.set_fault(PrinterFault::parse(text).value()));
  }
  /// True once the driver has reported so many.
  bool wait_results(std::size_t count, milliseconds limit = test::kPatience) {
    return sink.wait([count](const auto& seen) { return seen.results.size() >= count; }, limit);
  }
  /// Once it has printed so many.
  bool wait_printed(std::size_t count) {
    const MonoTime until = clock.mono_now() + test::kPatience;
    while (hardware.counts().printed < count && clock.mono_now() < until) {
      wait_for(pause, milliseconds(1));
    }
    return hardware.counts().printed == count;
  }

  test::TempFolder folder;
  test::MachineClock clock;
  Waker pause;
  simulator::VirtualSerialPrinter hardware;
  DeviceConfig config;
  test::PrintSink sink;
};

struct LabelBench : Bench {
  explicit LabelBench(const std::string& protocol) : Bench("printer", protocol) {
    auto opened = open_printer(config, sink, clock);
    REQUIRE(opened);
    driver = *std::move(opened);
    REQUIRE(sink.wait_online());
  }
  void start(std::size_t number) const {
    REQUIRE(driver->print({fmt::format("job-{}", number),
                           {"Store York", fmt::format("ORD-{}.", number), "1.250 kg",
                            "340123450000000018", "CRN0000000001"}}));
  }
  std::unique_ptr<Printer> driver;  // last: stops before what it uses goes away
};

TEST_CASE("serial printer: a label in either language comes out once",
          "[devices][printer][serial]") {
  const auto [protocol, outcome] =
      GENERATE(table<std::string, Outcome>({{"zpl", Outcome::kDone}, {"epl", Outcome::kUnknown}}));
  CAPTURE(protocol);
  LabelBench bench(protocol);
  for (std::size_t number = 1; number <= 3; ++number) {
    bench.start(number);
    REQUIRE(bench.wait_results(number));
    CHECK(bench.sink.seen().results.back().outcome == outcome);
    REQUIRE(bench.wait_printed(number));
    CHECK_THAT(bench.hardware.label(number).value(), Contains(fmt::format("ORD-{}.", number)));
  }
}

TEST_CASE(
    "serial printer: an epl label of which a part was taken when the plug is pulled is unknown",
    "[devices][printer][epl][serial]") {
  LabelBench bench("epl");
  // It reads nothing: one label after the other goes into the line, until one goes in only in part.
  bench.set_fault("deaf");
  std::size_t labels = 0;
  std::string part;
  // On a busy machine a label that takes long may be in no part yet.
  for (int round = 0; round < 20 && part.empty(); ++round) {
    do {
      bench.start(++labels);
    } while (bench.wait_results(labels, milliseconds(300)));
    REQUIRE(bench.hardware.unplug());
    REQUIRE(bench.wait_results(labels));
    const PrintResult cut = bench.sink.seen().results.back();
    CHECK(cut.outcome != Outcome::kDone);
    if (cut.detail.starts_with("the printer took ")) part = cut.detail;
    if (!part.empty()) CHECK(cut.outcome == Outcome::kUnknown);
    REQUIRE(bench.hardware.plug());
  }
  CHECK_THAT(part,
             Catch::Matches(R"(the printer took [1-9]\d* of [1-9]\d* octets: .*unplugged.*)"));
  // None of them is sent again.
  bench.set_fault("none");
  bench.start(++labels);
  REQUIRE(bench.wait_results(labels));
  REQUIRE(bench.wait_printed(1));
  CHECK(bench.hardware.counts().received == 1);
  CHECK_THAT(bench.hardware.label(1).value(), Contains(fmt::format("ORD-{}.", labels)));
}

TEST_CASE("serial printer: receipts and the drawer, also while it is out of paper",
          "[devices][receipt_printer][serial]") {
  Bench bench("receipt_printer", "escpos", milliseconds(100));
  auto opened = open_receipt_printer(bench.config, bench.sink, bench.clock);
  REQUIRE(opened);
  const std::unique_ptr<ReceiptPrinter> driver = *std::move(opened);
  REQUIRE(bench.sink.wait_online());
  const auto receipt = [](int number) {
    return ReceiptJob{fmt::format("job-{}", number),
                      {42, {ReceiptLine{fmt::format("Receipt {}", number)}}}};
  };
  const MonoTime before = bench.clock.mono_now();
  REQUIRE(driver->print(receipt(1)));
  REQUIRE(bench.wait_results(1));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kDone);
  CHECK(bench.clock.mono_now() - before >= milliseconds(100));
  REQUIRE(driver->open_drawer("drawer-1"));
  REQUIRE(bench.wait_results(2));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kDone);
  CHECK(bench.hardware.counts().drawer == 1);
  bench.hardware.set_paper(false);
  REQUIRE(driver->print(receipt(2)));
  REQUIRE(bench.wait_results(3));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kFailed);
  CHECK(bench.sink.seen().results.back().detail == "it is out of paper; nothing was printed");
  CHECK(bench.hardware.counts().received == 1);
}

TEST_CASE("serial printer: what its wire cannot do is refused", "[simulator]") {
  const test::MachineClock clock;
  const test::TempFolder folder;
  simulator::VirtualSerialPrinter hardware({.name = "labels", .link = folder.file("labels")},
                                           clock);
  CHECK(hardware.unplug().error().reason == "unplugged");
  REQUIRE(hardware.plug());
  CHECK(hardware.plug().error().reason == "plugged");
  for (const std::string text : {"close", "slow", "reset_after=5"}) {
    const auto set = hardware.set_fault(PrinterFault::parse(text).value());
    REQUIRE_FALSE(set);
    CHECK(set.error().reason == "bad_fault");
  }
}

}  // namespace
}  // namespace cairn::devices::serial_printer_test
