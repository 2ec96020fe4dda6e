// Undoing a pick: who may, and what becomes of its units whatever happened meanwhile.

#include "core/domain/invariants.h"
#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::undo_pick_test {
namespace {

using namespace test;
using Kind = ShipGroupException::Kind;
using PutBacks = std::vector<PutBack>;
using Exceptions = std::vector<ShipGroupException>;
using Status = ShipGroupStatus;

/// Line 1: three pieces; line 2: one. Claimed by station S1 of node A.
Story claimed(FulfilmentMethod method = FulfilmentMethod::kShip) {
  return Story().allocated({pieces(1, 3), pieces(2, 1)}, method).claimed(kNodeA, "S1");
}

UndoPick undo(const EventRef& pick) { return {"S1", pick}; }

LineBuckets line_1(const Story& story) {
  const ShipGroup group = story.group();
  CHECK(check_unit_buckets(group));
  return group.find(LineNo(1))->in;
}

// ---- decide ----

TEST_CASE("undo pick: the holder undoes a pick of this device", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 2000);
  const EventRef pick = story.last();
  story.picked(kNodeA, 1, 1000);
  given(story).when(undo(pick)).then({PickUndone{pick, LineNo(1), 2000}});
  given(story).when(undo(story.last())).then({PickUndone{story.last(), LineNo(1), 1000}});
}

TEST_CASE("undo pick: a pick is undone once", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 1000);
  const EventRef pick = story.last();
  story.pick_undone(kNodeA, pick, 1, 1000);
  given(story).when(undo(pick)).then_refused(ErrorCode::kRejected, "nothing_to_undo");
  story.picked(kNodeA, 1, 1000);
  given(story).when(undo(pick)).then_refused(ErrorCode::kRejected, "nothing_to_undo");
  given(story).when(undo(story.last())).then({PickUndone{story.last(), LineNo(1), 1000}});
}

TEST_CASE("undo pick: what is no pick is not undone", "[domain][undo]") {
  const auto story = claimed();
  given(story).when(undo(story.last())).then_refused(ErrorCode::kRejected, "nothing_to_undo");
  given(story).when(undo({})).then_says("order WEB-1001: there is no pick left to undo");
}

TEST_CASE("undo pick: only the station that holds the task may", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 1000);
  const EventRef pick = story.last();
  given(story).when(UndoPick{"S2", pick}).then_refused(ErrorCode::kRejected, "not_claimed_here");
  given(story).when(undo(pick), kNodeB).then_refused(ErrorCode::kRejected, "not_claimed_here");
  story.released(kNodeA, {kNodeA, Incarnation(1), 1});
  given(story).when(undo(pick)).then_refused(ErrorCode::kRejected, "not_claimed");
}

TEST_CASE("undo pick: what another device picked is undone there", "[domain][undo]") {
  const auto story = claimed().picked(kNodeB, 1, 1000);
  given(story).when(undo(story.last())).then_refused(ErrorCode::kRejected, "not_picked_here");
}

TEST_CASE("undo pick: a finished group has its last pick undone as long as it is in the tote",
          "[domain][undo]") {
  for (const auto method : {FulfilmentMethod::kShip, FulfilmentMethod::kPickup}) {
    auto story = claimed(method).picked(kNodeA, 2, 1000).picked(kNodeA, 1, 3000);
    const EventRef pick = story.last();
    const ShipGroupEvent undone = PickUndone{pick, LineNo(1), 3000};
    given(story).when(undo(pick)).then({undone});
    story.tell(kNodeA, undone);
    CHECK(story.group().status() == Status::kPicking);
  }
}

TEST_CASE("undo pick: units in a package stay there", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 2000);
  const EventRef pick = story.last();
  story.packed(kNodeA, {units(1, 1000)});
  given(story).when(undo(pick)).then_refused(ErrorCode::kRejected, "already_packed");
  // Which of equal units is in the box nobody can tell.
  story.picked(kNodeA, 1, 1000);
  given(story).when(undo(pick)).then({PickUndone{pick, LineNo(1), 2000}});
}

TEST_CASE("undo pick: cancelled units are put back as such", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 3000);
  const EventRef pick = story.last();
  story.cancelled(1, 1000);
  given(story).when(undo(pick)).then_refused(ErrorCode::kRejected, "nothing_to_undo");
}

TEST_CASE("undo pick: of a pick that was too much its surplus, too", "[domain][undo]") {
  auto story = claimed().picked(kNodeB, 1, 2000).picked(kNodeA, 1, 2000);
  const EventRef pick = story.last();
  given(story).when(undo(pick)).then({PickUndone{pick, LineNo(1), 2000}});
  story.put_back(kNodeB, pick, 1, 1000);
  given(story).when(undo(pick)).then({PickUndone{pick, LineNo(1), 1000}});
}

