#include "device-drivers/serial/serial_scanner.h"

#include "core/base/barcode.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/recording_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/virtual_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>

namespace cairn::devices::serial_scanner_test {
namespace {

using simulator::VirtualScanner;
using std::chrono::milliseconds;
using test::RecordingSink;
using Seen = RecordingSink::Seen;

/// Paces what the virtual scanner sends; no test waits for anything this way.
Result<> pace(Duration duration) {
  const timespec time{0, static_cast<long>(duration.count() * 1000)};
  ::nanosleep(&time, nullptr);
  return {};
}

/// A virtual scanner and the driver that reads it.
struct Bench {
  explicit Bench(const std::string& suffix = "\r", bool aim = false,
                 std::optional<std::uint32_t> baud = std::nullopt)
      : hardware({"scanner-1", link, suffix, aim, baud}, &pace) {}

  void start() { driver = start_driver("scanner-1", sink); }
  std::unique_ptr<SerialScanner> start_driver(const std::string& name, ScannerSink& to) const {
    return std::make_unique<SerialScanner>(SerialLinkConfig{name, link}, to, clock);
  }
  void start_online() {
    REQUIRE(hardware.plug());
    start();
    REQUIRE(sink.wait_online());
  }
  void scan(const std::string& code) { REQUIRE(hardware.scan({std::nullopt, code})); }

  test::TempFolder folder;
  std::string link = folder.file("scanner-1");
  test::MachineClock clock;
  VirtualScanner hardware;
  RecordingSink sink;
  std::unique_ptr<SerialScanner> driver;  // last: stops before what it uses goes away
};

std::vector<std::string> codes(int count) {
  std::vector<std::string> codes;
  for (int i = 0; i < count; ++i) codes.push_back(fmt::format("{:013}", 4'006'381'000'000 + i));
  return codes;
}

TEST_CASE("serial scanner: a scan arrives as sent, with its time and name", "[devices][scanner]") {
  Bench bench("\r", true);
  bench.start_online();
  const MonoTime before = bench.clock.mono_now();
  bench.scan("4006381333931");
  REQUIRE(bench.sink.wait_scans(1));
  const Scan scan = bench.sink.seen().scans.front();
  CHECK(scan.device == "scanner-1");
  CHECK(scan.sent == "]E04006381333931");
  CHECK(scan.at >= before);
  CHECK(scan.at <= bench.clock.mono_now());
}

TEST_CASE("serial scanner: every octet that is data passes the line", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  std::string all;
  for (int octet = 1; octet < 256; ++octet) {
    if (octet != '\r' && octet != '\n') all.push_back(static_cast<char>(octet));
  }
  bench.scan(all);
  bench.scan(std::string(Barcode::kMaxSize, 'x'));
  bench.scan(
      "Gr\xc3\xbc\xc3\x9f"
      "e\x1d"
      "10LOT");
  REQUIRE(bench.sink.wait_scans(3));
  CHECK(bench.sink.seen().codes() == std::vector<std::string>{all,
                                                              std::string(Barcode::kMaxSize, 'x'),
                                                              "Gr\xc3\xbc\xc3\x9f"
                                                              "e\x1d"
                                                              "10LOT"});
}

TEST_CASE("serial scanner: 1,000 scans back to back arrive once and in order",
          "[devices][scanner]") {
  for (const std::string& suffix : {std::string("\r"), std::string("\n"), std::string("\r\n")}) {
    Bench bench(suffix);
    bench.start_online();
    const auto expected = codes(1000);
    for (const std::string& code : expected) bench.scan(code);
    REQUIRE(bench.sink.wait_scans(expected.size()));
    bench.driver.reset();
    CHECK(bench.sink.seen().codes() == expected);
    CHECK(bench.sink.seen().failed.empty());
  }
}

TEST_CASE("serial scanner: 200 scans one after the other arrive once and in order",
          "[devices][scanner]") {
  Bench bench("\r\n");
  bench.start_online();
  const auto expected = codes(200);
  for (const std::string& code : expected) {
    bench.scan(code);
    REQUIRE(pace(milliseconds(2)));
  }
  REQUIRE(bench.sink.wait_scans(expected.size()));
  bench.driver.reset();
  CHECK(bench.sink.seen().codes() == expected);
}

TEST_CASE("serial scanner: a code that trickles in at 2400 baud is one scan",
          "[devices][scanner]") {
  Bench bench("\r\n", false, 2400);
  bench.start_online();
  bench.scan("4006381333931");
  bench.scan("40063812");
  REQUIRE(bench.sink.wait_scans(2));
  CHECK(bench.sink.seen().codes() == std::vector<std::string>{"4006381333931", "40063812"});
}

TEST_CASE("serial scanner: a code that stops midway is reported and the next one is clean",
          "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  REQUIRE(bench.hardware.send("40063"));
  REQUIRE(bench.sink.wait([](const Seen& seen) { return !seen.failed.empty(); }));
  bench.scan(std::string(2 * Barcode::kMaxSize, '7'));
  bench.scan("4006381333931");
  REQUIRE(bench.sink.wait_scans(1));
  const Seen seen = bench.sink.seen();
  REQUIRE(seen.failed.size() == 2);
  CHECK(seen.failed[0].device == "scanner-1");
  CHECK(seen.failed[0].reason == FailedRead::Reason::kIncomplete);
  CHECK(seen.failed[1].reason == FailedRead::Reason::kTooLong);
  CHECK(seen.codes() == std::vector<std::string>{"4006381333931"});
}

TEST_CASE("serial scanner: unplugged in the middle of a code, plugged in again",
          "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  // In one piece: once the first code is reported, the driver has the beginning of the second, too.
  REQUIRE(bench.hardware.send("first\r40063"));
  REQUIRE(bench.sink.wait_scans(1));
  REQUIRE(bench.hardware.unplug());
  REQUIRE(bench.sink.wait_offline());
  CHECK(bench.sink.seen().order == std::vector<std::string>{"online", "scan", "failed", "offline"});
  CHECK(bench.sink.seen().failed.front().reason == FailedRead::Reason::kIncomplete);
  CHECK(bench.sink.seen().states.back().device == "scanner-1");
  CHECK_THAT(bench.sink.seen().states.back().detail, Catch::Contains("unplugged"));

  REQUIRE(bench.hardware.plug());
  REQUIRE(bench.sink.wait_online());
  CHECK(bench.sink.seen().states.back().detail.empty());
  bench.scan("4006381333931");
  REQUIRE(bench.sink.wait_scans(2));
  CHECK(bench.sink.seen().codes() == std::vector<std::string>{"first", "4006381333931"});
  CHECK(bench.sink.seen().failed.size() == 1);
}

TEST_CASE("serial scanner: plugged in and out again and again", "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  for (int i = 0; i < 5; ++i) {
    const auto before = bench.sink.seen().scans.size();
    REQUIRE(bench.hardware.send("A\rB\r"));
    REQUIRE(bench.sink.wait_scans(before + 2));
    REQUIRE(bench.hardware.unplug());
    REQUIRE(bench.sink.wait_offline());
    REQUIRE(bench.hardware.plug());
    REQUIRE(bench.sink.wait_online());
  }
  CHECK(bench.sink.seen().scans.size() == 10);
  CHECK(bench.sink.seen().failed.empty());
}

TEST_CASE("serial scanner: missing at start is reported once, and it is found later",
          "[devices][scanner]") {
  Bench bench;
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.front().detail,
             Catch::Contains("no such device") && Catch::Contains(bench.link));
  // At least two more attempts are made in this time; they have nothing new to say.
  CHECK_FALSE(
      bench.sink.wait([](const Seen& seen) { return seen.states.size() > 1; }, milliseconds(400)));
  REQUIRE(bench.hardware.plug());
  REQUIRE(bench.sink.wait_online());
  bench.scan("4006381333931");
  REQUIRE(bench.sink.wait_scans(1));
  CHECK(bench.sink.seen().order == std::vector<std::string>{"offline", "online", "scan"});
}

