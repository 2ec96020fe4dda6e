#include "device-drivers/evdev/keyboard_scanner.h"

#include "device-drivers/evdev/input_device.h"
#include "device-drivers/registry.h"
#include "device-drivers/wire/waker.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/recording_sink.h"
#include "tests/device-drivers/usb/sim.h"
#include "tests/support/catch.h"

#include <fmt/format.h>
#include <linux/input-event-codes.h>

#include <algorithm>
#include <ctime>
#include <memory>

namespace cairn::devices::evdev::keyboard_scanner_test {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using test::RecordingSink;
using test::soak;
using Codes = std::vector<std::string>;
using Seen = RecordingSink::Seen;

/// A virtual scanner in keyboard mode and the driver that reads it, as a configuration opens it.
struct Bench {
  explicit Bench(const std::string& settings = "", std::string driver_layout = "us",
                 std::string address = "evdev:05e0:1200")
      : sim({"--scanner", "scanner-1=evdev:05e0:1200" + settings}),
        url(std::move(address)),
        layout(std::move(driver_layout)) {}

  void start() { driver = start_driver(sink); }
  std::unique_ptr<Scanner> start_driver(RecordingSink& to) const {
    DeviceConfig config{.name = "scanner-1", .kind = "scanner", .url = url};
    config.layout = layout;
    auto opened = open_scanner(config, to, clock);
    REQUIRE(opened);
    return *std::move(opened);
  }
  void start_online() {
    start();
    REQUIRE(sink.wait_online());
  }
  bool wait_failed(std::size_t count) {
    return sink.wait([count](const Seen& seen) { return seen.failed.size() >= count; });
  }

