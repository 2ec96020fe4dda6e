#include "device-drivers/usb/printer_port.h"
#include "device-drivers/zpl/zpl_printer.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/device-drivers/usb/sim.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <map>
#include <memory>

namespace cairn::devices::usb::usb_printer_test {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = PrintResult::Outcome;

PrintJob job(int number) {
  return {fmt::format("job-{}", number),
          {"Lager Nord", fmt::format("ORD-{}", number), "1.250 kg", "340123450000000018",
           fmt::format("CRN{:010}", number)}};
}

/// A virtual printer and the driver that prints on it; deadlines are short.
struct Bench {
  explicit Bench(const std::string& settings = ",print_ms=5")
      : sim({"--printer", "printer-1=usb:0a5f:0166" + settings}) {
    config.name = "printer-1";
    config.answer_within = milliseconds(400);
    config.take_within = milliseconds(600);
    config.print_within = seconds(3);
    config.look_every = seconds(60);  // what is seen sooner the bus has told
  }

  void start() {
    driver = std::make_unique<ZplPrinter>(
        config, std::make_unique<PrinterPort>(*Address::parse("0a5f:0166")), sink, clock);
  }
  void start_online() {
    start();
    REQUIRE(sink.wait_online());
  }
  PrintResult print(int number = 1) {
    const auto before = sink.seen().results.size();
    REQUIRE(driver->print(job(number)));
    REQUIRE(sink.wait_results(before + 1));
    return sink.seen().results.back();
  }
  /// Tracking number -> how often it came out, of all that was printed.
  std::map<std::string, int> came_out(int labels) {
    std::map<std::string, int> counts;
    for (int number = 1; number <= labels; ++number) {
      const std::string zpl = sim.ask(fmt::format("label {}", number));
      const auto at = zpl.find("^FDCRN");
      if (at != std::string::npos) ++counts[zpl.substr(at + 3, 13)];
    }
    return counts;
  }
  int printed() {
    const std::string state = sim.ask("labels");
    constexpr std::string_view kPrinted = R"("printed":)";
    return std::atoi(state.c_str() + state.find(kPrinted) + kPrinted.size());
  }

  /// The printer comes to be like that.
  bool comes_to(const std::string& state) {
    const MonoTime until = clock.mono_now() + test::kPatience;
    while (clock.mono_now() < until) {
      if (sim.ask("devices").find(state) != std::string::npos) return true;
    }
    return false;
  }

  test::UsbSim sim;
  test::MachineClock clock;
  ZplPrinterConfig config;
  test::PrintSink sink;
  std::unique_ptr<ZplPrinter> driver;  // last: stops before what it uses goes away
};

TEST_CASE("usb printer: a label is done once the printer says so", "[devices][printer]") {
  Bench bench(",print_ms=200");
  bench.start_online();
  const MonoTime before = bench.clock.mono_now();
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kDone);
  CHECK(result.detail.empty());
  CHECK(bench.clock.mono_now() - before >= milliseconds(200));
  CHECK(bench.came_out(1) == std::map<std::string, int>{{job(1).label.tracking, 1}});
}

TEST_CASE("usb printer: pulled out and plugged in while nothing is printed", "[devices][printer]") {
  Bench bench;
  bench.start_online();
  for (int round = 1; round <= 5; ++round) {
    bench.sim.command("unplug");
    REQUIRE(bench.sink.wait_offline());
    const PrintResult lost = bench.print(100 + round);
    CHECK(lost.outcome == Outcome::kFailed);
    CHECK_THAT(lost.detail, Contains("nothing was printed"));
    bench.sim.command("plug");
    REQUIRE(bench.sink.wait_online());
    CHECK(bench.print(round).outcome == Outcome::kDone);
  }
  CHECK(bench.printed() == 5);
}

TEST_CASE("usb printer: pulled out 100 times in the middle of a label", "[devices][printer]") {
  Bench bench;
  bench.start_online();
  for (int round = 0; round < 100; ++round) {
    CAPTURE(round);
    // From the first octet of the label (the question before it has five) to its last.
    bench.sim.command(fmt::format("usb unplug_after={}", 6 + round * 6));
    const PrintResult cut = bench.print(1000 + round);
    CHECK(cut.outcome == Outcome::kUnknown);
    REQUIRE(bench.sink.wait_offline());
    bench.sim.command("plug");
    REQUIRE(bench.sink.wait_online());
    CHECK(bench.print(2000 + round).outcome == Outcome::kDone);
  }
  const auto seen = bench.sink.seen();
  CHECK(seen.results.size() == 200);
  const auto counts = bench.came_out(bench.printed());
  for (int round = 0; round < 100; ++round) {
    const auto whole = counts.find(job(2000 + round).label.tracking);
    CHECK((whole != counts.end() && whole->second == 1));
    const auto cut = counts.find(job(1000 + round).label.tracking);
    CHECK((cut == counts.end() || cut->second <= 1));
  }
}

TEST_CASE("usb printer: one that takes no more is not sent the label again", "[devices][printer]") {
  Bench bench;
  bench.start_online();
  bench.sim.command("usb nak");
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);  // it did not even take the question
  bench.sim.command("usb none");
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.came_out(2) == std::map<std::string, int>{{job(2).label.tracking, 1}});
}

