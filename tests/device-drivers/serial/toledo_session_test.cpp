#include "device-drivers/serial/toledo_scale.h"
#include "tests/support/catch.h"

#include <chrono>
#include <string>
#include <vector>

namespace cairn::devices::toledo_session_test {
namespace {

using State = WeightReading::State;
using std::chrono::milliseconds;
using Happened = std::vector<std::string>;

constexpr std::string_view kWeight =
    "\x02"
    "01.250\r";

/// A session, and what it says and reports, with times in milliseconds since it was opened.
struct Session final : private ToledoSession::Out {
  Session() { CHECK_FALSE(session.opened(at(0))); }

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
  void on_answers(bool answers) override { happened.emplace_back(answers ? "there" : "away"); }

  ToledoSession session{WeightUnit::kKilogram, *this};
  Happened happened;
};

TEST_CASE("toledo session: is there once it has answered, and is then left alone",
          "[devices][toledo]") {
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

TEST_CASE("toledo session: while it is watched it asks no faster than the protocol allows",
          "[devices][toledo]") {
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

TEST_CASE("toledo session: watched again it asks at once", "[devices][toledo]") {
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

TEST_CASE("toledo session: two questions without an answer and it is away", "[devices][toledo]") {
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

TEST_CASE("toledo session: a scale that never answers is away, too", "[devices][toledo]") {
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

TEST_CASE("toledo session: a late answer is not the answer to a later question",
          "[devices][toledo]") {
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

TEST_CASE("toledo session: an answer counts once, garbage not at all", "[devices][toledo]") {
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

TEST_CASE("toledo session: nothing of before an unplug is used", "[devices][toledo]") {
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

}  // namespace
}  // namespace cairn::devices::toledo_session_test
