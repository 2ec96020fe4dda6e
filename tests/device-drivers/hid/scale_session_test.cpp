#include "device-drivers/hid/hid_scale.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/usb/hid_reports.h"

#include <chrono>

namespace cairn::devices::hid::scale_session_test {
namespace {

using std::chrono::milliseconds;

struct Bench final : ScaleSession::Out {
  Bench() {
    const auto descriptor = ReportDescriptor::parse(simulator::scale_report_descriptor());
    REQUIRE(descriptor);
    REQUIRE(session.opened(*descriptor, {}, now));
  }
  void on_reading(WeightReading reading) override { readings.push_back(std::move(reading)); }
  void on_problem(const std::string& text) override { problem = text; }
  void pass(Duration time) { now = now + time; }
  void receive(std::uint8_t status, std::uint16_t grams = 0) {
    session.received(simulator::scale_report({status, 2, 0, grams}), now);
  }

  MonoTime now{1'000'000};
  ScaleSession session{*this};
  std::vector<WeightReading> readings;
  std::string problem;
};

TEST_CASE("scale session: a change is told at once, the same again after a while",
          "[devices][hid]") {
  Bench bench;
  bench.receive(4, 20);
  CHECK(bench.readings.empty());  // nobody watches
  bench.session.watch(true);
  bench.session.quiet(bench.now);
  bench.receive(4, 20);
  bench.pass(milliseconds(100));
  bench.receive(4, 20);
  CHECK(bench.readings.size() == 1);
  CHECK(bench.readings.back().at == MonoTime{1'000'000});
  bench.receive(3);
  bench.receive(4, 21);
  CHECK(bench.readings.size() == 3);
  bench.pass(milliseconds(250));
  bench.receive(4, 21);
  CHECK(bench.readings.size() == 4);
}

TEST_CASE("scale session: what had arrived when somebody began to watch is no weight of now",
          "[devices][hid]") {
  Bench bench;
  bench.session.watch(true);
  bench.receive(4, 20);  // it waited in the pipe
  CHECK(bench.readings.empty());
  bench.session.quiet(bench.now);
  bench.receive(4, 30);
  REQUIRE(bench.readings.size() == 1);
  CHECK(bench.readings.back().weight_mg == 30'000);
}

TEST_CASE("scale session: who begins or ends to watch is heard of, however many reports come",
          "[devices][hid]") {
  Bench bench;
  bench.session.watch(true);
  for (int report = 0; report < 3; ++report) {
    bench.pass(milliseconds(100));
    bench.receive(4, 20);  // just as it wakes: nothing is quiet
    REQUIRE(bench.session.deadline());
    CHECK(*bench.session.deadline() <= bench.now);
  }
  bench.session.quiet(bench.now);
  CHECK(bench.session.deadline() > bench.now);
  bench.receive(4, 20);
  CHECK(bench.readings.size() == 1);
  bench.session.watch(false);
  REQUIRE(bench.session.deadline());
  CHECK(*bench.session.deadline() <= bench.now);
  bench.session.quiet(bench.now);
  CHECK_FALSE(bench.session.deadline());
}

TEST_CASE("scale session: a problem is told, and its end", "[devices][hid]") {
  Bench bench;
  bench.session.watch(true);
  bench.session.quiet(bench.now);
  bench.receive(7);
  CHECK(bench.problem.find("calibrated") != std::string::npos);
  CHECK(bench.readings.empty());
  bench.receive(4, 20);
  CHECK(bench.problem.empty());
  CHECK(bench.readings.size() == 1);
}

TEST_CASE("scale session: a silent scale is asked while it is watched", "[devices][hid]") {
  Bench bench;
  CHECK_FALSE(bench.session.deadline());
  bench.session.watch(true);
  bench.session.quiet(bench.now);
  CHECK_FALSE(bench.session.to_ask());
  bench.pass(milliseconds(300));
  bench.session.quiet(bench.now);
  CHECK(bench.session.to_ask() == 3);
  CHECK_FALSE(bench.session.to_ask());
  bench.receive(4, 20);
  CHECK(bench.session.deadline() == bench.now + milliseconds(2000));
}

TEST_CASE("scale session: one that neither sends nor can be asked is told, until it sends",
          "[devices][hid]") {
  Bench bench;
  bench.session.watch(true);
  bench.session.quiet(bench.now);
  bench.pass(milliseconds(300));
  bench.session.quiet(bench.now);
  REQUIRE(bench.session.to_ask());
  bench.session.cannot_be_asked();
  bench.session.quiet(bench.now);
  CHECK(bench.problem.empty());
  bench.pass(milliseconds(2000));
  bench.session.quiet(bench.now);
  CHECK(bench.problem.find("refuses to be asked") != std::string::npos);
  CHECK_FALSE(bench.session.to_ask());
  CHECK_FALSE(bench.session.deadline());
  bench.receive(4, 20);
  CHECK(bench.problem.empty());
  CHECK(bench.readings.size() == 1);
  CHECK(bench.session.deadline());
}

}  // namespace
}  // namespace cairn::devices::hid::scale_session_test
