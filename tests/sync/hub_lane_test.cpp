#include "sync/hub_lane.h"

#include "core/crypto/hash.h"
#include "sync/uplink.h"
#include "tests/core/storage/support/samples.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace cairn::sync::hub_lane_test {
namespace {

using sim::SimRandom;
using storage::test::node;
using What = FrameDecision::What;

constexpr Incarnation kInc{5};

/// A node's log: record i is "<name> i".
class Author {
 public:
  explicit Author(std::string name = "record") : name_(std::move(name)) {
    chains_.push_back(crypto::chain_start(node(1), kInc));
  }
  [[nodiscard]] Bytes record(std::uint64_t seq) const { return fmt::format("{} {}", name_, seq); }
  crypto::Hash128 chain(std::uint64_t seq) {
    while (chains_.size() <= seq) {
      chains_.push_back(crypto::chain_next(chains_.back(), record(chains_.size())));
    }
    return chains_[seq];
  }
  wire::Frame frame(std::uint64_t first, std::uint64_t last) {
    wire::Frame frame;
    frame.header.node = node(1);
    frame.header.inc = kInc;
    frame.header.base_seq = first;
    frame.header.count = static_cast<std::uint16_t>(last - first + 1);
    frame.header.chain_before = chain(first - 1);
    frame.header.chain_after = chain(last);
    for (std::uint64_t seq = first; seq <= last; ++seq) frame.records.push_back(record(seq));
    return frame;
  }
  HubLane lane(std::uint64_t hwm = 0) { return {kInc, hwm, chain(hwm)}; }