TEST_CASE("serial scanner: a new reason for being offline is reported", "[devices][scanner]") {
  Bench bench;
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  std::filesystem::create_symlink("/dev/null", bench.link);
  REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.states.size() == 2; }));
  CHECK(bench.sink.seen().offline());
  CHECK_THAT(bench.sink.seen().states.back().detail, Catch::Contains("not a serial device"));
}

TEST_CASE("serial scanner: the second driver of a device waits until the first is gone",
          "[devices][scanner]") {
  Bench bench;
  bench.start_online();
  RecordingSink other;
  const auto second = bench.start_driver("scanner-2", other);
  REQUIRE(other.wait_offline());
  CHECK_THAT(other.seen().states.front().detail, Catch::Contains("another program holds it"));
  bench.scan("A");
  REQUIRE(bench.sink.wait_scans(1));
  bench.driver.reset();
  REQUIRE(other.wait_online());
  bench.scan("B");
  REQUIRE(other.wait_scans(1));
  CHECK(other.seen().codes() == std::vector<std::string>{"B"});
  CHECK(bench.sink.seen().codes() == std::vector<std::string>{"A"});
}

TEST_CASE("serial scanner: stops within 100 ms, whatever it waits for", "[devices][scanner]") {
  const bool is_plugged = GENERATE(true, false);
  CAPTURE(is_plugged);
  Bench bench;
  if (is_plugged) REQUIRE(bench.hardware.plug());
  // The best of a few: a busy test machine may hold up any single one.
  Duration best = std::chrono::hours(1);
  for (int i = 0; i < 5; ++i) {
    RecordingSink sink;
    auto driver = bench.start_driver("scanner-1", sink);
    REQUIRE(sink.wait([](const Seen& seen) { return !seen.states.empty(); }));
    const MonoTime before = bench.clock.mono_now();
    driver.reset();
    best = std::min(best, bench.clock.mono_now() - before);
  }
  CHECK(best < milliseconds(100));
}

TEST_CASE("serial scanner: waiting costs no processor time", "[devices][scanner]") {
  const bool is_plugged = GENERATE(true, false);
  CAPTURE(is_plugged);
  Bench bench;
  if (is_plugged) REQUIRE(bench.hardware.plug());
  bench.start();
  REQUIRE(bench.sink.wait([](const Seen& seen) { return !seen.states.empty(); }));
  if (is_plugged) REQUIRE(bench.hardware.send("40063"));
  const std::clock_t before = std::clock();
  CHECK_FALSE(
      bench.sink.wait([](const Seen& seen) { return seen.states.size() > 1; }, milliseconds(500)));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 10);
}

TEST_CASE("serial scanner: states have names", "[devices][scanner]") {
  CHECK(name_of(DeviceState::kOffline) == "offline");
  CHECK(name_of(DeviceState::kOnline) == "online");
}

}  // namespace
}  // namespace cairn::devices::serial_scanner_test