  test::UsbSim sim;
  std::string url;
  std::string layout;
  test::MachineClock clock;
  RecordingSink sink;
  std::unique_ptr<Scanner> driver;  // last: stops before what it uses goes away
};

TEST_CASE("keyboard scanner: a scan arrives whole, with its time and name", "[devices][scanner]") {
  Bench bench(",aim");
  bench.start_online();
  const MonoTime before = bench.clock.mono_now();
  bench.sim.command("scan 4006381333931");
  REQUIRE(bench.sink.wait_scans(1));
  const Scan scan = bench.sink.seen().scans.front();
  CHECK(scan.device == "scanner-1");
  CHECK(scan.sent == "]E04006381333931");
  CHECK_FALSE(scan.aim);
  CHECK(scan.at >= before);
  CHECK(scan.at <= bench.clock.mono_now());
}

TEST_CASE("keyboard scanner: GS1 codes arrive in every layout and style", "[devices][scanner]") {
  const auto [settings, layout] = GENERATE(table<std::string, std::string>({
      {"", "us"},
      {",f8", "us"},
      {",alt", "us"},
      {",suffix=tab", "us"},
      {",layout=de", "de"},
      {",layout=fr,f8", "fr"},
      {",layout=gb", "gb"},
      {",alt", "de"},
  }));
  CAPTURE(settings, layout);
  Bench bench(",aim" + settings, layout);
  bench.start_online();
  bench.sim.command(R"(scan ]C1 010952123456788110LOT-7/^`~@{}[]|\x1d2142)");
  bench.sim.command(R"(scan ]d2 Zu\xdfammen\\\xfc)");
  REQUIRE(bench.sink.wait_scans(2));
  CHECK(bench.sink.seen().codes() == Codes{"]C1010952123456788110LOT-7/^`~@{}[]|\x1d"
                                           "2142",
                                           "]d2Zu\xdf"
                                           "ammen\\\xfc"});
  CHECK(bench.sink.seen().failed.empty());
}

TEST_CASE("keyboard scanner: with the wrong layout no code is right, and none breaks it",
          "[devices][scanner]") {
  Bench bench(",layout=fr", "us");
  bench.start_online();
  bench.sim.command("scan 4006381333931");
  bench.sim.command("scan 4006381333931");
  REQUIRE(bench.sink.wait_scans(2));
  CHECK(bench.sink.seen().codes() == Codes(2, "$))^#*!###(#!"));
}

TEST_CASE("keyboard scanner: scans 20 ms apart arrive once and in order", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  constexpr int kAtOnce = 100;
  Codes expected;
  for (int sent = 0; sent < soak(500); sent += kAtOnce) {
    std::string burst = "burst 20";
    for (int i = sent; i < sent + kAtOnce; ++i) {
      expected.push_back(fmt::format("{:012}", 400'638'100'000 + i));
      burst += " " + expected.back();
    }
    bench.sim.command(burst);
  }
  REQUIRE(bench.sink.wait_scans(expected.size()));
  bench.driver.reset();
  CHECK(bench.sink.seen().codes() == expected);
  CHECK(bench.sink.seen().failed.empty());
}

TEST_CASE("keyboard scanner: 500 scans back to back arrive once and in order",
          "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  Codes expected;
  std::string burst = "burst 0";
  for (int i = 0; i < 500; ++i) {
    expected.push_back(fmt::format("A{:030}z", i));
    burst += " " + expected.back();
  }
  bench.sim.command(burst);
  REQUIRE(bench.sink.wait_scans(expected.size()));
  bench.driver.reset();
  CHECK(bench.sink.seen().codes() == expected);
}

TEST_CASE("keyboard scanner: pulled out 200 times in the middle of a code", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  const int rounds = soak(200);
  Codes expected;
  for (int round = 0; round < rounds; ++round) {
    const std::string code = fmt::format("A-{}", round);
    expected.push_back(code);
    bench.sim.command("scan " + code);
    REQUIRE(bench.sink.wait_scans(expected.size()));
    // Each time after another key; the key of the next is never heard.
    bench.sim.command(fmt::format("keys unplug_after={}", 1 + round % 12));
    bench.sim.command("scan 4006381333931");
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

TEST_CASE("keyboard scanner: missing at start is reported once, and it is found when it is there",
          "[devices][scanner]") {
  Bench bench;
  bench.sim.command("unplug");
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.front().detail,
             Contains("no such device") && Contains("evdev:05e0:1200"));
  CHECK_FALSE(
      bench.sink.wait([](const Seen& seen) { return seen.states.size() > 1; }, milliseconds(500)));
  bench.sim.command("plug");
  REQUIRE(bench.sink.wait_online());
  bench.sim.command("scan 1");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().order == std::vector<std::string>{"offline", "online", "scan"});
}

TEST_CASE("keyboard scanner: keys that were lost on the way spoil their code, and no other",
          "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  // Also a Shift that went up meanwhile.
  for (const std::string code : {"4006381333931", "AAAABBBBCCCC", "a"}) {
    CAPTURE(code);
    const std::size_t failed = bench.sink.seen().failed.size();
    const std::size_t scans = bench.sink.seen().scans.size();
    bench.sim.command("keys drop");
    bench.sim.command("scan " + code);
    REQUIRE(bench.wait_failed(failed + 1));
    bench.sim.command("scan after1");
    REQUIRE(bench.sink.wait_scans(scans + 1));
    CHECK(bench.sink.seen().codes().back() == "after1");
    CHECK(bench.sink.seen().scans.size() == scans + 1);
    CHECK(bench.sink.seen().failed.size() == failed + 1);
  }
}

TEST_CASE("keyboard scanner: while a key is stuck it is offline and no read counts",
          "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  bench.sim.command("keys stuck");
  bench.sim.command("scan 4006381333934");  // of its other fours nobody hears
  REQUIRE(bench.wait_failed(1));
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.back().detail, Contains("held down"));
  bench.sim.command("scan 12");
  REQUIRE(bench.wait_failed(2));
  bench.sim.command("keys none");
  REQUIRE(bench.sink.wait_online());
  bench.sim.command("scan 4006381333931");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"4006381333931"});
  CHECK(bench.sink.seen().failed.size() == 2);
}

TEST_CASE("keyboard scanner: it is not taken while a key of it is down", "[devices][scanner]") {
  Bench bench;
  bench.sim.command("keys stuck");
  bench.sim.command("raw 4");
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.back().detail, Contains("held down"));
  bench.sim.command("keys none");
  REQUIRE(bench.sink.wait_online());
  bench.sim.command("scan 12");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"12"});
}

TEST_CASE("keyboard scanner: what was typed before it was taken does not count",
          "[devices][scanner]") {
  Bench bench;
  bench.sim.command(R"(raw 11\x0d)");
  bench.sim.command("raw 400638");  // and the rest of it later
  bench.start_online();
  REQUIRE(bench.wait_failed(1));
  bench.sim.command(R"(raw 1333931\x0d)");
  bench.sim.command("scan 12");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"12"});
  CHECK(bench.sink.seen().failed.size() == 1);
}

