#include "core/domain/invariants.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <random>
#include <vector>

namespace cairn::domain {
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
  CHECK(group.lines == std::vector<ShipGroupLineState>{{pieces(1, 2), {2000, 0, 0}},
                                                       {grams(2, 250), {250, 0, 0}}});
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
  CHECK(line_1(group) == LineBuckets{0, 3000, 0});
  CHECK(group.put_backs == std::vector<PutBack>{{second, LineNo(1), 1000, location("B-02")},
                                                {third, LineNo(1), 1000, location("C-03")}});
  CHECK(group.exceptions.empty());
}

TEST_CASE("evolve: a pick without any claim counts, for it happened", "[domain][ship-group]") {
  const ShipGroup group = Story().allocated({pieces(1, 3)}).picked(kNodeB, 1, 1000).group();
  CHECK(line_1(group) == LineBuckets{2000, 1000, 0});
  CHECK(group.put_backs.empty());
}

TEST_CASE("evolve: a pick after everything left goes back", "[domain][ship-group]") {
  auto story = Story().allocated({pieces(1, 1)}).picked(kNodeA, 1, 1000);
  story.shipped(kNodeA, {{LineNo(1), 1000}}).picked(kNodeB, 1, 1000);
  CHECK(line_1(story.group()) == LineBuckets{0, 0, 1000});
  CHECK(story.group().put_backs ==
        std::vector<PutBack>{{story.last(), LineNo(1), 1000, location("A-01")}});
}

TEST_CASE("evolve: a pick for a line that is not here is an exception and goes back",
          "[domain][ship-group]") {
  const auto story = Story().allocated({pieces(1, 1)}).picked(kNodeA, 9, 2000, "B-02");
  const ShipGroup group = story.group();
  CHECK(line_1(group) == LineBuckets{1000, 0, 0});
  CHECK(group.put_backs == std::vector<PutBack>{{story.last(), LineNo(9), 2000, location("B-02")}});
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
  CHECK(line_1(group) == LineBuckets{2000, 0, 1000});
  CHECK(group.find(LineNo(2))->in == LineBuckets{1000, 0, 0});
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
  CHECK(line_1(story.group()) == LineBuckets{3000, 0, 0});
  CHECK(story.group().put_backs.empty());
  CHECK(story.group().exceptions.empty());
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
  CHECK(line_1(group) == LineBuckets{1000, 0, 0});
  CHECK(group.put_backs.size() == 1);
  CHECK(group.exceptions.size() == 2);
}

TEST_CASE("evolve: a pick as large as a number can be is credited up to what is open",
          "[domain][ship-group]") {
  const ShipGroup group = Story().allocated({pieces(1, 3)}).picked(kNodeA, 1, INT64_MAX).group();
  CHECK(line_1(group) == LineBuckets{0, 3000, 0});
  CHECK(group.put_backs.front().milli == INT64_MAX - 3000);
}

// ---- random histories ----

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::int64_t upto(std::int64_t most) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(most + 1));
  }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(upto(static_cast<std::int64_t>(all.size()) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

/// Any event at all, sensible or not. Lines 1 to 3 exist, once they are allocated.
ShipGroupEvent any_event(Chance& chance, const std::vector<EventRef>& seen) {
  const auto line = [&chance] { return LineNo(static_cast<std::uint32_t>(chance.upto(4))); };
  const auto milli = [&chance] { return chance.upto(6) * 500 - 500; };
  switch (chance.upto(9)) {
    case 0:
      return ShipGroupAllocated{kGroup,
                                kOrder,
                                "WEB",
                                FulfilmentMethod::kShip,
                                {pieces(1, chance.upto(3)), pieces(2, 2), grams(3, 1500)}};
    case 1:
    case 2:
      return TaskClaimed{chance.one_of<std::string>({"S1", "S2"})};
    case 3:
      return TaskReleased{seen.empty() ? EventRef{} : chance.one_of(seen)};
    case 4: {
      ShipGroupShipped shipped;
      for (auto lines = chance.upto(4); lines > 0; --lines) {
        shipped.lines.push_back({line(), milli()});
      }
      return shipped;
    }
    default:
      return LinePicked{line(), milli(), location("A-01")};
  }
}

Story any_story(std::uint64_t seed) {
  Chance chance(seed);
  Story story;
  std::vector<EventRef> seen;
  for (auto length = chance.upto(40); length > 0; --length) {
    story.tell(chance.one_of<NodeId>({kHub, kNodeA, kNodeB}), any_event(chance, seen));
    seen.push_back(story.last());
  }
  return story;
}

struct Totals {
  std::int64_t picked = 0;
  std::int64_t shipped = 0;
};

Totals totals_of(const Story& story) {
  Totals totals;
  for (const auto& recorded : story.events()) {
    if (const auto* const pick = std::get_if<LinePicked>(&recorded.event)) {
      totals.picked += std::max<std::int64_t>(pick->milli, 0);
    }
    if (const auto* const out = std::get_if<ShipGroupShipped>(&recorded.event)) {
      for (const auto& line : out->lines) totals.shipped += std::max<std::int64_t>(line.milli, 0);
    }
  }
  return totals;
}

TEST_CASE("evolve: no history of events breaks I12, and no picked or shipped unit gets lost",
          "[domain][ship-group]") {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    CAPTURE(seed);
    const Story story = any_story(seed);
    ShipGroup group;
    for (const auto& recorded : story.events()) {
      evolve(group, recorded);
      REQUIRE(check_unit_buckets(group));
      REQUIRE_FALSE(name_of(group.status()).empty());
    }
    std::int64_t credited = 0;
    std::int64_t shipped = 0;
    for (const auto& line : group.lines) {
      credited += line.in.picked_milli + line.in.shipped_milli;
      shipped += line.in.shipped_milli;
    }
    std::int64_t put_back = 0;
    for (const auto& task : group.put_backs) put_back += task.milli;
    std::int64_t unpicked = 0;
    for (const auto& exception : group.exceptions) {
      if (exception.kind == Kind::kShippedUnpicked) unpicked += exception.milli;
    }
    const Totals totals = totals_of(story);
    REQUIRE(put_back + credited == totals.picked);
    REQUIRE(shipped + unpicked == totals.shipped);
    REQUIRE(group == story.group());
  }
}

TEST_CASE("evolve: in any order of one set of events the invariants hold", "[domain][ship-group]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Story story = any_story(seed);
    const Totals totals = totals_of(story);
    auto events = story.events();
    std::mt19937_64 engine(seed);
    for (int order = 0; order < 10; ++order) {
      CAPTURE(seed, order);
      std::shuffle(events.begin(), events.end(), engine);
      ShipGroup group;
      for (const auto& recorded : events) evolve(group, recorded);
      REQUIRE(check_unit_buckets(group));
      std::int64_t units = 0;
      for (const auto& line : group.lines) units += line.in.picked_milli + line.in.shipped_milli;
      for (const auto& task : group.put_backs) units += task.milli;
      REQUIRE(units == totals.picked);
    }
  }
}

}  // namespace
}  // namespace cairn::domain
