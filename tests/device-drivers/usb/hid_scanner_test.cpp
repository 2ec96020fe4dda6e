#include "device-drivers/hid/hid_scanner.h"

#include "core/base/barcode.h"
#include "device-drivers/registry.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/recording_sink.h"
#include "tests/device-drivers/usb/sim.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <memory>

namespace cairn::devices::hid::hid_scanner_test {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using test::RecordingSink;
using test::soak;
using Codes = std::vector<std::string>;
using Seen = RecordingSink::Seen;

/// A virtual scanner and the driver that reads it, as a configuration opens it.
struct Bench {
  explicit Bench(const std::string& settings = ",aim", std::string address = "usb:0c2e:0b61")
      : sim({"--scanner", "scanner-1=usb:0c2e:0b61" + settings}), url(std::move(address)) {}

  void start() { driver = start_driver(sink); }
  std::unique_ptr<Scanner> start_driver(RecordingSink& to) const {
    auto opened = open_scanner({.name = "scanner-1", .kind = "scanner", .url = url}, to, clock);
    REQUIRE(opened);
    return *std::move(opened);
  }
  void start_online() {
    start();
    REQUIRE(sink.wait_online());
  }

  test::UsbSim sim;
  std::string url;
  test::MachineClock clock;
  RecordingSink sink;
  std::unique_ptr<Scanner> driver;  // last: stops before what it uses goes away
};

TEST_CASE("hid scanner: a scan arrives whole, with its symbology, time and name",
          "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  const MonoTime before = bench.clock.mono_now();
  bench.sim.command("scan 4006381333931");
  REQUIRE(bench.sink.wait_scans(1));
  const Scan scan = bench.sink.seen().scans.front();
  CHECK(scan.device == "scanner-1");
  CHECK(scan.sent == "]E04006381333931");
  CHECK(scan.aim == true);
  CHECK(scan.at >= before);
  CHECK(scan.at <= bench.clock.mono_now());
}

TEST_CASE("hid scanner: without an identifier the code is all there is", "[devices][scanner]") {
  Bench bench("");
  bench.start_online();
  bench.sim.command(R"(scan ]C1\x1d4006381333931\x0d)");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().scans.front().sent ==
        "]C1\x1d"
        "4006381333931");
  CHECK(bench.sink.seen().scans.front().aim == false);
}

TEST_CASE("hid scanner: a code of several reports is one scan", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  const std::string longest(Barcode::kMaxSize - 3, '7');
  for (const std::size_t size : {std::size_t{56}, std::size_t{57}, std::size_t{112}}) {
    bench.sim.command("scan ]Q1 " + std::string(size, 'x'));
  }
  bench.sim.command("scan ]Q1 " + longest);
  bench.sim.command("scan ]Q1 " + longest + "7");
  bench.sim.command("scan ]Q1 next");
  REQUIRE(bench.sink.wait_scans(5));
  CHECK(bench.sink.seen().codes() ==
        Codes{"]Q1" + std::string(56, 'x'), "]Q1" + std::string(57, 'x'),
              "]Q1" + std::string(112, 'x'), "]Q1" + longest, "]Q1next"});
  REQUIRE(bench.sink.seen().failed.size() == 1);
  CHECK(bench.sink.seen().failed.front().reason == FailedRead::Reason::kTooLong);
}

