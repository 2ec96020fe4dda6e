#include "sync/uplink.h"

#include "tests/support/catch.h"

#include <algorithm>
#include <set>
#include <vector>

namespace cairn::sync::uplink_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// So many milliseconds after an arbitrary moment of the machine's life.
constexpr MonoTime ms(std::int64_t value) { return {(1'000'000 + value) * 1000}; }

constexpr std::uint64_t kMuch = 1'000'000;

/// Frames of ten records, all else as it ships.
UplinkLimits tens() {
  UplinkLimits limits;
  limits.full_frame = 10;
  return limits;
}

/// A node with `head` records, of which the hub has `hwm`, in conversation since ms(0).
Uplink open(std::uint64_t head, std::uint64_t hwm = 0, std::uint64_t jitter = 1) {
  Uplink uplink(tens(), head, hwm, jitter);
  uplink.opened(hwm, kMuch, ms(0));
  return uplink;
}

/// Sends all frames of `size` records that may go now; returns how many.
int send_all(Uplink& uplink, MonoTime now, std::uint64_t size = 10) {
  int frames = 0;
  while (const auto first = uplink.next_frame()) {
    uplink.frame_sent(*first, std::min(*first + size - 1, uplink.head()), now);
    REQUIRE(++frames < 1000);
  }
  return frames;
}

/// How long the oldest frame in flight, sent at `sent`, is waited for.
Duration wait_of(const Uplink& uplink, MonoTime sent) {
  REQUIRE(uplink.deadline());
  return *uplink.deadline() - sent;
}

TEST_CASE("uplink: nothing is sent before the hub has answered", "[sync][uplink]") {
  Uplink uplink(tens(), 50, 0, 1);
  CHECK_FALSE(uplink.next_frame());
  CHECK_FALSE(uplink.deadline());
  uplink.opened(0, kMuch, ms(0));
  CHECK(uplink.next_frame() == 1);
}

TEST_CASE("uplink: a frame that never gets through is cut down to the record that is to blame",
          "[sync][uplink]") {
  Uplink uplink = open(40);
  MonoTime now = ms(0);
  std::vector<std::uint64_t> most;
  for (int i = 0; i < 8; ++i) {
    most.push_back(uplink.records_most());
    send_all(uplink, now, uplink.records_most());
    now = *uplink.deadline();
    uplink.on_time(now);
  }
  CHECK(most == std::vector<std::uint64_t>{10, 10, 10, 5, 2, 1, 1, 1});
  // Once anything gets through, whole frames go again.
  uplink.frame_sent(1, 1, now);
  uplink.acked(1, kMuch, 0, now);
  CHECK(uplink.records_most() == 10);
}

TEST_CASE("uplink: gaps that the hub reports count as vain tries, too", "[sync][uplink]") {
  Uplink uplink = open(40);
  MonoTime now = ms(0);
  for (int i = 0; i < 3; ++i) {
    send_all(uplink, now);
    now = now + seconds(1);
    uplink.acked(0, kMuch, 1, now);
    CHECK(uplink.next_frame() == 1);
  }
  CHECK(uplink.records_most() == 5);
}

TEST_CASE("uplink: it begins behind what the hub has, whatever was remembered", "[sync][uplink]") {
  for (const std::uint64_t remembered : {0U, 20U, 40U}) {
    Uplink uplink(tens(), 50, remembered, 1);
    uplink.opened(30, kMuch, ms(0));
    CHECK(uplink.next_frame() == 31);
    CHECK(uplink.hwm() == 30);
  }
}

TEST_CASE("uplink: with nothing new there is nothing to send", "[sync][uplink]") {
  Uplink uplink = open(20, 20);
  CHECK_FALSE(uplink.next_frame());
  CHECK_FALSE(uplink.deadline());
  uplink.log_grew(21);
  CHECK(uplink.next_frame() == 21);
}

