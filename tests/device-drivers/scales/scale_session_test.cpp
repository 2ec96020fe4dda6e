#include "device-drivers/scales/scale_session.h"

#include "device-drivers/scales/dialog06_protocol.h"
#include "device-drivers/scales/dibal_protocol.h"
#include "device-drivers/scales/toledo_protocol.h"
#include "tests/support/catch.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::scale_session_test {
namespace {

using State = WeightReading::State;
using std::chrono::milliseconds;
using Happened = std::vector<std::string>;

constexpr std::string_view kWeight =
    "\x02"
    "01.250\r";

/// A session, and what it says and reports, with times in milliseconds since it was opened.
struct Session final : private ScaleSession::Out {
  explicit Session(std::unique_ptr<ScaleProtocol> protocol =
                       std::make_unique<ToledoProtocol>(WeightUnit::kKilogram))
      : session(std::move(protocol), *this) {
    CHECK_FALSE(session.opened(at(0)));
  }

  static MonoTime at(int ms) { return MonoTime{1'000'000} + milliseconds(ms); }

  /// "W" or nothing.
  std::string asks() { return session.to_send(); }
  void hears(std::string_view octets, int ms) { session.received(octets, at(ms)); }
  void waits(int ms) { session.quiet(at(ms)); }
  /// When it wants to be called, -1: never.
  int due() const {
    const auto due = session.deadline();
    return due ? static_cast<int>((*due - at(0)).count() / 1000) : -1;
  }
  Happened all() { return std::exchange(happened, {}); }

  void on_reading(WeightReading reading) override {
    happened.push_back(std::string(name_of(reading.state)) + " " +
                       std::to_string((reading.at - at(0)).count() / 1000));
  }
  void on_there() override { happened.emplace_back("there"); }
  void on_away(const std::string& why) override {
    happened.emplace_back(why.find("does not answer") != std::string::npos ? "away" : why);
  }

