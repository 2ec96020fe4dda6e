// Two truths that clash: devices without a network, and head office changing its mind meanwhile.

#include "core/domain/invariants.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain::evolve_conflict_test {
namespace {

using namespace test;
using Kind = ShipGroupException::Kind;
using Status = ShipGroupStatus;
using Lines = std::vector<LineUnits>;
using PutBacks = std::vector<PutBack>;
using Exceptions = std::vector<ShipGroupException>;

LineBuckets line_1(const Story& story) { return story.group().find(LineNo(1))->in; }

Story of(std::int64_t count, FulfilmentMethod method = FulfilmentMethod::kShip) {
  return Story().allocated({pieces(1, count)}, method);
}

// ---- picks and shorts ----

TEST_CASE("conflict: two devices pick one line: credited in view order, the rest goes back",
          "[domain][conflict]") {
  auto story = of(3).picked(kNodeA, 1, 3000, "A-01").picked(kNodeB, 1, 3000, "B-02");
  CHECK(line_1(story) == LineBuckets{.picked_milli = 3000});
  CHECK(story.group().put_backs == PutBacks{{story.last(), LineNo(1), 3000, location("B-02"), 0}});
  CHECK(story.group().status() == Status::kPicked);
}

TEST_CASE("conflict: two devices pick half a line each: both count", "[domain][conflict]") {
  auto story = of(4).picked(kNodeA, 1, 2000, "A-01").picked(kNodeB, 1, 2000, "B-02");
  CHECK(line_1(story) == LineBuckets{.picked_milli = 4000});
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().lines.front().picked_from == location("B-02"));
}

TEST_CASE("conflict: a short, then another device's late pick: the units go back",
          "[domain][conflict]") {
  auto story = of(2).shorted(kNodeA, 1, 2000).picked(kNodeB, 1, 2000, "B-02");
  CHECK(line_1(story) == LineBuckets{.short_milli = 2000});
  CHECK(story.group().status() == Status::kRejected);
  CHECK(story.group().put_backs == PutBacks{{story.last(), LineNo(1), 2000, location("B-02"), 0}});
}

TEST_CASE("conflict: what another device has picked is not short after all", "[domain][conflict]") {
  auto story = of(2).picked(kNodeB, 1, 1000).shorted(kNodeA, 1, 2000);
  CHECK(line_1(story) == LineBuckets{.picked_milli = 1000, .short_milli = 1000});
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("conflict: a short of a line that is not here is an exception", "[domain][conflict]") {
  auto story = of(2).shorted(kNodeA, 9, 2000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 2000});
  CHECK(story.group().exceptions ==
        Exceptions{{Kind::kUnknownLine, story.last(), LineNo(9), 2000}});
}

// ---- cancellations ----

TEST_CASE("cancel: before anything is picked nothing has to go back", "[domain][conflict]") {
  auto story = of(3).cancelled(1, 2000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 1000, .cancelled_milli = 2000});
  CHECK(story.group().put_backs.empty());
  CHECK(story.cancelled(1, 1000).group().status() == Status::kCancelled);
}

TEST_CASE("cancel: a pick that comes later goes back", "[domain][conflict]") {
  auto story = of(2).cancelled(1, 2000).picked(kNodeA, 1, 2000, "B-02");
  CHECK(line_1(story) == LineBuckets{.cancelled_milli = 2000});
  CHECK(story.group().put_backs == PutBacks{{story.last(), LineNo(1), 2000, location("B-02"), 0}});
}

TEST_CASE("cancel: open units go first, picked ones back to the bin they came from",
          "[domain][conflict]") {
  auto story = of(3).picked(kNodeA, 1, 2000, "B-02").cancelled(1, 2000);
  CHECK(line_1(story) == LineBuckets{.picked_milli = 1000, .cancelled_milli = 2000});
  CHECK(story.group().put_backs == PutBacks{{story.last(), LineNo(1), 1000, location("B-02"), 0}});
}

TEST_CASE("cancel: packed units of an unfinished group come out of their package",
          "[domain][conflict]") {
  auto story = of(6).picked(kNodeA, 1, 4000, "B-02").packed(kNodeA, {units(1, 2000)});
  story.packed(kNodeA, {units(1, 1000)}).cancelled(1, 5000);
  const ShipGroup group = story.group();
  // Open 2, picked 1, packed 2 of 3: the last package first.
  CHECK(line_1(story) == LineBuckets{.packed_milli = 1000, .cancelled_milli = 5000});
  REQUIRE(group.packages.size() == 2);
  CHECK(group.packages[0].lines == Lines{units(1, 1000)});
  CHECK(group.packages[1].lines.empty());
  CHECK(group.put_backs == PutBacks{{story.last(), LineNo(1), 3000, location("B-02"), 0}});
  CHECK(check_unit_buckets(group));
}

