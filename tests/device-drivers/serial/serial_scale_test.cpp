#include "device-drivers/serial/serial_scale.h"

#include "device-drivers/scales/scale_protocols.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/weight_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/virtual_scale.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices::serial_scale_test {
namespace {

using simulator::VirtualScale;
using std::chrono::milliseconds;
using test::WeightSink;
using Seen = WeightSink::Seen;
using State = WeightReading::State;

/// A virtual scale and the driver that reads it.
struct Bench {
  explicit Bench(bool parity = false, Duration settle = milliseconds(300),
                 std::string_view speaks = "toledo")
      : Bench(parity, settle, speaks, speaks) {}
  Bench(bool parity, Duration settle, std::string_view configured, std::string_view speaks)
      : protocol(*std::ranges::find(scale_protocols(), configured, &ScaleProtocolEntry::name)),
        hardware({"scale-1", link, settle, parity, std::string(speaks)}, clock) {}

  void start() {
    driver = std::make_unique<SerialScale>(
        SerialLinkConfig{"scale-1", link, 9600, *parse_serial_mode(protocol.usual_mode)},
        protocol.make(WeightUnit::kKilogram), sink, clock);
  }
  void start_watched() {
    REQUIRE(hardware.plug());
    start();
    driver->watch(true);
    REQUIRE(sink.wait_online());
  }
  /// Reads something that was asked for from now on.
  bool reads(State state) { return sink.wait_reading(state, clock.mono_now()); }

  test::TempFolder folder;
  std::string link = folder.file("scale-1");
  test::MachineClock clock;
  const ScaleProtocolEntry& protocol;
  VirtualScale hardware;
  WeightSink sink;
  std::unique_ptr<SerialScale> driver;  // last: stops before what it uses goes away
};

TEST_CASE("serial scale: a weight is first in motion and then stable", "[devices][scale]") {
  Bench bench;
  bench.start_watched();
  const MonoTime before = bench.clock.mono_now();
  bench.hardware.put(1250);
  REQUIRE(bench.sink.wait([before](const Seen& seen) {
    return std::ranges::any_of(seen.readings, [before](const WeightReading& reading) {
      return reading.at >= before && reading.state == State::kUnstable;
    });
  }));
  REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.readings.back().weight_mg > 0; }));
  const WeightReading reading = bench.sink.seen().readings.back();
  CHECK(reading.device == "scale-1");
  CHECK(reading.state == State::kStable);
  CHECK(reading.weight_mg == 1'250'000);
  CHECK(reading.shown == "1.250 kg");
  CHECK(reading.at >= before);
  CHECK(reading.at <= bench.clock.mono_now());
}

TEST_CASE("serial scale: what is no weight has a state of its own", "[devices][scale]") {
  Bench bench;
  bench.start_watched();
  bench.hardware.overload();
  REQUIRE(bench.reads(State::kOver));
  bench.hardware.lift();
  REQUIRE(bench.reads(State::kUnder));
  bench.hardware.move();
  REQUIRE(bench.reads(State::kUnstable));
  for (const WeightReading& reading : bench.sink.seen().readings) {
    CHECK((reading.state == State::kStable || reading.shown.empty()));
  }
  bench.hardware.put(5);
  REQUIRE(bench.reads(State::kStable));
  CHECK(bench.sink.seen().readings.back().shown == "0.005 kg");
}

TEST_CASE("serial scale: the parity bit of an 8-bit adapter does not matter", "[devices][scale]") {
  Bench bench(true);
  bench.start_watched();
  bench.hardware.put(12'345);
  REQUIRE(bench.sink.wait([](const Seen& seen) {
    return !seen.readings.empty() && seen.readings.back().weight_mg == 12'345'000;
  }));
}

TEST_CASE("serial scale: is asked while somebody watches and else left alone", "[devices][scale]") {
  Bench bench;
  REQUIRE(bench.hardware.plug());
  bench.start();
  REQUIRE(bench.sink.wait_online());
  const auto once = bench.hardware.asked();
  // Long enough for two questions at the pace of watching.
  CHECK_FALSE(bench.sink.wait([](const Seen& seen) { return seen.readings.size() > 1; },
                              milliseconds(700)));
  CHECK(bench.hardware.asked() == once);
  bench.driver->watch(true);
  REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.readings.size() > 3; }));
  bench.driver->watch(false);
  // The answer to a question that was asked already may still come; then it is quiet.
  const auto seen_until = [&bench](milliseconds quiet) {
    auto count = bench.sink.seen().readings.size();
    while (bench.sink.wait([count](const Seen& seen) { return seen.readings.size() > count; },
                           quiet)) {
      count = bench.sink.seen().readings.size();
    }
    return count;
  };
  CHECK(seen_until(milliseconds(700)) <= 6);
}