  ScaleSession session;
  Happened happened;
};

TEST_CASE("scale session: is there once it has answered, and is then left alone",
          "[devices][scale]") {
  Session scale;
  CHECK(scale.asks() == "W");
  CHECK(scale.asks().empty());  // told once
  CHECK(scale.due() == 500);
  CHECK(scale.all().empty());
  scale.hears(kWeight, 30);
  CHECK(scale.all() == Happened{"there", "stable 0"});
  CHECK(scale.due() == -1);
  scale.waits(60'000);
  CHECK(scale.asks().empty());
}

TEST_CASE("scale session: while it is watched it asks no faster than the protocol allows",
          "[devices][scale]") {
  Session scale;
  scale.asks();
  scale.session.watch(true);
  scale.hears(kWeight, 10);
  int asked = 0;
  int last = 0;
  for (int now = 10; now <= 5000; ++now) {
    scale.waits(now);
    if (scale.asks().empty()) continue;
    CHECK(now - last >= 200);
    last = now;
    ++asked;
    scale.hears(kWeight, now);  // at once
  }
  CHECK(asked >= 15);
  scale.session.watch(false);
  scale.waits(60'000);
  CHECK(scale.asks().empty());
  CHECK(scale.due() == -1);
}

TEST_CASE("scale session: watched again it asks at once", "[devices][scale]") {
  Session scale;
  scale.asks();
  scale.hears(kWeight, 10);
  scale.session.watch(true);
  CHECK(scale.due() <= 5000);
  scale.waits(5000);
  CHECK(scale.asks() == "W");
  scale.hears("\x02?A\r", 5040);
  CHECK(scale.all() == Happened{"there", "stable 0", "unstable 5000"});
}

TEST_CASE("scale session: two questions without an answer and it is away", "[devices][scale]") {
  Session scale;
  scale.asks();
  scale.hears(kWeight, 10);
  scale.session.watch(true);
  scale.waits(250);
  CHECK(scale.asks() == "W");
  scale.all();

  scale.waits(749);
  CHECK(scale.all().empty());
  scale.waits(750);  // the first is given up
  CHECK(scale.all().empty());
  CHECK(scale.asks().empty());
  CHECK(scale.due() == 1250);
  scale.waits(1250);
  CHECK(scale.asks() == "W");
  scale.waits(1750);
  CHECK(scale.all() == Happened{"away"});

  // It goes on asking, also when nobody watches, so that it is found when it is back.
  scale.session.watch(false);
  CHECK(scale.due() == 2250);
  scale.waits(2250);
  CHECK(scale.asks() == "W");
  scale.hears(kWeight, 2260);
  CHECK(scale.all() == Happened{"there", "stable 2250"});
  CHECK(scale.due() == -1);
}

TEST_CASE("scale session: a scale that never answers is away, too", "[devices][scale]") {
  Session scale;
  int asked = 0;
  for (int now = 0; now <= 10'000; ++now) {
    scale.waits(now);
    if (!scale.asks().empty()) ++asked;
  }
  CHECK(asked == 11);  // one a second
  const Happened happened = scale.all();
  REQUIRE_FALSE(happened.empty());
  CHECK(happened.front() == "away");
}

TEST_CASE("scale session: a late answer is not the answer to a later question",
          "[devices][scale]") {
  Session scale;
  scale.asks();
  scale.hears(kWeight, 10);
  scale.session.watch(true);
  scale.waits(250);
  CHECK(scale.asks() == "W");
  scale.all();
  scale.waits(750);
  scale.hears(
      "\x02"
      "09.999\r",
      800);  // to the question of 250
  CHECK(scale.all().empty());
  scale.hears(
      "\x02"
      "09",
      1200);  // and one that is still under way
  scale.waits(1250);
  CHECK(scale.asks() == "W");
  scale.hears(".999\r", 1251);
  CHECK(scale.all().empty());
  scale.hears(kWeight, 1260);
  CHECK(scale.all() == Happened{"stable 1250"});
}

TEST_CASE("scale session: an answer counts once, garbage not at all", "[devices][scale]") {
  Session scale;
  scale.asks();
  scale.hears("\xff\x02garbage\r\x02-1.000\r", 20);
  CHECK(scale.all().empty());
  scale.hears(
      "\x02"
      "01.",
      30);
  scale.hears(
      "250\r\x02"
      "02.000\r",
      40);
  CHECK(scale.all() == Happened{"there", "stable 0"});
}

TEST_CASE("scale session: nothing of before an unplug is used", "[devices][scale]") {
  Session scale;
  scale.asks();
  scale.session.watch(true);
  scale.hears(kWeight, 10);
  scale.waits(260);
  CHECK(scale.asks() == "W");
  scale.hears(
      "\x02"
      "01.",
      270);
  scale.all();
  scale.session.lost(Session::at(280));
  CHECK_FALSE(scale.session.opened(Session::at(5000)));
  CHECK(scale.asks() == "W");
  scale.hears("250\r", 5010);
  CHECK(scale.all().empty());
  scale.hears(kWeight, 5020);
  CHECK(scale.all() == Happened{"there", "stable 5000"});
}

TEST_CASE("scale session: an order goes between two questions and is lost with the line",
          "[devices][scale]") {
  Session scale;
  scale.asks();
  REQUIRE(scale.session.order(ScaleOrder::kZero));
  scale.waits(10);
  CHECK(scale.asks().empty());  // not while it is asked
  scale.hears(kWeight, 20);
  CHECK(scale.due() == 250);
  scale.waits(250);
  CHECK(scale.asks() == "Z");
  scale.hears("\x02?P\r", 260);  // what it says to that
  CHECK(scale.all() == Happened{"there", "stable 0"});
  CHECK(scale.due() == -1);
  scale.session.watch(true);
  scale.waits(499);
  CHECK(scale.asks().empty());
  scale.waits(500);
  CHECK(scale.asks() == "W");

  REQUIRE(scale.session.order(ScaleOrder::kTare));
  scale.session.lost(Session::at(600));
  CHECK_FALSE(scale.session.opened(Session::at(5000)));
  CHECK(scale.asks() == "W");
  scale.hears(kWeight, 5010);
  scale.waits(5250);
  CHECK(scale.asks() == "W");  // no tare
}

TEST_CASE("scale session: an order that the protocol has not got is refused", "[devices][scale]") {
  Session scale(std::make_unique<DibalProtocol>());
  const auto refused = scale.session.order(ScaleOrder::kZero);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kRejected);
  CHECK(refused.error().reason == "no_such_order");
  CHECK_THAT(refused.error().message, Catch::Contains("on the scale itself"));
}

TEST_CASE("scale session: where the scale does not say so, equal weights make a stable one",
          "[devices][scale]") {
  Session scale(std::make_unique<DibalProtocol>());
  scale.session.watch(true);
  const std::string heavy = "9900031600000004\r\n";
  const std::string light = "9900031500000007\r\n";
  int now = 0;
  const auto weighs = [&scale, &now](const std::string& line) {
    CHECK_FALSE(scale.asks().empty());
    scale.hears(line, now + 10);
    now += 200;
    scale.waits(now);
    return scale.all().back();
  };
  CHECK(weighs(heavy) == "unstable 0");
  CHECK(weighs(heavy) == "unstable 200");
  CHECK(weighs(light) == "unstable 400");
  CHECK(weighs(light) == "unstable 600");
  CHECK(weighs(light) == "stable 800");
  CHECK(weighs(light) == "stable 1000");
  CHECK(weighs(heavy) == "unstable 1200");
}

TEST_CASE("scale session: a handshake is one question", "[devices][scale]") {
  Session scale(std::make_unique<Dialog06Protocol>());
  const std::string price =
      "\x04\x02"
      "01\x1b"
      "000001\x1b\x03";
  CHECK(scale.asks() == price);
  scale.hears("\x06", 20);
  CHECK(scale.asks() == "\x04\x05");
  scale.hears("\x15", 40);
  CHECK(scale.asks() ==
        "\x04\x02"
        "08\x03");
  CHECK(scale.all().empty());
  scale.hears(
      "\x02"
      "09\x1b"
      "20\x03",
      60);
  CHECK(scale.all() == Happened{"there", "unstable 0"});
  // Out of order: told, and asked again, though nobody watches, until it is well.
  scale.session.watch(true);
  scale.waits(250);
  scale.asks();
  scale.hears("\x15", 260);
  scale.asks();
  scale.hears(
      "\x02"
      "09\x1b"
      "01\x03",
      270);
  const Happened fault = scale.all();
  REQUIRE(fault.size() == 1);
  CHECK_THAT(fault.front(), Catch::Contains("status \"01\""));
  scale.session.watch(false);
  CHECK(scale.due() == 1250);
}

}  // namespace
}  // namespace cairn::devices::scale_session_test
