#include "sync/downlink.h"

#include "tests/support/catch.h"

namespace cairn::sync::downlink_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr MonoTime ms(std::int64_t value) { return {(1'000'000 + value) * 1000}; }

constexpr HubGeneration kGen{7};
const std::string kCat = "cat";
const std::string kSite = "site:store";

/// A node that has applied the site's feed up to `cursor` and knows nothing of the catalogue.
Downlink node_at(std::uint64_t cursor) {
  return Downlink({}, {{kCat, {}, 0}, {kSite, cursor == 0 ? HubGeneration{} : kGen, cursor}});
}

Downlink open(std::uint64_t cursor, std::uint64_t head) {
  Downlink downlink = node_at(cursor);
  downlink.opened(kGen, {{kCat, 0, 1}, {kSite, head, 1}}, ms(0));
  return downlink;
}

/// Of the site's feed: what is to be asked now.
std::optional<FetchWanted> wanted(const Downlink& downlink, MonoTime now) {
  for (const FetchWanted& fetch : downlink.wanted(now)) {
    if (fetch.feed == kSite) return fetch;
  }
  return std::nullopt;
}

/// Asks what is wanted now, which must be something.
FetchWanted ask(Downlink& downlink, MonoTime now) {
  const auto fetch = wanted(downlink, now);
  REQUIRE(fetch);
  downlink.fetch_sent(*fetch, now);
  return *fetch;
}

bool arrives(Downlink& downlink, std::uint64_t base, std::uint64_t last, MonoTime now) {
  return downlink.frame_arrived(kSite, kGen, base, last, now);
}

std::uint64_t cursor(const Downlink& downlink) {
  for (const wire::FeedCursor& at : downlink.cursors()) {
    if (at.feed == kSite) return at.fseq;
  }
  return 0;
}