 private:
  std::string name_;
  std::vector<crypto::Hash128> chains_;
};

void check(const FrameDecision& decision, What what, std::size_t skip = 0) {
  CHECK(decision.what == what);
  CHECK(decision.skip == skip);
}

TEST_CASE("lane: the next frame is committed, and promised only once it is", "[sync][lane]") {
  Author author;
  HubLane lane = author.lane();
  check(lane.frame_arrived(author.frame(1, 5)), What::kCommit);
  CHECK(lane.hwm() == 0);
  CHECK(lane.chain() == author.chain(0));
  lane.committed(5, author.chain(5));
  CHECK(lane.hwm() == 5);
  CHECK(lane.chain() == author.chain(5));
}

TEST_CASE("lane: frames follow one another while the first is on its way to the disk",
          "[sync][lane]") {
  Author author;
  HubLane lane = author.lane(10);
  check(lane.frame_arrived(author.frame(11, 15)), What::kCommit);
  check(lane.frame_arrived(author.frame(16, 20)), What::kCommit);
  CHECK(lane.hwm() == 10);
  CHECK(lane.gap_from() == 0);
  lane.committed(15, author.chain(15));
  CHECK(lane.hwm() == 15);
  lane.committed(20, author.chain(20));
  CHECK(lane.hwm() == 20);
}

TEST_CASE("lane: a repeat is acknowledged again, also while it is on its way to the disk",
          "[sync][lane]") {
  Author author;
  HubLane lane = author.lane(10);
  check(lane.frame_arrived(author.frame(1, 10)), What::kAckAgain);
  check(lane.frame_arrived(author.frame(3, 4)), What::kAckAgain);
  check(lane.frame_arrived(author.frame(11, 15)), What::kCommit);
  check(lane.frame_arrived(author.frame(11, 15)), What::kAckAgain);
  CHECK(lane.hwm() == 10);
}

TEST_CASE("lane: of an overlapping frame the known part is left out", "[sync][lane]") {
  Author author;
  HubLane lane = author.lane(10);
  check(lane.frame_arrived(author.frame(8, 13)), What::kCommit, 3);
  check(lane.frame_arrived(author.frame(1, 14)), What::kCommit, 13);
  check(lane.frame_arrived(author.frame(15, 15)), What::kCommit, 0);
}

TEST_CASE("lane: a frame beyond a gap is kept until the gap is closed", "[sync][lane]") {
  Author author;
  HubLane lane = author.lane();
  check(lane.frame_arrived(author.frame(11, 15)), What::kGap);
  check(lane.frame_arrived(author.frame(6, 10)), What::kGap);
  CHECK(lane.gap_from() == 1);
  CHECK_FALSE(lane.next_held());
  check(lane.frame_arrived(author.frame(1, 5)), What::kCommit);
  auto held = lane.next_held();
  REQUIRE(held);
  CHECK(held->header.base_seq == 6);
  check(lane.frame_arrived(*held), What::kCommit);
  held = lane.next_held();
  REQUIRE(held);
  CHECK(held->header.base_seq == 11);
  check(lane.frame_arrived(*held), What::kCommit);
  CHECK_FALSE(lane.next_held());
  CHECK(lane.gap_from() == 0);
}

TEST_CASE("lane: kept frames that came another way are dropped, the rest of one is used",
          "[sync][lane]") {
  Author author;
  HubLane lane = author.lane();
  check(lane.frame_arrived(author.frame(3, 4)), What::kGap);
  check(lane.frame_arrived(author.frame(5, 9)), What::kGap);
  check(lane.frame_arrived(author.frame(20, 22)), What::kGap);
  check(lane.frame_arrived(author.frame(1, 6)), What::kCommit);
  const auto held = lane.next_held();
  REQUIRE(held);
  CHECK(held->header.base_seq == 5);
  check(lane.frame_arrived(*held), What::kCommit, 2);
  CHECK_FALSE(lane.next_held());
  CHECK(lane.gap_from() == 10);
}

TEST_CASE("lane: no more frames are kept than allowed", "[sync][lane]") {
  Author author;
  HubLane lane = author.lane();
  for (std::uint64_t i = 0; i < HubLane::kHeldMost + 20; ++i) {
    check(lane.frame_arrived(author.frame(10 + i, 10 + i)), What::kGap);
  }
  check(lane.frame_arrived(author.frame(1, 9)), What::kCommit);
  std::size_t kept = 0;
  while (const auto held = lane.next_held()) {
    check(lane.frame_arrived(*held), What::kCommit);
    ++kept;
  }
  CHECK(kept == HubLane::kHeldMost);
  CHECK(lane.gap_from() == 0);
}

TEST_CASE("lane: another incarnation has to introduce itself", "[sync][lane]") {
  Author author;
  HubLane lane = author.lane(10);
  wire::Frame frame = author.frame(11, 12);
  frame.header.inc = Incarnation(6);
  check(lane.frame_arrived(frame), What::kSayHello);
  check(lane.frame_arrived(author.frame(11, 12)), What::kCommit);
}

TEST_CASE("lane: the same numbers with other contents close the lane for good", "[sync][lane]") {
  Author author;
  Author clone("another record");
  HubLane next = author.lane(10);
  check(next.frame_arrived(clone.frame(11, 12)), What::kForked);
  CHECK(next.forked());
  CHECK(next.hwm() == 10);
  check(next.frame_arrived(author.frame(11, 12)), What::kForked);

  HubLane overlap = author.lane(10);
  check(overlap.frame_arrived(clone.frame(5, 12)), What::kForked);

  HubLane under_way = author.lane(10);
  check(under_way.frame_arrived(author.frame(11, 15)), What::kCommit);
  check(under_way.frame_arrived(clone.frame(16, 20)), What::kForked);
}

TEST_CASE("lane: after a failed commit the same frames are taken again", "[sync][lane]") {
  Author author;
  HubLane lane = author.lane();
  check(lane.frame_arrived(author.frame(1, 5)), What::kCommit);
  lane.committed(5, author.chain(5));
  check(lane.frame_arrived(author.frame(6, 10)), What::kCommit);
  check(lane.frame_arrived(author.frame(11, 15)), What::kCommit);
  lane.commit_failed();
  CHECK(lane.hwm() == 5);
  check(lane.frame_arrived(author.frame(11, 15)), What::kGap);
  CHECK(lane.gap_from() == 6);
  check(lane.frame_arrived(author.frame(6, 10)), What::kCommit);
  CHECK(lane.next_held());
}

// ---- both ends of an uplink over a line that does everything a bus can do ----

class Line {
 public:
  explicit Line(std::uint64_t seed)
      : random_(seed), uplink_(limits(), 0, 0, seed), lane_(author_.lane()) {
    uplink_.opened(0, kCredit, now_);
    loss_ = static_cast<std::uint64_t>(random_.between(0, 40));
  }

