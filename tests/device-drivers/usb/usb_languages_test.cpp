// Printers on the USB that speak something else than ZPL, as a configuration opens them.

#include "device-drivers/registry.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/device-drivers/usb/sim.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace cairn::devices::usb_languages_test {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using Outcome = PrintResult::Outcome;

/// A virtual printer, and what its driver reports.
struct Bench {
  Bench(const std::string& kind, const std::string& protocol, const std::string& settings = "")
      : sim({"--printer",
             fmt::format("printer-1=usb:0a5f:0166,language={}{}", protocol, settings)}),
        config{.name = "printer-1", .kind = kind, .url = "usb:0a5f:0166"} {
    config.protocol = protocol;
  }
  PrintResult next_result(const Result<>& taken) {
    REQUIRE(taken);
    REQUIRE(sink.wait_results(++results));
    return sink.seen().results.back();
  }
  bool counts(const std::string& what) {
    const std::string answer = sim.ask("labels");
    CAPTURE(answer);
    return answer.find(what) != std::string::npos;
  }

  test::UsbSim sim;
  DeviceConfig config;
  test::MachineClock clock;
  test::PrintSink sink;
  std::size_t results = 0;
};

struct EplBench : Bench {
  explicit EplBench(const std::string& settings = "") : Bench("printer", "epl", settings) {
    auto opened = open_printer(config, sink, clock);
    REQUIRE(opened);
    driver = *std::move(opened);
    REQUIRE(sink.wait_online());
  }
  PrintResult print(int number) {
    return next_result(driver->print({fmt::format("job-{}", number),
                                      {"Store York", fmt::format("ORD-{}", number), "1.250 kg",
                                       "340123450000000018", "CRN0000000001"}}));
  }
  std::unique_ptr<Printer> driver;  // last: stops before what it uses goes away
};

TEST_CASE("usb epl printer: a label is sent once, and unknown", "[devices][printer][epl]") {
  EplBench bench(",print_ms=0");
  const PrintResult result = bench.print(1);
  CHECK(result.outcome == Outcome::kUnknown);
  CHECK_THAT(result.detail, Contains("does not say whether the label is printed"));
  CHECK(bench.print(2).outcome == Outcome::kUnknown);
  bench.driver.reset();
  CHECK(bench.counts(R"("received":2,"waiting":0,"printed":2)"));
  CHECK_THAT(bench.sim.ask("label 1"), Contains("ORD-1") && Contains(R"(\nP1\n)"));
  CHECK_THAT(bench.sim.ask("label 2"), Contains("ORD-2") && !Contains("ORD-1"));
}

TEST_CASE("usb epl printer: what keeps it from printing is told by its port, and nothing is sent",
          "[devices][printer][epl]") {
  const auto [trouble, mended, says] = GENERATE(table<std::string, std::string, std::string>({
      {"paper out", "paper in", "it is out of paper"},
      {"pause on", "pause off", "it is offline"},  // not selected
      {"lid open", "lid closed", "it reports an error"},
      {"ribbon out", "ribbon in", "it reports an error"},
  }));
  CAPTURE(trouble);
  EplBench bench(",print_ms=0");
  bench.sim.command(trouble);
  const PrintResult result = bench.print(1);
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.detail == says + "; nothing was printed");
  REQUIRE(bench.sink.wait_offline());
  CHECK(bench.sink.seen().states.back().detail == says);
  bench.sim.command(mended);
  CHECK(bench.print(2).outcome == Outcome::kUnknown);
  CHECK(bench.sink.seen().online());
  CHECK(bench.counts(R"("received":1,"waiting":0,"printed":1)"));
}

struct ReceiptBench : Bench {
  explicit ReceiptBench(const std::string& settings = "")
      : Bench("receipt_printer", "escpos", settings) {
    auto opened = open_receipt_printer(config, sink, clock);
    REQUIRE(opened);
    driver = *std::move(opened);
    REQUIRE(sink.wait_online());
  }
  PrintResult print(int number) {
    ReceiptPage page{42, {}};
    page.pieces.emplace_back(ReceiptLine{fmt::format("Receipt {}", number)});
    page.pieces.emplace_back(ReceiptCut{true});
    return next_result(driver->print({fmt::format("job-{}", number), page}));
  }
  std::unique_ptr<ReceiptPrinter> driver;  // last: stops before what it uses goes away
};

TEST_CASE("usb receipt printer: a receipt and an opened drawer are done once it says so",
          "[devices][receipt_printer]") {
  ReceiptBench bench(",print_ms=200");
  const MonoTime before = bench.clock.mono_now();
  const PrintResult result = bench.print(1);
  CHECK(result.outcome == Outcome::kDone);
  CHECK(result.detail.empty());
  CHECK(bench.clock.mono_now() - before >= milliseconds(200));
  CHECK(bench.counts(R"("received":1,"waiting":0,"printed":1,"drawer":0)"));
  CHECK(bench.next_result(bench.driver->open_drawer("drawer-1")).outcome == Outcome::kDone);
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.counts(R"("received":2,"waiting":0,"printed":2,"drawer":1)"));
  CHECK_THAT(bench.sim.ask("label 2"), Contains("Receipt 2"));
}

TEST_CASE("usb receipt printer: its id may list other languages", "[devices][receipt_printer]") {
  ReceiptBench bench(",print_ms=0,commands=ZPL");
  CHECK(bench.print(1).outcome == Outcome::kDone);
  CHECK(bench.counts(R"("printed":1)"));
}

}  // namespace
}  // namespace cairn::devices::usb_languages_test
