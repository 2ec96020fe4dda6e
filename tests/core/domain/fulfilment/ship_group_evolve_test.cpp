#include "core/domain/fulfilment/ship_group.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain::ship_group_evolve_test {
namespace {

using namespace test;
using Kind = ShipGroupException::Kind;

LineBuckets line_1(const ShipGroup& group) { return group.find(LineNo(1))->in; }

TEST_CASE("evolve: an allocation opens every unit and keeps the article data",
          "[domain][ship-group]") {
  Story story;
  story.allocated({pieces(1, 2), grams(2, 250)});
  const ShipGroup group = story.group();
  CHECK(group.id == kGroup);
  CHECK(group.order == kOrder);
  CHECK(group.order_reference == "WEB-1001");
  CHECK(group.site == site("store-1"));
  CHECK(group.method == FulfilmentMethod::kShip);
  CHECK(group.allocated_at == Hlc{1});
  CHECK(group.lines == std::vector<ShipGroupLineState>{{pieces(1, 2), {.open_milli = 2000}, {}},
                                                       {grams(2, 250), {.open_milli = 250}, {}}});
  CHECK_FALSE(group.claim);
}

TEST_CASE("evolve: a second allocation changes nothing", "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 2)}).picked(kNodeA, 1, 1000);
  const ShipGroup before = story.group();
  story.tell(
      kHub, ShipGroupAllocated{
                ship_group_id(9), order_id(9), "OTHER", FulfilmentMethod::kPickup, {pieces(5, 5)}});
  CHECK(story.group() == before);
}

TEST_CASE("evolve: of two claims the first wins and the second is lost", "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 2)}).claimed(kNodeA, "S1");
  const EventRef winner = story.last();
  story.claimed(kNodeB, "S1");
  const EventRef loser = story.last();
  const ShipGroup group = story.group();
  REQUIRE(group.claim);
  CHECK(*group.claim == Claim{winner, Hlc{2}, kPicker, "S1"});
  CHECK(group.exceptions ==
        std::vector<ShipGroupException>{{Kind::kLostClaim, loser, LineNo{}, 0}});
}

TEST_CASE("evolve: another station of the same node loses too, the same one does not",
          "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 2)}).claimed(kNodeA, "S1");
  const EventRef winner = story.last();
  CHECK(story.claimed(kNodeA, "S1").group().exceptions.empty());
  CHECK(story.group().claim->ref == winner);
  CHECK(story.claimed(kNodeA, "S2").group().exceptions.size() == 1);
  CHECK(story.group().claim->ref == winner);
}

TEST_CASE("evolve: only the release of the claim that holds frees the task",
          "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 2)}).claimed(kNodeA, "S1");
  const EventRef winner = story.last();
  story.claimed(kNodeB, "S2");
  const EventRef loser = story.last();
  story.released(kNodeB, loser);
  CHECK(story.group().claim->ref == winner);
  story.released(kNodeB, winner);
  CHECK_FALSE(story.group().claim);
  story.released(kNodeA, winner);
  CHECK_FALSE(story.group().claim);
  story.claimed(kNodeB, "S2");
  CHECK(story.group().claim->ref == story.last());
  story.released(kNodeA, winner);
  CHECK(story.group().claim);
}

TEST_CASE("evolve: of a line picked by two devices the surplus goes back to its bin",
          "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 3)}).picked(kNodeA, 1, 2000, "A-01");
  story.picked(kNodeB, 1, 2000, "B-02");
  const EventRef second = story.last();
  story.picked(kNodeB, 1, 1000, "C-03");
  const EventRef third = story.last();
  const ShipGroup group = story.group();
  CHECK(line_1(group) == LineBuckets{.picked_milli = 3000});
  CHECK(group.put_backs == std::vector<PutBack>{{second, LineNo(1), 1000, location("B-02"), 0},
                                                {third, LineNo(1), 1000, location("C-03"), 0}});
  CHECK(group.exceptions.empty());
}

TEST_CASE("evolve: a pick without any claim counts, for it happened", "[domain][ship-group]") {
  const ShipGroup group = Story().allocated({pieces(1, 3)}).picked(kNodeB, 1, 1000).group();
  CHECK(line_1(group) == LineBuckets{.open_milli = 2000, .picked_milli = 1000});
  CHECK(group.put_backs.empty());
}

TEST_CASE("evolve: a pick after everything left goes back", "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 1)}).picked(kNodeA, 1, 1000);
  story.shipped(kNodeA, {{LineNo(1), 1000}}).picked(kNodeB, 1, 1000);
  CHECK(line_1(story.group()) == LineBuckets{.shipped_milli = 1000});
  CHECK(story.group().put_backs ==
        std::vector<PutBack>{{story.last(), LineNo(1), 1000, location("A-01"), 0}});
}

TEST_CASE("evolve: a pick for a line that is not here is an exception and goes back",
          "[domain][ship-group]") {
  const auto story = Story().allocated({pieces(1, 1)}).picked(kNodeA, 9, 2000, "B-02");
  const ShipGroup group = story.group();
  CHECK(line_1(group) == LineBuckets{.open_milli = 1000});
  CHECK(group.put_backs ==
        std::vector<PutBack>{{story.last(), LineNo(9), 2000, location("B-02"), 0}});
  CHECK(group.exceptions ==
        std::vector<ShipGroupException>{{Kind::kUnknownLine, story.last(), LineNo(9), 2000}});
}

TEST_CASE("evolve: more shipped than picked is an exception, not a refusal",
          "[domain][ship-group]") {
  const auto story = Story()
                         .allocated({pieces(1, 3), pieces(2, 1)})
                         .picked(kNodeA, 1, 1000)
                         .shipped(kNodeA, {{LineNo(1), 2000}, {LineNo(2), 1000}, {LineNo(9), 500}});
  const ShipGroup group = story.group();
  CHECK(line_1(group) == LineBuckets{.open_milli = 2000, .shipped_milli = 1000});
  CHECK(group.find(LineNo(2))->in == LineBuckets{.open_milli = 1000});
  CHECK(group.exceptions ==
        std::vector<ShipGroupException>{{Kind::kShippedUnpicked, story.last(), LineNo(1), 1000},
                                        {Kind::kShippedUnpicked, story.last(), LineNo(2), 1000},
                                        {Kind::kShippedUnpicked, story.last(), LineNo(9), 500}});
}

TEST_CASE("evolve: negative quantities count as nothing", "[domain][ship-group]") {
  const auto story = Story()
                         .allocated({pieces(1, 3)})
                         .picked(kNodeA, 1, -1000)
                         .picked(kNodeA, 1, INT64_MIN)
                         .shipped(kNodeA, {{LineNo(1), -1000}, {LineNo(9), INT64_MIN}});
  CHECK(line_1(story.group()) == LineBuckets{.open_milli = 3000});
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().exceptions.empty());
}