TEST_CASE("serial scale: one that does not answer is offline until it does", "[devices][scale]") {
  Bench bench;
  bench.start_watched();
  bench.hardware.mute(true);
  REQUIRE(bench.sink.wait_offline());
  CHECK_THAT(bench.sink.seen().states.back().detail, Catch::Contains("does not answer"));
  const auto readings = bench.sink.seen().readings.size();
  bench.hardware.mute(false);
  REQUIRE(bench.sink.wait_online());
  REQUIRE(
      bench.sink.wait([readings](const Seen& seen) { return seen.readings.size() > readings; }));
}

TEST_CASE("serial scale: a port without a scale is offline", "[devices][scale]") {
  Bench bench;
  bench.hardware.mute(true);
  REQUIRE(bench.hardware.plug());
  bench.start();
  REQUIRE(bench.sink.wait_offline());
  CHECK(bench.sink.seen().states.size() == 1);
  CHECK(bench.sink.seen().readings.empty());
}

TEST_CASE("serial scale: pulled out while it is asked: no reading before a fresh answer",
          "[devices][scale]") {
  Bench bench;
  bench.start_watched();
  bench.hardware.put(1250);
  REQUIRE(bench.reads(State::kStable));
  bench.hardware.mute(true);  // so that a question is always under way
  REQUIRE(bench.hardware.unplug());
  REQUIRE(bench.sink.wait_offline());
  const Seen away = bench.sink.seen();
  CHECK(away.order.back() == "offline");
  CHECK_THAT(away.states.back().detail,
             Catch::Contains("unplugged") || Catch::Contains("no such device"));

  bench.hardware.put(2000);
  bench.hardware.mute(false);
  const MonoTime back = bench.clock.mono_now();
  REQUIRE(bench.hardware.plug());
  REQUIRE(bench.sink.wait_online());
  REQUIRE(bench.sink.wait([&away](const Seen& seen) {
    return seen.readings.size() > away.readings.size() && seen.readings.back().weight_mg > 0;
  }));
  const Seen seen = bench.sink.seen();
  CHECK(seen.readings.back().weight_mg == 2'000'000);
  for (std::size_t i = away.readings.size(); i < seen.readings.size(); ++i) {
    CHECK(seen.readings[i].at >= back);
  }
  // Between the two states nothing was read.
  const auto offline = std::ranges::find(seen.order, "offline");
  const auto online = std::find(offline, seen.order.end(), "online");
  CHECK(std::all_of(offline, online, [](const std::string& what) { return what == "offline"; }));
}

TEST_CASE("serial scale: plugged in and out again and again", "[devices][scale]") {
  Bench bench(false, Duration::zero());
  bench.start_watched();
  for (std::int64_t grams = 1; grams <= 4; ++grams) {
    bench.hardware.put(grams);
    REQUIRE(bench.sink.wait([grams](const Seen& seen) {
      return !seen.readings.empty() && seen.readings.back().weight_mg == grams * 1000;
    }));
    REQUIRE(bench.hardware.unplug());
    REQUIRE(bench.sink.wait_offline());
    REQUIRE(bench.hardware.plug());
    REQUIRE(bench.sink.wait_online());
  }
}

TEST_CASE("serial scale: stops at once, also while it waits for an answer", "[devices][scale]") {
  Bench bench;
  bench.hardware.mute(true);
  REQUIRE(bench.hardware.plug());
  Duration best = std::chrono::hours(1);
  for (int i = 0; i < 5; ++i) {
    bench.start();
    bench.driver->watch(true);
    const MonoTime before = bench.clock.mono_now();
    bench.driver.reset();
    best = std::min(best, bench.clock.mono_now() - before);
  }
  CHECK(best < milliseconds(100));
}

/// What a protocol can tell, beside a weight.
struct Tells {
  std::string_view protocol;
  bool grams = false;  ///< it shows grams, not kilograms
  bool over = true;
  bool under = true;
  bool zero = true;
};

constexpr std::array<Tells, 7> kAllProtocols{{{"toledo"},
                                              {"nci"},
                                              {"sics"},
                                              {"cas", false, false, false, false},
                                              {"cas-stream", false, true, true, false},
                                              {"dibal", true, false, false, false},
                                              {"dialog06", true, true, true, false}}};

