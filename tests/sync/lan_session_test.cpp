// A device among its neighbours: who is asked for what, and what is not taken.

#include "sync/lan_session.h"

#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sync::lan_session_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::test::node;
using What = LanSession::What;

constexpr Incarnation kInc{1};
const LanAuthor kOwn{node(1), kInc};
const LanAuthor kOther{node(2), kInc};

/// Somebody's log, with octets that differ from story to story.
struct Log {
  explicit Log(LanAuthor who, std::string told = "")
      : author(who), story(std::move(told)), chains{crypto::chain_start(who.first, who.second)} {}

  void write(std::size_t records) {
    for (std::size_t i = 0; i < records; ++i) {
      octets.push_back(story + std::to_string(octets.size()));
      chains.push_back(crypto::chain_next(chains.back(), octets.back()));
    }
  }
  [[nodiscard]] LanHead head(std::uint64_t seq) const { return {seq, chains.at(seq)}; }
  [[nodiscard]] wire::Frame frame(std::uint64_t first, std::uint64_t last) const {
    wire::Frame frame;
    frame.header.node = author.first;
    frame.header.inc = author.second;
    frame.header.base_seq = first;
    frame.header.count = static_cast<std::uint16_t>(last - first + 1);
    frame.header.chain_before = chains.at(first - 1);
    frame.header.chain_after = chains.at(last);
    for (std::uint64_t seq = first; seq <= last; ++seq) frame.records.push_back(octets[seq - 1]);
    return frame;
  }

  LanAuthor author;
  std::string story;
  std::vector<Bytes> octets;
  std::vector<crypto::Hash128> chains;
};

wire::LanDigest digest_of(const Log& log, std::uint64_t seq) {
  return {kInc, {{log.author.first, log.author.second, seq, log.chains.at(seq)}}, {}};
}

struct Device {
  Device() { session.connected(now); }

  LanSession session{{}, kOwn, 0};
  MonoTime now{1'000'000};

  std::vector<LanQuestion> ask() {
    session.on_time(now);
    auto questions = session.questions(now);
    for (const LanQuestion& question : questions) session.asked(question, now);
    return questions;
  }
};

Log other_log(std::size_t records) {
  Log log(kOther);
  log.write(records);
  return log;
}

TEST_CASE("lan session: the author itself is asked first, then whoever else has it",
          "[sync][lan]") {
  Device device;
  const Log log = other_log(5);
  device.session.digest_arrived(node(2), digest_of(log, 5), device.now);
  device.session.digest_arrived(node(3), digest_of(log, 5), device.now);
  const auto first = device.ask();
  REQUIRE(first.size() == 1);
  CHECK(first[0].peer == node(2));
  CHECK(first[0].fetch.records == std::vector<EventRef>{{node(2), kInc, 0}});
  CHECK(device.ask().empty());  // one question at a time
  std::set<NodeId> asked;
  for (int i = 0; i < 4; ++i) {
    device.now = device.now + milliseconds(1100);
    const auto again = device.ask();
    REQUIRE(again.size() == 1);
    asked.insert(again[0].peer);
  }
  CHECK(asked.contains(node(3)));
}

TEST_CASE("lan session: a silent neighbour is not asked", "[sync][lan]") {
  Device device;
  const Log log = other_log(5);
  device.session.digest_arrived(node(2), digest_of(log, 5), device.now);
  device.now = device.now + seconds(11);
  CHECK(device.ask().empty());
}

TEST_CASE("lan session: the next records are taken, known and later ones are not", "[sync][lan]") {
  Device device;
  const Log log = other_log(6);
  CHECK(device.session.frame_arrived(node(2), log.frame(1, 2), device.now) == What::kTake);
  CHECK(device.session.frame_arrived(node(2), log.frame(1, 2), device.now) ==
        What::kNothing);  // on its way
  CHECK(device.session.frame_arrived(node(2), log.frame(5, 6), device.now) == What::kGap);
  const auto questions = device.ask();
  REQUIRE(questions.size() == 1);
  CHECK(questions[0].fetch.records == std::vector<EventRef>{{node(2), kInc, 2}});
  // The next one may come before the first is on the disk.
  CHECK(device.session.frame_arrived(node(2), log.frame(3, 4), device.now) == What::kTake);
  device.session.taken(kOther, log.head(2), false, false, node(2), device.now);
  device.session.taken(kOther, log.head(4), false, false, node(2), device.now);
  // An overlap is taken for the sake of what is new in it.
  CHECK(device.session.frame_arrived(node(2), log.frame(3, 6), device.now) == What::kTake);
}

TEST_CASE("lan session: what the disk did not take is asked for again", "[sync][lan]") {
  Device device;
  const Log log = other_log(2);
  CHECK(device.session.frame_arrived(node(2), log.frame(1, 2), device.now) == What::kTake);
  CHECK(device.ask().empty());
  device.session.not_taken(kOther);
  REQUIRE(device.ask().size() == 1);
}

TEST_CASE("lan session: records that part from ours are reported, and block nobody else",
          "[sync][lan]") {
  Device device;
  const Log log = other_log(4);
  Log lie(kOther, "lie ");
  lie.write(6);
  Log third({node(3), kInc});
  third.write(1);
  device.session.held(kOther, log.head(4), device.now);
  CHECK(device.session.frame_arrived(node(3), lie.frame(5, 6), device.now) == What::kParted);
  CHECK(device.session.frame_arrived(node(3), lie.frame(3, 4), device.now) == What::kKnown);
  REQUIRE(device.session.parted().size() == 1);
  CHECK(device.session.parted()[0].author == kOther);
  CHECK(device.ask().empty());
  CHECK(device.session.frame_arrived(node(3), third.frame(1, 1), device.now) == What::kTake);
  device.now = device.now + seconds(31);
  device.session.digest_arrived(node(3), digest_of(lie, 6), device.now);
  CHECK(device.ask().size() == 1);  // perhaps the hub has mended it
  device.session.held(kOther, lie.head(5), device.now);
  CHECK(device.session.parted().empty());
}