TEST_CASE("downlink: nothing is asked before the hub has answered", "[sync][downlink]") {
  Downlink downlink = node_at(5);
  downlink.heads(kGen, {{kSite, 10, 1}}, ms(0));
  CHECK_FALSE(wanted(downlink, ms(60'000)));
  CHECK_FALSE(downlink.deadline());
}

TEST_CASE("downlink: behind at HELLO, it fetches at once from its cursor", "[sync][downlink]") {
  Downlink downlink = open(5, 10);
  CHECK(downlink.behind() == 5);
  const auto fetch = wanted(downlink, ms(0));
  REQUIRE(fetch);
  CHECK(fetch->after == 5);
  CHECK_FALSE(fetch->verbatim);
  CHECK(fetch->correlation != 0);  // 0 is the hub's own
}

TEST_CASE("downlink: complete, it asks nothing", "[sync][downlink]") {
  Downlink downlink = open(10, 10);
  CHECK(downlink.behind() == 0);
  CHECK(downlink.wanted(ms(60'000)).empty());
  CHECK_FALSE(downlink.deadline());
}

TEST_CASE("downlink: a doorbell leaves the pushed frame a moment before it is asked for",
          "[sync][downlink]") {
  Downlink downlink = open(10, 10);
  downlink.heads(kGen, {{kSite, 12, 1}}, ms(1000));
  CHECK_FALSE(wanted(downlink, ms(1199)));
  CHECK(downlink.deadline() == ms(1200));
  CHECK(wanted(downlink, ms(1200)));

  Downlink pushed = open(10, 10);
  pushed.heads(kGen, {{kSite, 12, 1}}, ms(1000));
  CHECK(arrives(pushed, 11, 12, ms(1100)));
  CHECK_FALSE(wanted(pushed, ms(9999)));
  pushed.applied(kSite, 12, false, ms(1110));
  CHECK_FALSE(wanted(pushed, ms(9999)));
}

TEST_CASE("downlink: doorbells in a row do not put the fetch off", "[sync][downlink]") {
  Downlink downlink = open(10, 10);
  for (std::int64_t i = 0; i < 5; ++i) {
    downlink.heads(kGen, {{kSite, 12 + static_cast<std::uint64_t>(i), 1}}, ms(1000 + i * 100));
  }
  CHECK(downlink.deadline() == ms(1200));
}

TEST_CASE("downlink: an older doorbell changes nothing", "[sync][downlink]") {
  Downlink downlink = open(10, 10);
  downlink.heads(kGen, {{kSite, 9, 1}}, ms(1000));
  CHECK(downlink.behind() == 0);
  CHECK(downlink.wanted(ms(60'000)).empty());
}

TEST_CASE("downlink: frames are taken as they follow one another, also before the first is applied",
          "[sync][downlink]") {
  struct Row {
    std::uint64_t base;
    std::uint64_t last;
    bool taken;
  };
  Downlink downlink = open(10, 10);
  const std::vector<Row> rows{
      {11, 15, true},   // the next
      {11, 15, false},  // again
      {12, 14, false},  // a part of it
      {16, 20, true},   // the next, while the first is under way
      {14, 23, true},   // overlapping: its end is new
      {1, 23, false},   // nothing new
      {25, 30, false},  // 24 is missing
      {24, 24, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.base, row.last);
    CHECK(arrives(downlink, row.base, row.last, ms(10)) == row.taken);
  }
  CHECK(cursor(downlink) == 10);
  downlink.applied(kSite, 24, false, ms(20));
  CHECK(cursor(downlink) == 24);
  CHECK(downlink.behind() == 6);  // 25 to 30 exist: a frame said so
}

TEST_CASE("downlink: a frame beyond a gap makes it fetch at once", "[sync][downlink]") {
  Downlink downlink = open(10, 10);
  CHECK_FALSE(arrives(downlink, 13, 15, ms(500)));
  const auto fetch = wanted(downlink, ms(500));
  REQUIRE(fetch);
  CHECK(fetch->after == 10);
}

TEST_CASE("downlink: a gap behind frames under way is fetched once they are applied",
          "[sync][downlink]") {
  Downlink downlink = open(10, 10);
  CHECK(arrives(downlink, 11, 12, ms(100)));
  CHECK_FALSE(arrives(downlink, 15, 16, ms(110)));
  CHECK_FALSE(wanted(downlink, ms(110)));  // from where, is not known yet
  downlink.applied(kSite, 12, false, ms(120));
  const auto fetch = wanted(downlink, ms(120));
  REQUIRE(fetch);
  CHECK(fetch->after == 12);
}

TEST_CASE("downlink: one question at a time, asked again after a time-out that doubles to 30 s",
          "[sync][downlink]") {
  Downlink downlink = open(5, 10);
  MonoTime now = ms(0);
  std::uint64_t last = 0;
  for (const Duration wait :
       {seconds(2), seconds(4), seconds(8), seconds(16), seconds(30), seconds(30), seconds(30)}) {
    const FetchWanted fetch = ask(downlink, now);
    CHECK(fetch.correlation > last);
    last = fetch.correlation;
    CHECK(downlink.deadline() == now + wait);
    CHECK_FALSE(wanted(downlink, now + wait + Duration(-1)));
    now = now + wait;
  }
}

TEST_CASE("downlink: an answer ends the wait, and the next question waits short again",
          "[sync][downlink]") {
  Downlink downlink = open(5, 10);
  ask(downlink, ms(0));
  const FetchWanted second = ask(downlink, ms(2000));
  downlink.fetch_answered(kSite, second.correlation, 10);
  CHECK(arrives(downlink, 6, 8, ms(2100)));
  CHECK_FALSE(wanted(downlink, ms(2100)));
  downlink.applied(kSite, 8, false, ms(2200));
  const FetchWanted third = ask(downlink, ms(2200));
  CHECK(third.after == 8);
  CHECK(downlink.deadline() == ms(2200) + seconds(2));
}

TEST_CASE("downlink: a late answer is no answer, but its frame is as good as any",
          "[sync][downlink]") {
  Downlink downlink = open(5, 10);
  const FetchWanted first = ask(downlink, ms(0));
  ask(downlink, ms(2000));
  downlink.fetch_answered(kSite, first.correlation, 10);
  CHECK_FALSE(wanted(downlink, ms(2100)));  // the second question is still open
  CHECK(downlink.deadline() == ms(2000) + seconds(4));
  CHECK(arrives(downlink, 6, 10, ms(2100)));
  downlink.applied(kSite, 10, false, ms(2150));
  CHECK_FALSE(wanted(downlink, ms(60'000)));
  CHECK(downlink.behind() == 0);
}

TEST_CASE("downlink: an answer tells of positions that nothing else told of", "[sync][downlink]") {
  Downlink downlink = open(5, 10);
  const FetchWanted fetch = ask(downlink, ms(0));
  downlink.fetch_answered(kSite, fetch.correlation, 20);
  CHECK(arrives(downlink, 6, 12, ms(100)));
  downlink.applied(kSite, 12, false, ms(110));
  CHECK(downlink.behind() == 8);
  CHECK(wanted(downlink, ms(110))->after == 12);
}

TEST_CASE("downlink: records that are missing are fetched whole, at once and from where it stands",
          "[sync][downlink]") {
  Downlink downlink = open(5, 5);
  CHECK(arrives(downlink, 6, 10, ms(100)));
  downlink.applied(kSite, 7, true, ms(110));
  CHECK(cursor(downlink) == 7);
  const FetchWanted fetch = ask(downlink, ms(110));
  CHECK(fetch.after == 7);
  CHECK(fetch.verbatim);
  downlink.fetch_answered(kSite, fetch.correlation, 12);
  CHECK(arrives(downlink, 8, 10, ms(200)));
  downlink.applied(kSite, 10, false, ms(210));
  const auto next = wanted(downlink, ms(210));
  REQUIRE(next);
  CHECK(next->after == 10);
  CHECK_FALSE(next->verbatim);
}

TEST_CASE("downlink: what could not be applied is tried again after a while, from the cursor",
          "[sync][downlink]") {
  Downlink downlink = open(5, 5);
  CHECK(arrives(downlink, 6, 10, ms(0)));
  downlink.apply_failed(kSite, ms(10));
  CHECK(cursor(downlink) == 5);
  CHECK_FALSE(wanted(downlink, ms(10'009)));
  CHECK(downlink.deadline() == ms(10'010));
  CHECK(wanted(downlink, ms(10'010))->after == 5);
  CHECK(arrives(downlink, 6, 10, ms(10'100)));
}

TEST_CASE("downlink: a broken connection takes the open question along", "[sync][downlink]") {
  Downlink downlink = open(5, 10);
  const FetchWanted fetch = ask(downlink, ms(0));
  ask(downlink, ms(2000));
  downlink.closed();
  CHECK_FALSE(wanted(downlink, ms(60'000)));
  CHECK_FALSE(downlink.deadline());
  downlink.opened(kGen, {{kSite, 10, 1}}, ms(61'000));
  const FetchWanted again = ask(downlink, ms(61'000));
  CHECK(again.correlation > fetch.correlation);
  CHECK(downlink.deadline() == ms(61'000) + seconds(2));
}

TEST_CASE("downlink: a HELLO while in conversation leaves the open question alone",
          "[sync][downlink]") {
  Downlink downlink = open(5, 10);
  ask(downlink, ms(0));
  downlink.opened(kGen, {{kSite, 12, 1}}, ms(1000));
  CHECK_FALSE(wanted(downlink, ms(1000)));
  CHECK(downlink.deadline() == ms(2000));
  CHECK(downlink.behind() == 7);
}

TEST_CASE("downlink: frames are taken without a conversation too", "[sync][downlink]") {
  Downlink downlink = node_at(5);
  CHECK(arrives(downlink, 6, 7, ms(0)));
  downlink.applied(kSite, 7, false, ms(10));
  CHECK(cursor(downlink) == 7);
}

TEST_CASE("downlink: each feed has a question of its own", "[sync][downlink]") {
  Downlink downlink = node_at(5);
  downlink.opened(kGen, {{kCat, 3, 1}, {kSite, 10, 1}}, ms(0));
  const auto both = downlink.wanted(ms(0));
  REQUIRE(both.size() == 2);
  CHECK(both[0].feed == kCat);
  CHECK(both[0].after == 0);
  CHECK(both[1].feed == kSite);
  CHECK(both[1].after == 5);
  CHECK(both[0].correlation != both[1].correlation);
  for (const FetchWanted& fetch : both) downlink.fetch_sent(fetch, ms(0));
  downlink.fetch_answered(kCat, both[1].correlation, 3);  // somebody else's answer
  CHECK(downlink.wanted(ms(1999)).empty());
  downlink.fetch_answered(kCat, both[0].correlation, 3);
  const auto again = downlink.wanted(ms(100));
  REQUIRE(again.size() == 1);
  CHECK(again[0].feed == kCat);
  CHECK(again[0].correlation > both[1].correlation);
  CHECK(downlink.behind() == 8);
}

TEST_CASE("downlink: feeds it does not follow are nothing to it", "[sync][downlink]") {
  Downlink downlink = open(5, 5);
  downlink.heads(kGen, {{"site:depot", 99, 1}}, ms(0));
  CHECK_FALSE(downlink.frame_arrived("site:depot", kGen, 1, 9, ms(0)));
  downlink.fetch_answered("site:depot", 1, 99);
  CHECK(downlink.behind() == 0);
  CHECK(downlink.cursors().size() == 2);
}

TEST_CASE("downlink: the first generation heard of is the feed's", "[sync][downlink]") {
  Downlink downlink = node_at(0);
  downlink.opened(kGen, {{kSite, 3, 1}}, ms(0));
  for (const wire::FeedCursor& at : downlink.cursors()) {
    if (at.feed == kSite) CHECK(at.hub_gen == kGen);
  }
  CHECK_FALSE(downlink.generation_in_doubt());
}

TEST_CASE("downlink: another generation of the hub stops everything", "[sync][downlink]") {
  Downlink by_heads = open(5, 10);
  by_heads.heads(HubGeneration(8), {{kSite, 2, 1}}, ms(0));
  CHECK(by_heads.generation_in_doubt());
  CHECK_FALSE(wanted(by_heads, ms(60'000)));
  CHECK_FALSE(by_heads.deadline());

  Downlink by_frame = open(5, 5);
  CHECK_FALSE(by_frame.frame_arrived(kSite, HubGeneration(8), 6, 7, ms(0)));
  CHECK(by_frame.generation_in_doubt());
  CHECK(cursor(by_frame) == 5);
}

TEST_CASE("downlink: a doorbell left over from an older hub does not stop a fresh node",
          "[sync][downlink]") {
  Downlink downlink = node_at(0);
  downlink.heads(HubGeneration(6), {{kSite, 40, 1}}, ms(0));
  downlink.opened(kGen, {{kSite, 3, 1}}, ms(100));
  CHECK_FALSE(downlink.generation_in_doubt());
  CHECK(wanted(downlink, ms(100)));
}

}  // namespace
}  // namespace cairn::sync::downlink_test
