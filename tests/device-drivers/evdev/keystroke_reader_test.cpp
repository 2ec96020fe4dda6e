#include "device-drivers/evdev/keystroke_reader.h"

#include "core/base/barcode.h"
#include "tests/device-drivers/evdev/keys.h"
#include "tests/support/catch.h"

#include <chrono>
#include <string>

namespace cairn::devices::evdev::keystroke_reader_test {
namespace {

using Read = KeystrokeReader::Read;
using Reads = std::vector<Read>;
using Reason = FailedRead::Reason;
using std::chrono::milliseconds;
using test::Keys;
using test::keys;
using test::operator+;

constexpr Duration kGap = std::chrono::seconds(1);
const Read kSpoiled = tl::unexpected(Reason::kIncomplete);

struct Bench {
  Reads type(const Keys& events) {
    Reads reads;
    for (const KeyEvent& event : events) {
      for (auto& read : reader.take(event, now)) reads.push_back(std::move(read));
    }
    return reads;
  }
  void wait(Duration time) { now = now + time; }
  MonoTime now{1'000'000};
  KeystrokeReader reader{*KeyDecoder::create({}), kGap};
};

const Keys k12 = keys({KEY_1, KEY_2});
const Keys kEnter = keys({KEY_ENTER});

TEST_CASE("keystrokes: Enter and Tab end a read, twice is once", "[devices][wedge]") {
  Bench bench;
  CHECK(bench.type(k12 + kEnter) == Reads{"12"});
  CHECK(bench.type(keys({KEY_3, KEY_TAB, KEY_ENTER, KEY_4, KEY_KPENTER})) == Reads{"3", "4"});
  CHECK(bench.type(kEnter + kEnter).empty());
  CHECK_FALSE(bench.reader.deadline());
}

TEST_CASE("keystrokes: a GS1 code arrives with its separators", "[devices][wedge]") {
  Bench bench;
  CHECK(bench.type(keys({KEY_RIGHTBRACE}) + keys({KEY_C}, {KEY_LEFTSHIFT}) + k12 +
                   keys({KEY_RIGHTBRACE}, {KEY_LEFTCTRL}) + k12 + keys({KEY_F8}) + k12 + kEnter) ==
        Reads{"]C12\x1d"
              "12\x1d"
              "12"});
}

TEST_CASE("keystrokes: an unknown key spoils its read, once, and none but it", "[devices][wedge]") {
  Bench bench;
  const Keys unknown = keys({KEY_F1});
  CHECK(bench.type(k12 + unknown + k12 + unknown + kEnter + k12 + kEnter) == Reads{kSpoiled, "12"});
  CHECK(bench.type(unknown + k12 + kEnter + k12 + kEnter) == Reads{kSpoiled, "12"});
  CHECK(bench.type(keys({KEY_KP0}, {KEY_LEFTALT}) + k12 + kEnter + k12 + kEnter) ==
        Reads{kSpoiled, "12"});
}

TEST_CASE("keystrokes: after a spoiled read silence ends it, too", "[devices][wedge]") {
  Bench bench;
  CHECK(bench.type(keys({KEY_F1}) + k12) == Reads{kSpoiled});
  REQUIRE(bench.reader.deadline());
  bench.wait(kGap);
  CHECK_FALSE(bench.reader.quiet(bench.now));  // it was told
  CHECK_FALSE(bench.reader.deadline());
  CHECK(bench.type(k12 + kEnter) == Reads{"12"});
}

TEST_CASE("keystrokes: 256 octets are a read, the 257th is one too many", "[devices][wedge]") {
  Bench bench;
  Keys longest;
  for (std::size_t i = 0; i < Barcode::kMaxSize; ++i) longest = longest + keys({KEY_7});
  CHECK(bench.type(longest + kEnter) == Reads{std::string(Barcode::kMaxSize, '7')});
  CHECK(bench.type(longest + keys({KEY_7, KEY_7}) + kEnter + k12 + kEnter) ==
        Reads{tl::unexpected(Reason::kTooLong), "12"});
}

TEST_CASE("keystrokes: half a read is given up after a second of silence", "[devices][wedge]") {
  Bench bench;
  bench.type(k12);
  bench.wait(milliseconds(999));
  CHECK_FALSE(bench.reader.quiet(bench.now));
  bench.type(keys({KEY_3}));  // it goes on
  CHECK(bench.reader.deadline() == bench.now + kGap);
  bench.wait(kGap - milliseconds(1));
  CHECK_FALSE(bench.reader.quiet(bench.now));
  bench.wait(milliseconds(1));
  CHECK(bench.reader.quiet(bench.now) == Reason::kIncomplete);
  CHECK_FALSE(bench.reader.quiet(bench.now + kGap));
  CHECK_FALSE(bench.reader.deadline());
  CHECK(bench.type(k12 + kEnter) == Reads{"12"});
}

TEST_CASE("keystrokes: lost events spoil the read and what follows of it", "[devices][wedge]") {
  Bench bench;
  bench.type(k12 + Keys{{KEY_LEFTSHIFT, 1}});
  CHECK(bench.reader.lost_events(bench.now) == Reason::kIncomplete);
  bench.reader.set({KEY_LEFTSHIFT, 0});
  CHECK(bench.type(k12 + kEnter).empty());
  CHECK(bench.type(keys({KEY_A}) + kEnter) == Reads{"a"});
  // Also between two reads: the beginning of the next may be among them.
  CHECK(bench.reader.lost_events(bench.now) == Reason::kIncomplete);
  CHECK_FALSE(bench.reader.lost_events(bench.now));
  CHECK(bench.type(k12 + kEnter + k12 + kEnter) == Reads{"12"});
}

TEST_CASE("keystrokes: while a key is stuck no read counts", "[devices][wedge]") {
  Bench bench;
  CHECK(bench.type(Keys{{KEY_LEFTSHIFT, 1}} + keys({KEY_A}) + kEnter) == Reads{"A"});
  for (int repeats = 0; repeats < 10; ++repeats) {
    bench.wait(milliseconds(99));
    bench.type({{KEY_LEFTSHIFT, 2}});
    CHECK_FALSE(bench.reader.quiet(bench.now));
    CHECK_FALSE(bench.reader.is_stuck());
    CHECK(bench.reader.deadline());
  }
  bench.wait(milliseconds(10));
  CHECK_FALSE(bench.reader.quiet(bench.now));  // no read was cut off
  CHECK(bench.reader.is_stuck());
  CHECK_FALSE(bench.reader.deadline());
  CHECK(bench.type(k12 + kEnter + k12 + kEnter) == Reads{kSpoiled, kSpoiled});
  bench.type({{KEY_LEFTSHIFT, 0}});
  CHECK_FALSE(bench.reader.quiet(bench.now));
  CHECK_FALSE(bench.reader.is_stuck());
  CHECK(bench.type(keys({KEY_A}) + kEnter) == Reads{"a"});

  CHECK(bench.type(Keys{{KEY_1, 1}, {KEY_1, 2}, {KEY_1, 2}}).empty());
  bench.wait(kGap);
  CHECK(bench.reader.quiet(bench.now) == Reason::kIncomplete);
  CHECK(bench.reader.is_stuck());
  CHECK_FALSE(bench.reader.reset());
  CHECK_FALSE(bench.reader.is_stuck());
  CHECK(bench.type(k12 + kEnter) == Reads{"12"});
}

TEST_CASE("keystrokes: a key that should be up long since spoils its read", "[devices][wedge]") {
  Bench bench;
  const Keys four{{KEY_4, 1}};
  CHECK(bench.type(four + keys({KEY_0, KEY_0, KEY_6, KEY_3, KEY_8, KEY_1}) + four + kEnter) ==
        Reads{kSpoiled});
  bench.type({{KEY_4, 0}});
  // As many as a report holds go up later than the end comes.
  CHECK(bench.type(four + keys({KEY_0, KEY_0, KEY_6, KEY_3, KEY_8}) + kEnter) == Reads{"400638"});
  bench.type({{KEY_4, 0}});
  CHECK(bench.type(k12 + kEnter) == Reads{"12"});
}

TEST_CASE("keystrokes: a read that began before anybody listened is dropped to its end",
          "[devices][wedge]") {
  Bench bench;
  bench.type(k12 + kEnter);
  CHECK_FALSE(bench.reader.begin(bench.now));
  bench.type(k12);
  CHECK(bench.reader.begin(bench.now) == Reason::kIncomplete);
  CHECK(bench.type(k12 + kEnter + k12 + kEnter) == Reads{"12"});
}

TEST_CASE("keystrokes: an unplug cuts a read off, and nothing of it is left", "[devices][wedge]") {
  Bench bench;
  CHECK_FALSE(bench.reader.reset());
  bench.type(k12 + Keys{{KEY_LEFTSHIFT, 1}, {KEY_LEFTALT, 1}, {KEY_KP6, 1}});
  CHECK(bench.reader.reset() == Reason::kIncomplete);
  CHECK_FALSE(bench.reader.deadline());
  CHECK(bench.type(k12 + kEnter) == Reads{"12"});
}

}  // namespace
}  // namespace cairn::devices::evdev::keystroke_reader_test