  /// Until the hub has all of `records`; false if it takes longer than an hour of the line's time.
  bool run(std::uint64_t records) {
    while (lane_.hwm() < records || uplink_.hwm() < records) {
      if (now_ > kStart + std::chrono::hours(1)) return false;
      now_ = now_ + Duration(random_.between(100, 20'000));
      if (uplink_.head() < records && random_.one_in(3)) {
        const auto more = static_cast<std::uint64_t>(random_.between(1, 9));
        uplink_.log_grew(std::min(records, uplink_.head() + more));
      }
      uplink_.on_time(now_);
      send();
      deliver();
      if (random_.one_in(2)) commit();
    }
    return true;
  }

  Author author_;
  std::vector<Bytes> committed;
  int frames = 0;

 private:
  static constexpr std::uint64_t kCredit = 200;
  static constexpr MonoTime kStart{1'000'000'000};

  struct Ack {
    std::uint64_t hwm = 0;
    std::uint64_t gap_from = 0;
  };
  struct Commit {
    std::uint64_t last = 0;
    std::vector<Bytes> records;
  };

  static UplinkLimits limits() {
    UplinkLimits limits;
    limits.full_frame = 5;
    return limits;
  }

  void send() {
    while (const auto first = uplink_.next_frame()) {
      const std::uint64_t last = std::min(uplink_.head(), *first + 6);
      uplink_.frame_sent(*first, last, now_);
      ++frames;
      for (int i = copies(); i > 0; --i) to_hub_.push_back(author_.frame(*first, last));
    }
  }
  int copies() {
    if (random_.percent(loss_)) return 0;
    return random_.percent(20) ? 2 : 1;
  }

  void deliver() {
    while (!to_hub_.empty() && random_.one_in(2)) {
      const auto at = static_cast<std::size_t>(random_.between(
          0, std::min<std::int64_t>(3, static_cast<std::int64_t>(to_hub_.size()) - 1)));
      const wire::Frame frame = to_hub_[at];
      to_hub_.erase(to_hub_.begin() + static_cast<std::ptrdiff_t>(at));
      take(frame);
    }
    while (!to_node_.empty() && random_.one_in(2)) {
      const Ack ack = to_node_.front();
      to_node_.pop_front();
      uplink_.acked(ack.hwm, kCredit, ack.gap_from, now_);
    }
  }

  void take(const wire::Frame& frame) {
    const FrameDecision decision = lane_.frame_arrived(frame);
    REQUIRE(decision.what != What::kForked);
    REQUIRE(decision.what != What::kSayHello);
    if (decision.what != What::kCommit) return answer();
    const auto skip = static_cast<std::ptrdiff_t>(decision.skip);
    committing_.push_back(
        {frame.header.last_seq(), {frame.records.begin() + skip, frame.records.end()}});
    if (const auto held = lane_.next_held()) take(*held);
  }

  /// One transaction with everything that waits; now and then it fails whole.
  void commit() {
    if (committing_.empty()) return;
    if (random_.one_in(10)) {
      lane_.commit_failed();
    } else {
      for (Commit& part : committing_) {
        committed.insert(committed.end(), part.records.begin(), part.records.end());
      }
      const std::uint64_t last = committing_.back().last;
      lane_.committed(last, author_.chain(last));
      answer();
    }
    committing_.clear();
  }

  void answer() {
    for (int i = copies(); i > 0; --i) to_node_.push_back({lane_.hwm(), lane_.gap_from()});
  }

  SimRandom random_;
  std::uint64_t loss_ = 0;
  MonoTime now_ = kStart;
  Uplink uplink_;
  HubLane lane_;
  std::deque<wire::Frame> to_hub_;
  std::deque<Ack> to_node_;
  std::vector<Commit> committing_;
};

TEST_CASE(
    "lane and uplink: over a line that loses, repeats and reorders, every record arrives once"
    " and in order",
    "[sync][lane][uplink][property]") {
  constexpr std::uint64_t kRecords = 150;
  int frames = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    Line line(seed);
    REQUIRE(line.run(kRecords));
    frames += line.frames;
    std::vector<Bytes> expected;
    for (std::uint64_t i = 1; i <= kRecords; ++i) expected.push_back(line.author_.record(i));
    REQUIRE(line.committed == expected);
  }
  CHECK(frames > 200 * 22);  // records were really sent more than once
}

}  // namespace
}  // namespace cairn::sync::hub_lane_test