TEST_CASE("usb printer: one that takes no more in the middle of a label is reset and opened anew",
          "[devices][printer]") {
  // Of the label: its first octet (the question before it has five), some, nearly all.
  const int octets = GENERATE(6, 250, 600);
  CAPTURE(octets);
  Bench bench;
  bench.start_online();
  bench.sim.command(fmt::format("usb nak_after={}", octets));
  const PrintResult cut = bench.print(1);
  CHECK(cut.outcome == Outcome::kUnknown);
  CHECK_THAT(cut.detail, Contains("it takes no more"));
  CHECK(bench.comes_to(R"("soft_resets":1)"));
  CHECK(bench.comes_to(R"("open":false)"));
  CHECK(bench.print(2).outcome == Outcome::kFailed);  // it takes nothing yet, not even a question
  bench.sim.command("usb none");
  CHECK(bench.print(3).outcome == Outcome::kDone);
  CHECK(bench.printed() == 1);
  CHECK(bench.came_out(1) == std::map<std::string, int>{{job(3).label.tracking, 1}});
}

TEST_CASE("usb printer: stopped in the middle of a label, the next is not printed into it",
          "[devices][printer]") {
  Bench bench;
  bench.config.take_within = test::kPatience;  // nothing but the stop ends it
  bench.start_online();
  bench.sim.command("usb nak_after=250");
  REQUIRE(bench.driver->print(job(1)));
  REQUIRE(bench.comes_to(R"("usb":"nak")"));
  bench.driver.reset();
  REQUIRE(bench.sink.wait_results(1));
  CHECK(bench.sink.seen().results.back().outcome == Outcome::kUnknown);
  CHECK(bench.comes_to(R"("soft_resets":1)"));
  bench.sim.command("usb none");
  bench.start_online();
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed() == 1);
  const std::string zpl = bench.sim.ask("label 1");
  CHECK_THAT(zpl, Contains(job(2).label.tracking) && !Contains(job(1).label.tracking));
  CHECK(zpl.find("^XA") == zpl.rfind("^XA"));
}

TEST_CASE("usb printer: what keeps it from printing is told and nothing is sent",
          "[devices][printer]") {
  Bench bench;
  bench.start_online();
  bench.sim.command("paper out");
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("out of labels"));
  bench.sim.command("paper in");
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed() == 1);
}

TEST_CASE("usb printer: a halted endpoint is got back to work", "[devices][printer]") {
  Bench bench;
  bench.start_online();
  bench.sim.command("usb stall");
  const PrintResult result = bench.print();
  CHECK(result.outcome != Outcome::kUnknown);
  CHECK(bench.print(2).outcome == Outcome::kDone);
}

TEST_CASE("usb printer: halted again and again it is opened anew, and goes on",
          "[devices][printer]") {
  Bench bench;
  bench.start_online();
  for (int round = 1; round <= 3; ++round) {
    bench.sim.command("usb stall");
    (void)bench.print(100 + round);
  }
  bench.sim.command("usb none");
  CHECK(bench.print(1).outcome == Outcome::kDone);
}

TEST_CASE("usb printer: a mute one that is out of paper is told by its port",
          "[devices][printer]") {
  Bench bench;
  bench.sim.command("fault mute");
  bench.start_online();
  bench.sim.command("paper out");
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.detail == "it is out of paper; nothing was printed");
}

TEST_CASE("usb printer: one that speaks another language is refused in plain words",
          "[devices][printer]") {
  Bench bench;
  bench.driver = std::make_unique<ZplPrinter>(
      bench.config, std::make_unique<PrinterPort>(*Address::parse("0a5f:0166"), "EPL"), bench.sink,
      bench.clock);
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.back().detail, Contains("it speaks ZPL, and not EPL"));
  const PrintResult result = bench.print();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK_THAT(result.detail, Contains("nothing was printed"));
}

TEST_CASE("usb printer: a mute one is told apart from one that has printed", "[devices][printer]") {
  Bench bench;
  bench.sim.command("fault mute");
  bench.start_online();
  CHECK(bench.print().outcome == Outcome::kUnknown);
  bench.sim.command("fault none");
  CHECK(bench.print(2).outcome == Outcome::kDone);
  CHECK(bench.printed() == 2);
}

TEST_CASE("usb printer: a slow one gets its time", "[devices][printer]") {
  Bench bench;
  bench.start_online();
  bench.sim.command("usb slow=80");
  CHECK(bench.print().outcome == Outcome::kDone);
}

TEST_CASE("usb printer: talks to the setting that answers", "[devices][printer]") {
  const Endpoint out{0x01, Endpoint::Kind::kBulk, 64};
  const Endpoint in{0x82, Endpoint::Kind::kBulk, 64};
  const auto setting = [&](std::uint8_t alternate, std::uint8_t protocol) {
    return Interface{0, alternate, kPrinterClass, 1, protocol, {out, in}, {}};
  };
  const std::vector<Interface> both{setting(0, 1), setting(1, 2), setting(2, 4)};
  REQUIRE(choose_printer(both) != nullptr);
  CHECK(choose_printer(both)->protocol == 2);
  CHECK(choose_printer({setting(0, 1)}) != nullptr);
  CHECK(choose_printer({setting(0, 4), setting(1, 3)}) == nullptr);
  CHECK(choose_printer({{0, 0, kHidClass, 0, 2, {out, in}, {}}}) == nullptr);
}

}  // namespace
}  // namespace cairn::devices::usb::usb_printer_test