TEST_CASE("serial scale: every protocol tells a weight and why there is none",
          "[devices][scale][protocols]") {
  for (const Tells& tells : kAllProtocols) {
    CAPTURE(tells.protocol);
    Bench bench(false, milliseconds(100), tells.protocol);
    bench.start_watched();
    bench.hardware.put(1250);
    REQUIRE(bench.reads(State::kStable));
    const WeightReading reading = bench.sink.seen().readings.back();
    CHECK(reading.weight_mg == 1'250'000);
    CHECK(reading.shown == (tells.grams ? "1250 g" : "1.250 kg"));
    // A weight that nobody moved is the same weight when it is asked for again.
    REQUIRE(bench.reads(State::kStable));
    CHECK(bench.sink.seen().readings.back().weight_mg == 1'250'000);

    bench.hardware.move();
    REQUIRE(bench.reads(State::kUnstable));
    bench.hardware.overload();
    REQUIRE(bench.reads(tells.over ? State::kOver : State::kUnstable));
    bench.hardware.lift();
    REQUIRE(bench.reads(tells.under ? State::kUnder : State::kUnstable));
    for (const WeightReading& one : bench.sink.seen().readings) {
      CHECK((one.state == State::kStable || (one.shown.empty() && one.weight_mg == 0)));
    }
  }
}

TEST_CASE("serial scale: every protocol sees a scale that is mute, garbled or pulled out",
          "[devices][scale][protocols]") {
  for (const Tells& tells : kAllProtocols) {
    CAPTURE(tells.protocol);
    Bench bench(false, Duration::zero(), tells.protocol);
    bench.hardware.put(1250);
    bench.start_watched();
    bench.hardware.mute(true);
    REQUIRE(bench.sink.wait_offline());
    CHECK_THAT(bench.sink.seen().states.back().detail, Catch::Contains("does not answer"));
    bench.hardware.mute(false);
    REQUIRE(bench.sink.wait_online());
    bench.hardware.garble(true);
    REQUIRE(bench.sink.wait_offline());
    bench.hardware.garble(false);
    REQUIRE(bench.sink.wait_online());
    REQUIRE(bench.hardware.unplug());
    REQUIRE(bench.sink.wait_offline());
    bench.hardware.put(2000);
    REQUIRE(bench.hardware.plug());
    REQUIRE(bench.sink.wait_online());
    REQUIRE(bench.reads(State::kStable));
    CHECK(bench.sink.seen().readings.back().weight_mg == 2'000'000);
    for (const WeightReading& reading : bench.sink.seen().readings) {
      CHECK((reading.state != State::kStable || reading.weight_mg == 1'250'000 ||
             reading.weight_mg == 2'000'000));
    }
  }
}

TEST_CASE("serial scale: one that speaks another protocol has no weight and is offline",
          "[devices][scale][protocols]") {
  // Each driver on the next one's scale, all at the same time; every pair of them:
  // scales/other_protocol_test.cpp.
  std::vector<std::unique_ptr<Bench>> benches;
  for (std::size_t i = 0; i < kAllProtocols.size(); ++i) {
    const auto& spoken = kAllProtocols.at((i + 1) % kAllProtocols.size());
    benches.push_back(std::make_unique<Bench>(false, Duration::zero(), kAllProtocols.at(i).protocol,
                                              spoken.protocol));
    Bench& bench = *benches.back();
    bench.hardware.put(1250);
    REQUIRE(bench.hardware.plug());
    bench.start();
    bench.driver->watch(true);
  }
  for (const auto& bench : benches) {
    CAPTURE(bench->protocol.name);
    REQUIRE(bench->sink.wait_offline());
    CHECK_THAT(bench->sink.seen().states.back().detail, Catch::Contains("does not answer"));
  }
  for (const auto& bench : benches) {
    CAPTURE(bench->protocol.name);
    bench->driver.reset();
    CHECK(bench->sink.seen().order == std::vector<std::string>{"offline"});
  }
}

TEST_CASE("serial scale: is zeroed and tared where the protocol has it", "[devices][scale]") {
  for (const Tells& tells : kAllProtocols) {
    CAPTURE(tells.protocol);
    Bench bench(false, Duration::zero(), tells.protocol);
    bench.hardware.put(200);
    bench.start_watched();
    REQUIRE(bench.reads(State::kStable));
    const auto ordered = bench.driver->order(ScaleOrder::kZero);
    CHECK(ordered.has_value() == tells.zero);
    if (!ordered) {
      CHECK(ordered.error().reason == "no_such_order");
      continue;
    }
    REQUIRE(
        bench.sink.wait([](const Seen& seen) { return seen.readings.back().shown == "0.000 kg"; }));
    bench.hardware.put(700);
    REQUIRE(
        bench.sink.wait([](const Seen& seen) { return seen.readings.back().shown == "0.500 kg"; }));
    if (!bench.driver->order(ScaleOrder::kTare)) continue;
    REQUIRE(
        bench.sink.wait([](const Seen& seen) { return seen.readings.back().shown == "0.000 kg"; }));
    REQUIRE(bench.driver->order(ScaleOrder::kClearTare));
    REQUIRE(
        bench.sink.wait([](const Seen& seen) { return seen.readings.back().shown == "0.500 kg"; }));
  }
}

}  // namespace
}  // namespace cairn::devices::serial_scale_test