TEST_CASE("uplink: at most a window of frames is in flight", "[sync][uplink]") {
  Uplink uplink = open(1000);
  CHECK(send_all(uplink, ms(0)) == 8);
  uplink.acked(10, kMuch, 0, ms(20));
  CHECK(uplink.next_frame() == 81);
  CHECK(send_all(uplink, ms(20)) == 1);
  uplink.acked(40, kMuch, 0, ms(40));  // acks are cumulative
  CHECK(send_all(uplink, ms(40)) == 3);
}

TEST_CASE("uplink: a small frame waits while something is in flight", "[sync][uplink]") {
  Uplink uplink = open(3);
  CHECK(uplink.next_frame() == 1);  // an idle line: at once
  uplink.frame_sent(1, 3, ms(0));
  uplink.log_grew(12);  // nine more: one short of a full frame
  CHECK_FALSE(uplink.next_frame());
  uplink.log_grew(13);
  CHECK(uplink.next_frame() == 4);

  Uplink other = open(3);
  other.frame_sent(1, 3, ms(0));
  other.log_grew(5);
  CHECK_FALSE(other.next_frame());
  other.acked(3, kMuch, 0, ms(20));
  CHECK(other.next_frame() == 4);
}

TEST_CASE("uplink: without credit nothing goes, with credit again it goes on", "[sync][uplink]") {
  Uplink uplink(tens(), 100, 0, 1);
  uplink.opened(0, 0, ms(0));
  CHECK_FALSE(uplink.next_frame());
  uplink.acked(0, 15, 0, ms(10));
  CHECK(send_all(uplink, ms(10)) == 2);  // the second begins within the credit
  CHECK_FALSE(uplink.next_frame());
  uplink.acked(10, 15, 0, ms(20));  // 25 is the end now
  CHECK(uplink.next_frame() == 21);
  uplink.acked(20, 0, 0, ms(30));
  CHECK_FALSE(uplink.next_frame());
  uplink.acked(20, kMuch, 0, ms(40));
  CHECK(uplink.next_frame() == 21);
}

TEST_CASE("uplink: what is not acknowledged in time is sent again from the first missing record",
          "[sync][uplink]") {
  Uplink uplink = open(30);
  CHECK(send_all(uplink, ms(0)) == 3);
  uplink.on_time(ms(999));
  CHECK_FALSE(uplink.next_frame());
  CHECK(uplink.deadline() == ms(1000));
  uplink.on_time(ms(1000));
  CHECK(uplink.next_frame() == 1);

  Uplink part = open(30);
  send_all(part, ms(0));
  part.acked(14, kMuch, 0, ms(0));  // the hub's transactions need not end where frames do
  part.on_time(ms(1000));
  CHECK(part.next_frame() == 15);
}