TEST_CASE("undo pick: a pick that was all too much and is back already is not undone",
          "[domain][undo]") {
  auto story = claimed().picked(kNodeB, 1, 3000).picked(kNodeA, 1, 1000);
  const EventRef pick = story.last();
  story.put_back(kNodeA, pick, 1, 1000);
  given(story).when(undo(pick)).then_refused(ErrorCode::kRejected, "nothing_to_undo");
}

// ---- evolve ----

TEST_CASE("pick undone: its units are open again", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 2000);
  const EventRef pick = story.last();
  story.picked(kNodeA, 1, 1000).pick_undone(kNodeA, pick, 1, 2000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 2000, .picked_milli = 1000});
  CHECK(story.group().find_pick(pick)->undone);
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().exceptions.empty());
  // A second time changes nothing.
  story.pick_undone(kNodeA, pick, 1, 2000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 2000, .picked_milli = 1000});
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("pick undone: what does not fit changes nothing", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 2000);
  const EventRef pick = story.last();
  const ShipGroup before = story.group();
  CHECK(story.pick_undone(kNodeA, pick, 2, 2000).group() == before);
  CHECK(story.pick_undone(kNodeA, {kNodeB, Incarnation(1), 7}, 1, 2000).group() == before);
  // No more than was picked.
  story.picked(kNodeB, 1, 1000).pick_undone(kNodeA, pick, 1, 9000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 2000, .picked_milli = 1000});
}

TEST_CASE("pick undone: a surplus pick needs no put-back any more", "[domain][undo]") {
  auto story = claimed().picked(kNodeB, 1, 3000).picked(kNodeA, 1, 2000);
  const EventRef pick = story.last();
  CHECK(story.group().put_backs.size() == 1);
  story.pick_undone(kNodeA, pick, 1, 2000);
  CHECK(line_1(story) == LineBuckets{.picked_milli = 3000});
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("pick undone: what was put back of a surplus stays put back", "[domain][undo]") {
  auto story = claimed().picked(kNodeB, 1, 3000).picked(kNodeA, 1, 2000);
  const EventRef pick = story.last();
  story.put_back(kNodeB, pick, 1, 1000).pick_undone(kNodeA, pick, 1, 1000);
  CHECK(line_1(story) == LineBuckets{.picked_milli = 3000});
  CHECK(story.group().put_backs == PutBacks{{pick, LineNo(1), 1000, location("A-01"), 1000}});
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("pick undone: a pick that turned out to be surplus takes nothing from the others",
          "[domain][undo]") {
  // Node A undoes three of which the feed later counts one.
  auto story = claimed().picked(kNodeB, 1, 2000).picked(kNodeA, 1, 3000);
  const EventRef pick = story.last();
  story.pick_undone(kNodeA, pick, 1, 3000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 1000, .picked_milli = 2000});
  CHECK(story.group().put_backs.empty());
}

TEST_CASE("pick undone: units that were cancelled meanwhile are put back by it", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 3000);
  const EventRef pick = story.last();
  story.cancelled(1, 2000);
  const EventRef cancellation = story.last();
  story.pick_undone(kNodeA, pick, 1, 3000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 1000, .cancelled_milli = 2000});
  CHECK(story.group().put_backs ==
        PutBacks{{cancellation, LineNo(1), 2000, location("A-01"), 2000}});
  CHECK(story.group().exceptions.empty());
}

TEST_CASE("pick undone: units that were packed elsewhere stay packed, and somebody has to look",
          "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 1, 3000);
  const EventRef pick = story.last();
  story.packed(kNodeB, {units(1, 2000)}).pick_undone(kNodeA, pick, 1, 3000);
  CHECK(line_1(story) == LineBuckets{.open_milli = 1000, .packed_milli = 2000});
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().exceptions ==
        Exceptions{{Kind::kUndoneUnpicked, story.last(), LineNo(1), 2000}});
}

TEST_CASE("pick undone: a line the group does not have leaves nothing behind", "[domain][undo]") {
  auto story = claimed().picked(kNodeA, 9, 1000);
  const EventRef pick = story.last();
  given(story).when(undo(pick)).then({PickUndone{pick, LineNo(9), 1000}});
  story.pick_undone(kNodeA, pick, 9, 1000);
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().exceptions.empty());
}

}  // namespace
}  // namespace cairn::domain::undo_pick_test