TEST_CASE("cancel: no more is cancelled than is still here", "[domain][conflict]") {
  auto story = of(3).picked(kNodeA, 1, 2000).shipped(kNodeA, {units(1, 2000)});
  story.cancelled(1, 3000).cancelled(9, 1000);
  CHECK(line_1(story) == LineBuckets{.shipped_milli = 2000, .cancelled_milli = 1000});
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("cancel: units that leave all the same are an exception", "[domain][conflict]") {
  auto story = of(2).picked(kNodeA, 1, 2000).cancelled(1, 2000);
  story.packed(kNodeA, {units(1, 2000)}).shipped(kNodeA, {units(1, 2000)});
  CHECK(line_1(story) == LineBuckets{.cancelled_milli = 2000});
  const auto exceptions = story.group().exceptions;
  REQUIRE(exceptions.size() == 2);
  CHECK(exceptions[0].kind == Kind::kPackedUnpicked);
  CHECK(exceptions[1] ==
        ShipGroupException{Kind::kShippedAfterCancel, story.last(), LineNo(1), 2000});
}

TEST_CASE("cancel: nobody is asked to put back units that have left all the same",
          "[domain][conflict]") {
  auto story = of(3).picked(kNodeA, 1, 3000).cancelled(1, 3000);
  story.packed(kNodeA, {units(1, 2000)}).shipped(kNodeA, {units(1, 2000)});
  REQUIRE(story.group().put_backs.size() == 1);
  CHECK(story.group().put_backs[0].milli == 3000);
  CHECK(story.group().put_backs[0].left_milli() == 1000);
}

TEST_CASE("cancel: what was handed over all the same is to be put back once that is undone",
          "[domain][conflict]") {
  auto story = of(3, FulfilmentMethod::kPickup).picked(kNodeA, 1, 3000).cancelled(1, 2000);
  story.handed_over(kNodeA, {units(1, 3000)});
  REQUIRE(story.group().put_backs.size() == 1);
  CHECK(story.group().put_backs[0].left_milli() == 0);
  story.undone(kNodeA, story.last());
  CHECK(story.group().put_backs[0].left_milli() == 2000);
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("cancel: units that are handed over all the same are an exception",
          "[domain][conflict]") {
  auto story = of(3, FulfilmentMethod::kPickup).picked(kNodeA, 1, 3000).cancelled(1, 1000);
  story.handed_over(kNodeA, {units(1, 3000)});
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 2000, .cancelled_milli = 1000});
  CHECK(story.group().exceptions ==
        Exceptions{{Kind::kHandedAfterCancel, story.last(), LineNo(1), 1000}});
}

// ---- hand-overs ----

Story ready(std::int64_t count) {
  return of(count, FulfilmentMethod::kPickup).picked(kNodeA, 1, count * 1000);
}

TEST_CASE("hand-over: the customer has the units", "[domain][conflict]") {
  auto story = ready(2).later(3000).handed_over(kNodeA, {units(1, 2000)});
  const ShipGroup group = story.group();
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 2000});
  CHECK(group.status() == Status::kHandedOver);
  REQUIRE(group.hand_overs.size() == 1);
  CHECK(group.hand_overs.front().ref == story.last());
  CHECK(group.hand_overs.front().at == story.events().back().meta.hlc);
  CHECK(group.hand_overs.front().lines == Lines{units(1, 2000)});
}

TEST_CASE("hand-over: of two the first in the view stands, the second is an exception",
          "[domain][conflict]") {
  auto story = ready(2).handed_over(kNodeA, {units(1, 2000)}).handed_over(kNodeB, {units(1, 2000)});
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 2000});
  CHECK(story.group().exceptions ==
        Exceptions{{Kind::kDuplicateHandOver, story.last(), LineNo(1), 2000}});
  CHECK(story.group().hand_overs[1].lines.empty());
}

TEST_CASE("hand-over: the undoing of the first gives its units back, of the second nothing",
          "[domain][conflict]") {
  auto story = ready(2).handed_over(kNodeA, {units(1, 2000)});
  const EventRef first = story.last();
  const EventRef second = story.handed_over(kNodeB, {units(1, 2000)}).last();
  story.undone(kNodeB, second);
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 2000});
  story.undone(kNodeA, first);
  CHECK(line_1(story) == LineBuckets{.picked_milli = 2000});
  CHECK(story.group().status() == Status::kReady);
  // Once.
  story.handed_over(kNodeA, {units(1, 2000)}).undone(kNodeB, first);
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 2000});
}