TEST_CASE("uplink: each time-out in a row doubles the wait, half to whole of it, up to a minute",
          "[sync][uplink]") {
  for (const std::uint64_t jitter : {1U, 2U, 77U, 123'456U}) {
    CAPTURE(jitter);
    Uplink uplink = open(10, 0, jitter);
    MonoTime now = ms(0);
    const std::vector<Duration> whole{seconds(1),  seconds(2),  seconds(4),
                                      seconds(8),  seconds(16), seconds(32),
                                      seconds(60), seconds(60), seconds(60)};
    for (std::size_t i = 0; i < whole.size(); ++i) {
      CAPTURE(i);
      REQUIRE(uplink.next_frame() == 1);
      uplink.frame_sent(1, 10, now);
      const Duration wait = wait_of(uplink, now);
      CHECK(wait <= whole[i]);
      CHECK(wait >= (i == 0 ? whole[i] : whole[i] / 2));
      now = *uplink.deadline();
      uplink.on_time(now);
    }
  }
}

TEST_CASE("uplink: retries of different nodes are spread, those of one node are repeatable",
          "[sync][uplink]") {
  const auto second_wait = [](std::uint64_t jitter) {
    Uplink uplink = open(10, 0, jitter);
    uplink.frame_sent(1, 10, ms(0));
    uplink.on_time(ms(1000));
    uplink.frame_sent(1, 10, ms(1000));
    return wait_of(uplink, ms(1000)).count();
  };
  CHECK(second_wait(5) == second_wait(5));
  std::set<std::int64_t> waits;
  for (std::uint64_t node = 0; node < 100; ++node) waits.insert(second_wait(node * 7919));
  CHECK(waits.size() > 90);
  CHECK(*waits.rbegin() - *waits.begin() > 800'000);  // over most of the second
}

TEST_CASE("uplink: progress ends the backing off", "[sync][uplink]") {
  Uplink uplink = open(20);
  MonoTime now = ms(0);
  for (int i = 0; i < 4; ++i) {
    send_all(uplink, now);
    now = *uplink.deadline();
    uplink.on_time(now);
  }
  send_all(uplink, now);
  uplink.acked(10, kMuch, 0, now);
  CHECK(wait_of(uplink, now) == seconds(1));
}

TEST_CASE("uplink: the wait follows the measured round trips", "[sync][uplink]") {
  Uplink uplink = open(10);
  uplink.frame_sent(1, 10, ms(0));
  uplink.acked(10, kMuch, 0, ms(400));
  uplink.log_grew(20);
  uplink.frame_sent(11, 20, ms(1000));
  CHECK(wait_of(uplink, ms(1000)) == milliseconds(1600));
  uplink.acked(20, kMuch, 0, ms(1000 + 1200));
  uplink.log_grew(30);
  uplink.frame_sent(21, 30, ms(3000));
  CHECK(wait_of(uplink, ms(3000)) == milliseconds(4 * (7 * 400 + 1200) / 8));
}

TEST_CASE("uplink: a quick line does not make the wait shorter than a second", "[sync][uplink]") {
  Uplink uplink = open(10);
  uplink.frame_sent(1, 10, ms(0));
  uplink.acked(10, kMuch, 0, ms(2));
  uplink.log_grew(20);
  uplink.frame_sent(11, 20, ms(5));
  CHECK(wait_of(uplink, ms(5)) == seconds(1));
}

TEST_CASE("uplink: a slow line does not make the wait longer than a minute", "[sync][uplink]") {
  Uplink uplink = open(10);
  uplink.frame_sent(1, 10, ms(0));
  uplink.acked(10, kMuch, 0, ms(600'000));
  uplink.log_grew(20);
  uplink.frame_sent(11, 20, ms(600'001));
  CHECK(wait_of(uplink, ms(600'001)) <= seconds(60));
}

TEST_CASE("uplink: the round trip of a frame sent twice says nothing", "[sync][uplink]") {
  Uplink uplink = open(10);
  uplink.frame_sent(1, 10, ms(0));
  uplink.on_time(ms(1000));
  uplink.frame_sent(1, 10, ms(1000));
  uplink.acked(10, kMuch, 0, ms(1900));  // which of the two was it?
  uplink.log_grew(20);
  uplink.frame_sent(11, 20, ms(2000));
  CHECK(wait_of(uplink, ms(2000)) == seconds(1));
}

TEST_CASE("uplink: a frame with new records behind repeated ones says nothing either",
          "[sync][uplink]") {
  Uplink uplink = open(10);
  uplink.frame_sent(1, 10, ms(0));
  uplink.on_time(ms(1000));
  uplink.log_grew(15);
  uplink.frame_sent(1, 15, ms(1000));
  uplink.acked(15, kMuch, 0, ms(1900));
  uplink.log_grew(25);
  uplink.frame_sent(16, 25, ms(2000));
  CHECK(wait_of(uplink, ms(2000)) == seconds(1));
}

TEST_CASE("uplink: a reported gap is gone back to at once, and once for all who report it",
          "[sync][uplink]") {
  Uplink uplink = open(100);
  CHECK(send_all(uplink, ms(0)) == 8);
  uplink.acked(10, kMuch, 11, ms(20));
  CHECK(uplink.next_frame() == 11);
  CHECK(send_all(uplink, ms(20)) == 8);
  for (int i = 0; i < 6; ++i) {  // the frames behind the lost one report it too
    uplink.acked(10, kMuch, 11, ms(21));
    CHECK_FALSE(uplink.next_frame());
  }
  // Still missing long after it was sent again: lost again.
  uplink.acked(10, kMuch, 11, ms(500));
  CHECK(uplink.next_frame() == 11);
}

TEST_CASE("uplink: a gap that is no gap is not gone back to", "[sync][uplink]") {
  Uplink uplink = open(100);
  send_all(uplink, ms(0));
  uplink.acked(10, kMuch, 0, ms(20));
  const auto next = uplink.next_frame();
  uplink.acked(10, kMuch, 31,
               ms(30));  // not what follows the watermark: more is on its way to disk
  CHECK(uplink.next_frame() == next);
  uplink.acked(10, kMuch, 5, ms(40));  // an old report
  CHECK(uplink.next_frame() == next);

  Uplink idle = open(10);
  send_all(idle, ms(0));
  idle.acked(10, kMuch, 11, ms(20));  // never sent
  CHECK_FALSE(idle.next_frame());
}

TEST_CASE("uplink: stale and impossible acks move nothing", "[sync][uplink]") {
  Uplink uplink = open(50);
  CHECK(send_all(uplink, ms(0)) == 5);
  uplink.acked(30, kMuch, 0, ms(20));
  CHECK(uplink.hwm() == 30);
  uplink.acked(20, kMuch, 0, ms(21));  // overtaken on the way
  CHECK(uplink.hwm() == 30);
  uplink.acked(51, kMuch, 0, ms(22));  // of records that do not exist
  CHECK(uplink.hwm() == 30);
  CHECK_FALSE(uplink.next_frame());
  CHECK(uplink.deadline() == ms(1000));
  uplink.acked(50, kMuch, 0, ms(23));
  CHECK(uplink.hwm() == 50);
  CHECK_FALSE(uplink.deadline());
}

TEST_CASE("uplink: a frame that was built before it went back is not counted as sent",
          "[sync][uplink]") {
  Uplink uplink = open(30);
  send_all(uplink, ms(0));
  uplink.log_grew(40);
  REQUIRE(uplink.next_frame() == 31);  // being built ...
  uplink.on_time(ms(1000));
  uplink.frame_sent(31, 40, ms(1001));  // ... and ready too late
  CHECK(uplink.next_frame() == 1);
  CHECK_FALSE(uplink.deadline());
}

TEST_CASE("uplink: a broken line forgets what was in flight and begins at the hub's watermark",
          "[sync][uplink]") {
  Uplink uplink = open(50);
  send_all(uplink, ms(0));
  uplink.acked(20, kMuch, 0, ms(10));
  uplink.closed();
  CHECK_FALSE(uplink.next_frame());
  CHECK_FALSE(uplink.deadline());
  uplink.acked(50, kMuch, 0, ms(20));  // from before; only a HELLO counts now
  CHECK(uplink.hwm() == 20);
  uplink.opened(30, kMuch, ms(1000));
  CHECK(uplink.next_frame() == 31);
  uplink.closed();
  uplink.opened(5, kMuch, ms(2000));  // a hub restored from a backup
  CHECK(uplink.next_frame() == 6);
  CHECK(uplink.hwm() == 5);
}

TEST_CASE("uplink: a repeated HELLO is an ack and takes nothing out of flight", "[sync][uplink]") {
  Uplink uplink = open(100);
  CHECK(send_all(uplink, ms(0)) == 8);
  uplink.opened(20, kMuch, ms(50));
  CHECK(uplink.hwm() == 20);
  CHECK(uplink.next_frame() == 81);
  CHECK(send_all(uplink, ms(50)) == 2);
}

}  // namespace
}  // namespace cairn::sync::uplink_test