TEST_CASE("lan session: a neighbour that has more of ours than we do tells a restored database",
          "[sync][lan]") {
  Device device;
  Log own(kOwn);
  own.write(5);
  device.session.held(kOwn, own.head(3), device.now);
  CHECK(device.session.frame_arrived(node(2), own.frame(2, 3), device.now) == What::kKnown);
  device.session.digest_arrived(node(2), digest_of(own, 5), device.now);
  REQUIRE(device.ask().size() == 1);
  CHECK(device.session.frame_arrived(node(2), own.frame(4, 5), device.now) == What::kRestored);
  device.session.writes_as({node(1), Incarnation(9)});
  CHECK(device.session.frame_arrived(node(2), own.frame(4, 5), device.now) == What::kTake);
  Device twin;
  Log lie(kOwn, "lie ");
  lie.write(3);
  twin.session.held(kOwn, lie.head(3), twin.now);
  CHECK(twin.session.frame_arrived(node(2), own.frame(4, 5), twin.now) == What::kParted);
}

TEST_CASE("lan session: own records are pushed once somebody listens", "[sync][lan]") {
  Device device;
  Log own(kOwn);
  own.write(4000);
  device.session.held(kOwn, own.head(2), device.now);
  CHECK_FALSE(device.session.push_wanted());  // nobody there
  device.session.digest_arrived(node(2), {kInc, {}, {}}, device.now);
  CHECK_FALSE(device.session.push_wanted());  // what was there before is asked for
  device.session.held(kOwn, own.head(4), device.now);
  CHECK(device.session.push_wanted() == 3);
  device.session.pushed(4);
  CHECK_FALSE(device.session.push_wanted());
  device.session.held(kOwn, own.head(4000), device.now);
  CHECK(device.session.push_wanted() == 4000);  // too much: they fetch it at their own pace
}

TEST_CASE("lan session: feeds come from neighbours only while the hub is away", "[sync][lan]") {
  Device device;
  const auto cursor = [](std::uint64_t fseq, std::uint64_t gen = 7) {
    return std::vector<wire::FeedCursor>{{"cat", HubGeneration(gen), fseq}};
  };
  device.session.digest_arrived(node(2), {kInc, {}, cursor(10)}, device.now);
  device.session.feeds_at(cursor(4), true);
  CHECK(device.ask().empty());
  device.session.feeds_at(cursor(4, 8), false);
  CHECK(device.ask().empty());  // of another generation
  device.session.feeds_at(cursor(4), false);
  const auto questions = device.ask();
  REQUIRE(questions.size() == 1);
  CHECK(questions[0].fetch.feeds == cursor(4));
  CHECK(device.ask().empty());
  device.session.feeds_at(cursor(7), false);
  CHECK(device.ask().size() == 1);
}

TEST_CASE("lan session: who followed the hub from where we are leads on", "[sync][lan]") {
  Device device;
  const auto at = [](std::uint64_t gen, std::uint64_t fseq) {
    return wire::FeedCursor{"cat", HubGeneration(gen), fseq};
  };
  device.session.digest_arrived(node(2), {kInc, {}, {at(7, 6), at(8, 9), at(9, 12)}}, device.now);
  device.session.feeds_at({at(7, 7)}, false);
  CHECK(device.ask().empty());  // they left that generation before it came to our position
  for (const wire::FeedCursor& mine : {at(7, 6), at(8, 2)}) {
    device.session.feeds_at({mine}, false);
    const auto questions = device.ask();
    REQUIRE(questions.size() == 1);
    CHECK(questions[0].fetch.feeds == std::vector{mine});
    CHECK(device.session.leads_on(node(2), mine, HubGeneration(9)));
    CHECK_FALSE(device.session.leads_on(node(2), mine, HubGeneration(8)));
    CHECK_FALSE(device.session.leads_on(node(3), mine, HubGeneration(9)));
  }
  device.session.feeds_at({at(9, 3)}, false, {at(8, 2)});
  CHECK(device.session.digest().cursors == std::vector{at(8, 2), at(9, 3)});
}

TEST_CASE("lan session: a digest comes now and then, and soon for a newcomer", "[sync][lan]") {
  Device device;
  REQUIRE(device.session.digest_wanted(device.now));
  device.session.digest_sent(device.now);
  CHECK_FALSE(device.session.digest_wanted(device.now + milliseconds(1500)));
  CHECK(device.session.digest_wanted(device.now + milliseconds(2300)));
  device.session.digest_arrived(node(2), {kInc, {}, {}}, device.now);
  CHECK(device.session.digest_wanted(device.now + milliseconds(200)));
  const Log log = other_log(3);
  device.session.held(kOther, log.head(3), device.now);
  const wire::LanDigest told = device.session.digest();
  CHECK(told.writing_inc == kInc);
  CHECK(told.vv == digest_of(log, 3).vv);
}

TEST_CASE("lan session: strangers and invented authors are bounded", "[sync][lan]") {
  Device device;
  for (std::uint64_t i = 2; i < 3000; ++i) {
    Log log({node(i), Incarnation(i)});
    log.write(1);
    device.session.frame_arrived(node(i), log.frame(1, 1), device.now);
  }
  CHECK(device.session.peers(device.now).size() == LanLimits{}.peers_most);
  CHECK(device.session.questions(device.now).size() <= LanLimits{}.peers_most);
}

}  // namespace
}  // namespace cairn::sync::lan_session_test
