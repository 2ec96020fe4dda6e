#include "device-drivers/hid/hid_scale.h"

#include "device-drivers/registry.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/weight_sink.h"
#include "tests/device-drivers/usb/sim.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cairn::devices::hid::hid_scale_test {
namespace {

using std::chrono::milliseconds;
using State = WeightReading::State;
using Seen = test::WeightSink::Seen;

/// A virtual scale and the driver that reads it, as a configuration opens it.
struct Bench {
  explicit Bench(int settle_ms = 0)
      : sim({"--scale", fmt::format("scale-1=usb:0922:8003,settle={}", settle_ms)}) {
    auto opened =
        open_scale({.name = "scale-1", .kind = "scale", .url = "usb:0922:8003"}, sink, clock);
    REQUIRE(opened);
    driver = *std::move(opened);
    REQUIRE(sink.wait_online());
  }
  /// Until the scale says that weight: a report of the one before may be on its way.
  [[nodiscard]] bool wait_weight(std::int64_t mg) {
    return sink.wait([mg](const Seen& seen) {
      return !seen.readings.empty() && seen.readings.back().state == State::kStable &&
             seen.readings.back().weight_mg == mg;
    });
  }
  [[nodiscard]] bool wait(State state) {
    const bool came = sink.wait_reading(state, clock.mono_now());
    CAPTURE(name_of(state));
    return came;
  }

  test::UsbSim sim;
  test::MachineClock clock;
  test::WeightSink sink;
  std::unique_ptr<Scale> driver;  // last: stops before what it uses goes away
};

TEST_CASE("hid scale: what it says is told while it is watched", "[devices][scale]") {
  Bench bench;
  bench.sim.command("weight 1.250");
  CHECK_FALSE(
      bench.sink.wait([](const Seen& seen) { return !seen.readings.empty(); }, milliseconds(300)));
  bench.driver->watch(true);
  REQUIRE(bench.wait(State::kStable));
  const auto reading = bench.sink.seen().readings.back();
  CHECK(reading.device == "scale-1");
  CHECK(reading.weight_mg == 1'250'000);
  CHECK(reading.shown == "1.250 kg");
  bench.sim.command("move");
  CHECK(bench.wait(State::kUnstable));
  bench.sim.command("over");
  CHECK(bench.wait(State::kOver));
  bench.sim.command("under");
  CHECK(bench.wait(State::kUnder));
  bench.sim.command("weight 0");
  REQUIRE(bench.wait(State::kStable));
  CHECK(bench.sink.seen().readings.back().weight_mg == 0);
  CHECK(bench.sink.seen().readings.back().shown == "0.000 kg");
  bench.driver->watch(false);
}

TEST_CASE("hid scale: the same weight is told again, though not every time", "[devices][scale]") {
  Bench bench;
  bench.sim.command("weight 0.020");
  bench.driver->watch(true);
  const MonoTime before = bench.clock.mono_now();
  REQUIRE(bench.sink.wait([](const Seen& seen) { return seen.readings.size() >= 4; }));
  CHECK(bench.clock.mono_now() - before >= milliseconds(600));
}

TEST_CASE("hid scale: pulled out while it is watched, plugged in again with another weight",
          "[devices][scale]") {
  Bench bench;
  bench.sim.command("weight 1.000");
  bench.driver->watch(true);
  REQUIRE(bench.wait(State::kStable));
  for (int round = 0; round < 5; ++round) {
    bench.sim.command("usb stale");
    bench.sim.command("unplug");
    REQUIRE(bench.sink.wait_offline());
    const auto before = bench.sink.seen().readings.size();
    bench.sim.command("weight 2.000");
    bench.sim.command("plug");
    REQUIRE(bench.sink.wait_online());
    REQUIRE(bench.wait(State::kStable));
    CHECK(bench.sink.seen().readings.at(before).weight_mg == 2'000'000);
    bench.sim.command("weight 1.000");
    REQUIRE(bench.sink.wait(
        [](const Seen& seen) { return seen.readings.back().weight_mg == 1'000'000; }));
  }
}

TEST_CASE("hid scale: one that falls silent is asked", "[devices][scale]") {
  Bench bench;
  bench.sim.command("weight 3.000");
  bench.sim.command("usb nak");  // nothing comes by itself any more; requests are answered
  bench.driver->watch(true);
  CHECK(bench.wait_weight(3'000'000));
}

TEST_CASE("hid scale: a slow one is waited for and never has a wrong weight", "[devices][scale]") {
  const int late_ms = GENERATE(80, 700);
  CAPTURE(late_ms);
  Bench bench;
  bench.sim.command("weight 1.000");
  bench.driver->watch(true);
  REQUIRE(bench.wait_weight(1'000'000));
  const auto before = bench.sink.seen().readings.size();
  bench.sim.command(fmt::format("usb slow={}", late_ms));
  bench.sim.command("weight 2.000");
  REQUIRE(bench.wait_weight(2'000'000));
  bench.sim.command("move");
  REQUIRE(bench.wait(State::kUnstable));
  bench.sim.command("weight 0.500");
  REQUIRE(bench.wait_weight(500'000));
  bench.driver.reset();
  // Late, but in the order in which it was weighed, and nothing in between.
  std::vector<std::int64_t> weights{1'000'000};
  const auto seen = bench.sink.seen();
  for (const WeightReading& one : std::span(seen.readings).subspan(before)) {
    if (one.state == State::kStable && one.weight_mg != weights.back()) {
      weights.push_back(one.weight_mg);
    }
  }
  CHECK(weights == std::vector<std::int64_t>{1'000'000, 2'000'000, 500'000});
  CHECK(seen.states.size() == 1);  // online all the time
}

TEST_CASE("hid scale: what a slow one sent before it was asked is not told after its answer",
          "[devices][scale]") {
  Bench bench(200);
  // For so long nothing comes, and it is asked. Meanwhile it says that it is in motion.
  bench.sim.command("usb slow=700");
  bench.driver->watch(true);
  bench.sim.command("weight 2.000");
  REQUIRE(bench.wait_weight(2'000'000));
  bench.sim.command("usb none");
  REQUIRE(bench.sink.wait([told = bench.sink.seen().readings.size()](const Seen& seen) {
    return seen.readings.size() > told + 1;
  }));
  bench.driver.reset();
  const auto seen = bench.sink.seen();
  const auto stable = std::ranges::find(seen.readings, 2'000'000, &WeightReading::weight_mg);
  CHECK(std::all_of(stable, seen.readings.end(), [](const WeightReading& one) {
    return one.state == State::kStable && one.weight_mg == 2'000'000;
  }));
}

TEST_CASE("hid scale: noise and halts bring no weight", "[devices][scale]") {
  const std::string fault = GENERATE("garbage", "short", "overflow", "stall", "stall_reset");
  CAPTURE(fault);
  Bench bench;
  bench.sim.command("weight 1.000");
  bench.driver->watch(true);
  REQUIRE(bench.wait_weight(1'000'000));
  const auto before = static_cast<std::ptrdiff_t>(bench.sink.seen().readings.size());
  for (int round = 0; round < 3; ++round) {
    bench.sim.command("usb " + fault);
    REQUIRE(bench.wait(State::kStable));
  }
  const auto seen = bench.sink.seen();
  CHECK(std::all_of(seen.readings.begin() + before, seen.readings.end(),
                    [](const WeightReading& one) { return one.weight_mg == 1'000'000; }));
}

}  // namespace
}  // namespace cairn::devices::hid::hid_scale_test