TEST_CASE("keyboard scanner: half a code is given up after silence", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  bench.sim.command("raw 400638");
  REQUIRE(bench.wait_failed(1));
  bench.sim.command("scan 12");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().codes() == Codes{"12"});
}

TEST_CASE("keyboard scanner: the second driver of a device waits until the first is gone",
          "[devices][scanner]") {
  Bench bench;
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

TEST_CASE("keyboard scanner: what has no keys to type with says so", "[devices][scanner]") {
  Bench bench(",knob");
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.front().detail,
             Contains("it is no keyboard: set the scanner to keyboard mode"));
}

TEST_CASE("keyboard scanner: others hear it while it is released, nobody else once it is claimed",
          "[devices][scanner]") {
  // That the kernel hands the keys of a grabbed device to one program is its own work. Played is
  // what it goes by: who has the grab, and that the driver gives it back and takes it again.
  constexpr const char* kFile = "/dev/input/event2";
  Bench bench("", "us", fmt::format("evdev:{}", kFile));
  const auto is_refused_to_others = [&] {
    auto other = InputDevice::open(kFile);
    REQUIRE(other);
    const auto grabbed = other->grab();
    return !grabbed && grabbed.error().reason == "device_busy";
  };
  bench.start_online();
  CHECK(is_refused_to_others());
  CHECK_THAT(bench.sim.ask("devices"), Contains(R"("open":true,"grabbed":1,"given_back":0)"));

  bench.driver.reset();
  CHECK_THAT(bench.sim.ask("devices"), Contains(R"("open":false,"grabbed":1,"given_back":1)"));
  {
    auto screen = InputDevice::open(kFile);
    REQUIRE(screen);
    bench.sim.command("raw 4");
    const Waker never;
    REQUIRE(wait_on(screen->fd(), Await::kReadable, never, test::kPatience).readable);
    const auto heard = screen->next();
    REQUIRE((heard && *heard));
    CHECK((**heard).event.code == KEY_4);
    bench.sim.command(R"(raw \x0d)");
  }

  RecordingSink again;
  bench.driver = bench.start_driver(again);
  REQUIRE(again.wait_online());
  CHECK(is_refused_to_others());
  CHECK_THAT(bench.sim.ask("devices"), Contains(R"("open":true,"grabbed":2,"given_back":1)"));
  bench.sim.command("scan 12");
  REQUIRE(again.wait_scans(1));
  CHECK(again.seen().codes() == Codes{"12"});
  CHECK(again.seen().failed.empty());
  bench.driver.reset();  // before its sink
}

TEST_CASE("keyboard scanner: of two alike each has its own name", "[devices][scanner]") {
  test::UsbSim sim(
      {"--scanner", "left=evdev:05e0:1200:A1", "--scanner", "right=evdev:05e0:1200:B2"});
  const test::MachineClock clock;
  RecordingSink left;
  RecordingSink right;
  const auto one =
      open_scanner({.name = "left", .kind = "scanner", .url = "evdev:05e0:1200:A1"}, left, clock);
  const auto two =
      open_scanner({.name = "right", .kind = "scanner", .url = "evdev:port:1-2"}, right, clock);
  REQUIRE(one);
  REQUIRE(two);
  REQUIRE(left.wait_online());
  REQUIRE(right.wait_online());
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

TEST_CASE("keyboard scanner: it is found by its path", "[devices][scanner]") {
  Bench bench("", "us", "evdev:/dev/input/event2");
  bench.start_online();
  bench.sim.command("scan 12");
  REQUIRE(bench.sink.wait_scans(1));
  bench.sim.command("unplug");
  REQUIRE(bench.sink.wait_offline());
}

TEST_CASE("keyboard scanner: stops within 100 ms, whatever it waits for", "[devices][scanner]") {
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

TEST_CASE("keyboard scanner: waiting costs no processor time", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  const std::clock_t before = std::clock();
  CHECK_FALSE(
      bench.sink.wait([](const Seen& seen) { return seen.states.size() > 1; }, milliseconds(500)));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 10);
}

}  // namespace
}  // namespace cairn::devices::evdev::keyboard_scanner_test