// No decoder lets such an event in, but evolve() is total.
TEST_CASE("evolve: negative quantities count as nothing on unknown lines and put-backs, too",
          "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 3)});
  story.picked(kNodeA, 9, -1000).shorted(kNodeA, 9, -1000);
  for (const PutBack& back : story.group().put_backs) CHECK(back.milli >= 0);
  for (const ShipGroupException& exception : story.group().exceptions) CHECK(exception.milli >= 0);
  story.picked(kNodeA, 1, 4000);
  story.put_back(kNodeA, story.last(), 1, -1000);
  CHECK(story.group().put_backs.back().left_milli() == 1000);
}

TEST_CASE("evolve: events that arrive before the allocation are kept as exceptions",
          "[domain][ship-group]") {
  auto story = Story().claimed(kNodeA, "S1");
  const EventRef claim = story.last();
  story.picked(kNodeA, 1, 1000).shipped(kNodeA, {{LineNo(1), 1000}});
  CHECK(story.group().status() == ShipGroupStatus::kNone);
  story.allocated({pieces(1, 1)});
  const ShipGroup group = story.group();
  CHECK(group.status() == ShipGroupStatus::kPicking);
  CHECK(group.claim->ref == claim);
  CHECK(line_1(group) == LineBuckets{.open_milli = 1000});
  CHECK(group.put_backs.size() == 1);
  CHECK(group.exceptions.size() == 2);
}

TEST_CASE("evolve: a pick as large as a number can be is credited up to what is open",
          "[domain][ship-group]") {
  const ShipGroup group = Story().allocated({pieces(1, 3)}).picked(kNodeA, 1, INT64_MAX).group();
  CHECK(line_1(group) == LineBuckets{.picked_milli = 3000});
  CHECK(group.put_backs.front().milli == INT64_MAX - 3000);
}

}  // namespace
}  // namespace cairn::domain::ship_group_evolve_test