TEST_CASE("hid scanner: 1,000 scans 20 ms apart arrive once and in order", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  constexpr int kAtOnce = 100;
  Codes expected;
  for (int sent = 0; sent < soak(1000); sent += kAtOnce) {
    std::string burst = "burst 20";
    for (int i = sent; i < sent + kAtOnce; ++i) {
      const std::string code = fmt::format("{:012}", 400'638'100'000 + i);
      burst += " " + code;
      expected.push_back("]C0" + code);
    }
    bench.sim.command(burst);
  }
  REQUIRE(bench.sink.wait_scans(expected.size()));
  bench.driver.reset();
  CHECK(bench.sink.seen().codes() == expected);
  CHECK(bench.sink.seen().failed.empty());
}

TEST_CASE("hid scanner: 500 scans back to back arrive once and in order", "[devices][scanner]") {
  Bench bench("");
  bench.start_online();
  Codes expected;
  std::string burst = "burst 0";
  for (int i = 0; i < 500; ++i) {
    expected.push_back(fmt::format("{:070}", i));  // two reports each
    burst += " " + expected.back();
  }
  bench.sim.command(burst);
  REQUIRE(bench.sink.wait_scans(expected.size()));
  bench.driver.reset();
  CHECK(bench.sink.seen().codes() == expected);
}

TEST_CASE("hid scanner: pulled out 200 times in the middle of a code", "[devices][scanner]") {
  Bench bench("");
  bench.start_online();
  const int rounds = soak(200);
  Codes expected;
  for (int round = 0; round < rounds; ++round) {
    const std::string code = fmt::format("A-{}", round);
    expected.push_back(code);
    bench.sim.command("scan " + code);
    REQUIRE(bench.sink.wait_scans(expected.size()));
    // One report passes, the rest of the code does not.
    bench.sim.command("usb unplug_after=1");
    bench.sim.command("scan " + std::string(150, 'b'));
    REQUIRE(bench.sink.wait_offline());
    bench.sim.command("plug");
    REQUIRE(bench.sink.wait_online());
  }
  bench.driver.reset();
  const Seen seen = bench.sink.seen();
  CHECK(seen.codes() == expected);
  CHECK(seen.failed.size() == static_cast<std::size_t>(rounds));
  CHECK(std::ranges::all_of(seen.failed, [](const FailedRead& read) {
    return read.reason == FailedRead::Reason::kIncomplete;
  }));
  CHECK(std::ranges::count(seen.order, "online") == rounds + 1);
}

TEST_CASE("hid scanner: missing at start is reported once, and it is found as soon as it is there",
          "[devices][scanner]") {
  Bench bench;
  bench.sim.command("unplug");
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.front().detail,
             Contains("no such device") && Contains("usb:0c2e:0b61"));
  CHECK_FALSE(
      bench.sink.wait([](const Seen& seen) { return seen.states.size() > 1; }, milliseconds(500)));
  bench.sim.command("plug");
  REQUIRE(bench.sink.wait_online());
  bench.sim.command("scan 1");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().order == std::vector<std::string>{"offline", "online", "scan"});
}

TEST_CASE("hid scanner: what it said before it was pulled out is not said again",
          "[devices][scanner]") {
  Bench bench("");
  bench.start_online();
  bench.sim.command("scan first");
  REQUIRE(bench.sink.wait_scans(1));
  bench.sim.command("usb stale");
  bench.sim.command("unplug");
  REQUIRE(bench.sink.wait_offline());
  bench.sim.command("plug");
  REQUIRE(bench.sink.wait_online());
  bench.sim.command("scan second");
  REQUIRE(bench.sink.wait_scans(2));
  CHECK(bench.sink.seen().codes() == Codes{"first", "second"});
}

TEST_CASE("hid scanner: a halted endpoint is got back to work, whatever it takes",
          "[devices][scanner]") {
  const std::string fault = GENERATE("stall", "stall_reset", "stall_reopen");
  CAPTURE(fault);
  Bench bench("");
  bench.start_online();
  bench.sim.command("usb " + fault);
  if (fault == "stall_reopen") {
    REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.states.size() == 3; }));
    CHECK_FALSE(bench.sink.seen().states[1].detail.empty());
  }
  REQUIRE(bench.sink.wait_online());
  REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.failed.size() == 1; }));
  CHECK_FALSE(bench.sink.wait_scans(1, milliseconds(700)));  // until it was silent
  bench.sim.command("scan after");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"after"});
}

/// A report of the scanner with id 2: a piece of a code.
std::string piece(const std::string& text, bool continued) {
  return fmt::format("raw \\x02\\x{:02x}\\x00\\x00\\x00{}{}\\x00\\x00\\x{:02x}", text.size(), text,
                     fmt::join(std::vector<std::string>(56 - text.size(), "\\x00"), ""),
                     continued ? 1 : 0);
}

TEST_CASE("hid scanner: the pieces before and behind a halt are not joined", "[devices][scanner]") {
  const std::string fault = GENERATE("stall", "stall_reset", "stall_reopen");
  const bool before = GENERATE(true, false);  // else the halt took the first piece with it
  CAPTURE(fault, before);
  Bench bench("");
  bench.start_online();
  bench.sim.command(piece("whole", false));
  REQUIRE(bench.sink.wait_scans(1));
  if (before) bench.sim.command(piece("4006381333931", true));
  bench.sim.command("usb " + fault);
  REQUIRE(bench.sink.wait([](const Seen& seen) { return !seen.failed.empty(); }));
  if (fault == "stall_reopen") {
    REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.states.size() == 3; }));
  } else {
    bench.sim.command(piece("4311501", false));
  }
  CHECK_FALSE(bench.sink.wait_scans(2, milliseconds(700)));
  bench.sim.command(piece("after", false));
  REQUIRE(bench.sink.wait_scans(2));
  CHECK(bench.sink.seen().codes() == Codes{"whole", "after"});
  CHECK(bench.sink.seen().failed.size() == 1);
}