TEST_CASE("hand-over: a second one that is taken back clashes with nothing any more",
          "[domain][conflict]") {
  auto story = ready(2).handed_over(kNodeA, {units(1, 2000)});
  const EventRef second = story.handed_over(kNodeB, {units(1, 2000)}).last();
  const EventRef third = story.handed_over(kNodeB, {units(1, 1000)}).last();
  REQUIRE(story.group().exceptions.size() == 2);
  story.undone(kNodeB, second);
  CHECK(story.group().exceptions == Exceptions{{Kind::kDuplicateHandOver, third, LineNo(1), 1000}});
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 2000});
}

TEST_CASE("hand-over: one that was undone is no first one", "[domain][conflict]") {
  auto story = ready(2).handed_over(kNodeA, {units(1, 2000)});
  story.undone(kNodeA, story.last()).handed_over(kNodeB, {units(1, 2000)});
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 2000});
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("hand-over: a second one is a duplicate, also when the first came back meanwhile",
          "[domain][conflict]") {
  auto story = ready(2).handed_over(kNodeA, {units(1, 2000)}).returned(1, 2000);
  story.handed_over(kNodeB, {units(1, 2000)});
  CHECK(story.group().exceptions ==
        Exceptions{{Kind::kDuplicateHandOver, story.last(), LineNo(1), 2000}});
}

TEST_CASE("hand-over: units nobody picked, or of no line, are an exception", "[domain][conflict]") {
  auto story =
      of(2, FulfilmentMethod::kPickup).handed_over(kNodeA, {units(1, 2000), units(9, 500)});
  CHECK(line_1(story) == LineBuckets{.open_milli = 2000});
  CHECK(story.group().exceptions ==
        Exceptions{{Kind::kShippedUnpicked, story.last(), LineNo(1), 2000},
                   {Kind::kShippedUnpicked, story.last(), LineNo(9), 500}});
}

TEST_CASE("hand-over: what came back cannot be undone as well", "[domain][conflict]") {
  auto story = ready(2).handed_over(kNodeA, {units(1, 2000)});
  const EventRef first = story.last();
  story.returned(1, 1000).undone(kNodeA, first);
  CHECK(line_1(story) == LineBuckets{.picked_milli = 1000, .returned_milli = 1000});
}

// ---- codes ----

TEST_CASE("code: the last one holds and starts with no wrong ones", "[domain][conflict]") {
  auto story = ready(1);
  CHECK(story.group().pickup == Pickup{});
  for (int i = 0; i < Pickup::kWrongCodesMost; ++i) {
    CHECK_FALSE(story.group().pickup.locked());
    story.tell(kNodeA, PickupCodeRefused{});
  }
  CHECK(story.group().pickup.locked());
  story.tell(kHub, PickupCodeMinted{Bytes(16, 'a'), Bytes(16, 'b')});
  CHECK(story.group().pickup == Pickup{Bytes(16, 'a'), Bytes(16, 'b'), 0});
}

// ---- put-backs ----

TEST_CASE("put-back: it is done in parts, and never more than there is", "[domain][conflict]") {
  auto story = of(1).picked(kNodeA, 1, 1000).picked(kNodeB, 1, 3000);
  const EventRef cause = story.last();
  const auto left = [&story, &cause] {
    return story.group().find_put_back(cause, LineNo(1))->left_milli();
  };
  CHECK(left() == 3000);
  story.put_back(kNodeA, cause, 1, 1000);
  CHECK(left() == 2000);
  // Two devices did the rest, each all of it.
  story.put_back(kNodeA, cause, 1, 2000).put_back(kNodeB, cause, 1, 2000);
  CHECK(left() == 0);
  CHECK(story.group().put_backs.front().done_milli == 3000);
}

TEST_CASE("put-back: one that is not there is not done", "[domain][conflict]") {
  auto story = of(1).picked(kNodeA, 1, 1000).picked(kNodeB, 1, 3000);
  const EventRef cause = story.last();
  const ShipGroup before = story.group();
  story.put_back(kNodeA, cause, 2, 1000).put_back(kNodeA, {kHub, Incarnation(1), 9}, 1, 1000);
  CHECK(story.group() == before);
  CHECK(before.find_put_back(cause, LineNo(2)) == nullptr);
}

}  // namespace
}  // namespace cairn::domain::evolve_conflict_test
