// What holds of every history of a ship group, however little sense it makes.

#include "core/domain/invariants.h"
#include "tests/core/domain/support/any_story.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <vector>

namespace cairn::domain::ship_group_properties_test {
namespace {

using namespace test;
using cairn::test::anything;
using cairn::test::holds;
using Kind = ShipGroupException::Kind;

std::int64_t sum_of(const std::vector<LineUnits>& lines) {
  std::int64_t sum = 0;
  for (const LineUnits& each : lines) sum += each.milli;
  return sum;
}

/// How much of something the events say, over all lines.
struct Said {
  std::int64_t picked = 0;
  std::int64_t left = 0;  ///< shipped or handed over
};

Said said_in(const Story& story) {
  Said said;
  for (const auto& recorded : story.events()) {
    if (const auto* e = std::get_if<LinePicked>(&recorded.event)) said.picked += e->milli;
    if (const auto* e = std::get_if<ShipGroupShipped>(&recorded.event))
      said.left += sum_of(e->lines);
    if (const auto* e = std::get_if<HandedOver>(&recorded.event)) said.left += sum_of(e->lines);
  }
  return said;
}

/// What undoing took back: it is open again, or no put-back any more.
std::int64_t taken_back(const ShipGroup& group) {
  std::int64_t sum = 0;
  for (const PickedUnits& pick : group.picks) {
    RC_ASSERT(pick.taken_back_milli >= 0);
    RC_ASSERT(pick.counted_milli >= 0);
    RC_ASSERT(pick.taken_back_milli <= pick.milli);
    RC_ASSERT(pick.counted_milli <= pick.milli);
    RC_ASSERT(pick.undone || pick.taken_back_milli == 0);
    sum += pick.taken_back_milli;
  }
  return sum;
}

/// How much the hand-overs that were taken back say.
std::int64_t said_undone(const Story& story) {
  std::int64_t sum = 0;
  const ShipGroup group = story.group();
  for (const auto& recorded : story.events()) {
    const auto* const e = std::get_if<HandedOver>(&recorded.event);
    if (e == nullptr) continue;
    const auto done = std::ranges::find(group.hand_overs, recorded.meta.ref, &HandOver::ref);
    if (done != group.hand_overs.end() && done->undone) sum += sum_of(e->lines);
  }
  return sum;
}

std::int64_t exceptions_of(const ShipGroup& group, std::vector<Kind> kinds) {
  std::int64_t sum = 0;
  for (const ShipGroupException& exception : group.exceptions) {
    if (std::ranges::find(kinds, exception.kind) != kinds.end()) sum += exception.milli;
  }
  return sum;
}

TEST_CASE("any history: every unit is in one bucket and every package holds what is packed",
          "[domain][ship-group][property]") {
  CHECK(holds("I12 after every event", [] {
    const Story story = story_of(anything<RawStory>());
    RC_CLASSIFY(!story.group().packages.empty(), "packed");
    RC_CLASSIFY(!story.group().put_backs.empty(), "to be put back");
    RC_CLASSIFY(story.group().totals().shipped_milli > 0, "shipped");
    RC_CLASSIFY(story.group().totals().handed_over_milli > 0, "handed over");
    ShipGroup group;
    for (const auto& recorded : story.events()) {
      evolve(group, recorded);
      const auto ok = check_unit_buckets(group);
      if (!ok) RC_FAIL(ok.error().message);
      RC_ASSERT(!name_of(group.status()).empty());
    }
  }));
}

TEST_CASE("any history: what was picked is here, has left or is to be put back",
          "[domain][ship-group][property]") {
  CHECK(holds("picked units are conserved", [] {
    const Story story = story_of(anything<RawStory>());
    const ShipGroup group = story.group();
    const LineBuckets in = group.totals();
    std::int64_t units = in.picked_milli + in.packed_milli + in.shipped_milli +
                         in.handed_over_milli + in.returned_milli;
    for (const PutBack& back : group.put_backs) {
      RC_ASSERT(back.milli > 0);
      RC_ASSERT(back.done_milli >= 0);
      RC_ASSERT(back.left_milli() >= 0);
      units += back.milli;
    }
    RC_CLASSIFY(taken_back(group) > 0, "undone");
    RC_ASSERT(units == said_in(story).picked - taken_back(group));
  }));
}

TEST_CASE("any history: what left without being there is an exception",
          "[domain][ship-group][property]") {
  CHECK(holds("units that left are accounted for", [] {
    const Story story = story_of(anything<RawStory>());
    const ShipGroup group = story.group();
    const LineBuckets in = group.totals();
    const std::int64_t undone = said_undone(story);
    const std::int64_t gone = in.shipped_milli + in.handed_over_milli + in.returned_milli;
    const std::int64_t clashes =
        exceptions_of(group, {Kind::kShippedUnpicked, Kind::kShippedAfterCancel,
                              Kind::kHandedAfterCancel, Kind::kDuplicateHandOver});
    // An undone hand-over never was: it clashes with nothing, and gives back what is not back yet.
    RC_ASSERT(gone + clashes <= said_in(story).left);
    RC_ASSERT(gone + clashes + undone >= said_in(story).left);
  }));
}

TEST_CASE("any history: nothing is packed, shipped or handed over that was not picked",
          "[domain][ship-group][property]") {
  CHECK(holds("packages hold picked units", [] {
    const Story story = story_of(anything<RawStory>());
    const ShipGroup group = story.group();
    for (const Package& package : group.packages) {
      for (const LineUnits& inside : package.lines) {
        RC_ASSERT(inside.milli > 0);
        RC_ASSERT(group.find(inside.line) != nullptr);
      }
      // Numbers and a state of the label come together.
      if (package.label == LabelStatus::kNone) RC_ASSERT(package.sscc.empty());
      RC_ASSERT(package.sscc.empty() == package.tracking.empty());
    }
  }));
}

TEST_CASE("any history: every derived thing names an event that happened",
          "[domain][ship-group][property]") {
  CHECK(holds("causes are events of the history", [] {
    const Story story = story_of(anything<RawStory>());
    const ShipGroup group = story.group();
    const auto happened = [&story](const EventRef& ref) {
      return std::ranges::any_of(story.events(),
                                 [&ref](const auto& each) { return each.meta.ref == ref; });
    };
    std::map<std::pair<EventRef, LineNo>, int> put_backs;
    for (const PutBack& back : group.put_backs) {
      RC_ASSERT(happened(back.cause));
      // The name of a put-back: its cause and line.
      RC_ASSERT(++put_backs[std::pair(back.cause, back.line)] == 1);
    }
    for (const auto& exception : group.exceptions) RC_ASSERT(happened(exception.cause));
    for (const Package& package : group.packages) RC_ASSERT(happened(package.ref));
    for (const HandOver& done : group.hand_overs) RC_ASSERT(happened(done.ref));
    for (const PickedUnits& pick : group.picks) RC_ASSERT(happened(pick.ref));
  }));
}

TEST_CASE("any history: in any order of one set of events the invariants hold",
          "[domain][ship-group][property]") {
  CHECK(holds("I12 and conservation in any order", [](std::uint32_t seed) {
    const Story story = story_of(anything<RawStory>());
    auto events = story.events();
    std::mt19937 engine(seed);
    std::shuffle(events.begin(), events.end(), engine);
    ShipGroup group;
    for (const auto& recorded : events) evolve(group, recorded);
    RC_ASSERT(check_unit_buckets(group).has_value());
    const LineBuckets in = group.totals();
    std::int64_t units = in.picked_milli + in.packed_milli + in.shipped_milli +
                         in.handed_over_milli + in.returned_milli;
    for (const PutBack& back : group.put_backs) units += back.milli;
    RC_ASSERT(units == said_in(story).picked - taken_back(group));
  }));
}

TEST_CASE("any history: the same events in view order give the same state, however they came",
          "[domain][ship-group][property]") {
  CHECK(holds("the view is a function of the set", [](std::uint32_t seed) {
    // Stamps of the authors collide, as clocks do: the author settles what came first.
    auto events = story_of(anything<RawStory>()).events();
    for (auto& recorded : events) recorded.meta.hlc.value /= 4;
    const auto fold = [](auto all) {
      std::ranges::sort(all, {}, [](const auto& r) { return std::tuple(r.meta.hlc, r.meta.ref); });
      ShipGroup group;
      for (const auto& recorded : all) evolve(group, recorded);
      return group;
    };
    const ShipGroup before = fold(events);
    std::mt19937 engine(seed);
    std::shuffle(events.begin(), events.end(), engine);
    RC_ASSERT(fold(events) == before);
  }));
}

}  // namespace
}  // namespace cairn::domain::ship_group_properties_test