TEST_CASE("hid scanner: a report that is damaged is told and nothing of it is used",
          "[devices][scanner]") {
  const std::string fault = GENERATE("overflow", "short");
  CAPTURE(fault);
  Bench bench("");
  bench.start_online();
  bench.sim.command("usb " + fault);
  bench.sim.command("scan " + std::string(100, 'x'));  // the second piece must not pass for a code
  REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.failed.size() == 1; }));
  CHECK(bench.sink.seen().failed.front().reason == FailedRead::Reason::kIncomplete);
  // Nobody knows which piece was the last: the scanner has to fall silent first.
  CHECK_FALSE(bench.sink.wait_scans(1, milliseconds(700)));
  bench.sim.command("scan after");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"after"});
}

TEST_CASE("hid scanner: noise is no code", "[devices][scanner]") {
  Bench bench("");
  bench.start_online();
  bench.sim.command("usb garbage");
  bench.sim.command("scan noise");
  bench.sim.command("scan after");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"after"});
}

TEST_CASE("hid scanner: a slow one is waited for", "[devices][scanner]") {
  Bench bench("");
  bench.start_online();
  bench.sim.command("usb slow=150");
  bench.sim.command("scan " + std::string(100, 'x'));
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().failed.empty());
}

TEST_CASE("hid scanner: the second driver of a device waits until the first is gone",
          "[devices][scanner]") {
  Bench bench("");
  bench.start_online();
  RecordingSink other;
  const auto second = bench.start_driver(other);
  REQUIRE(other.wait_offline());
  CHECK_THAT(other.seen().states.front().detail, Contains("another program holds it"));
  bench.driver.reset();
  REQUIRE(other.wait_online());
  bench.sim.command("scan B");
  REQUIRE(other.wait_scans(1));
}

TEST_CASE("hid scanner: of two alike each has its own name", "[devices][scanner]") {
  test::UsbSim sim({"--scanner", "left=usb:0c2e:0b61:A1", "--scanner", "right=usb:0c2e:0b61:B2"});
  const test::MachineClock clock;
  RecordingSink left;
  RecordingSink right;
  const auto one =
      open_scanner({.name = "left", .kind = "scanner", .url = "usb:0c2e:0b61:A1"}, left, clock);
  const auto two =
      open_scanner({.name = "right", .kind = "scanner", .url = "usb:port:1-2"}, right, clock);
  REQUIRE(one);
  REQUIRE(two);
  REQUIRE(left.wait_online());
  REQUIRE(right.wait_online());
  // Plugged in the other way round they get other numbers, and keep their names.
  for (const std::string command : {"unplug @left", "unplug @right", "plug @right", "plug @left"}) {
    sim.command(command);
  }
  REQUIRE(left.wait([](const Seen& seen) { return seen.states.size() >= 3 && seen.online(); }));
  REQUIRE(right.wait([](const Seen& seen) { return seen.states.size() >= 3 && seen.online(); }));
  sim.command("scan @left L");
  sim.command("scan @right R");
  REQUIRE(left.wait_scans(1));
  REQUIRE(right.wait_scans(1));
  CHECK(left.seen().codes() == Codes{"L"});
  CHECK(right.seen().codes() == Codes{"R"});
}

TEST_CASE("hid scanner: a device that is none says so", "[devices][scanner]") {
  test::UsbSim sim({"--scale", "scale-1=usb:0922:8003"});
  const test::MachineClock clock;
  RecordingSink sink;
  const auto driver =
      open_scanner({.name = "s", .kind = "scanner", .url = "usb:0922:8003"}, sink, clock);
  REQUIRE(driver);
  REQUIRE(sink.wait_offline());
  CHECK_THAT(sink.seen().states.front().detail, Contains("HID POS mode"));
}

TEST_CASE("hid scanner: stops within 100 ms, whatever it waits for", "[devices][scanner]") {
  const bool is_plugged = GENERATE(true, false);
  CAPTURE(is_plugged);
  Bench bench;
  if (!is_plugged) bench.sim.command("unplug");
  Duration best = std::chrono::hours(1);
  for (int i = 0; i < 5; ++i) {
    RecordingSink sink;
    auto driver = bench.start_driver(sink);
    REQUIRE(sink.wait([](const Seen& seen) { return !seen.states.empty(); }));
    const MonoTime before = bench.clock.mono_now();
    driver.reset();
    best = std::min(best, bench.clock.mono_now() - before);
  }
  CHECK(best < milliseconds(100));
}

TEST_CASE("hid scanner: waiting costs no processor time", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  const std::clock_t before = std::clock();
  CHECK_FALSE(
      bench.sink.wait([](const Seen& seen) { return seen.states.size() > 1; }, milliseconds(500)));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 10);
}

}  // namespace
}  // namespace cairn::devices::hid::hid_scanner_test
