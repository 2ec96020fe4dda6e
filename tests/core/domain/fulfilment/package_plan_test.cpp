#include "core/domain/fulfilment/package_plan.h"

#include "core/domain/fulfilment/ship_group_decide.h"
#include "core/domain/fulfilment/weigh_check.h"
#include "tests/core/domain/support/property.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <vector>

namespace cairn::domain::package_plan_test {
namespace {

using namespace test;
using cairn::test::holds;
using Contents = std::vector<LineUnits>;

constexpr std::int64_t kKilogram = 1'000'000;

/// A group of which everything ordered is in the tote.
Story all_picked(const std::vector<ShipGroupLine>& lines) {
  Story story = Story().allocated(lines);
  for (const ShipGroupLine& line : lines) {
    if (line.ordered.milli > 0) story.picked(kNodeA, line.line.value(), line.ordered.milli);
  }
  return story;
}

Contents plan(const std::vector<ShipGroupLine>& lines) {
  return next_package(all_picked(lines).group());
}

TEST_CASE("package plan: a small order goes into one package", "[domain][packing]") {
  CHECK(plan({weighing(pieces(1, 2), kKilogram), weighing(pieces(2, 1), 5 * kKilogram)}) ==
        Contents{units(1, 2000), units(2, 1000)});
}

TEST_CASE("package plan: only what is in the tote", "[domain][packing]") {
  CHECK(next_package(ShipGroup{}).empty());
  auto story = Story().allocated({weighing(pieces(1, 3), kKilogram), pieces(2, 1)});
  CHECK(next_package(story.group()).empty());
  story.picked(kNodeA, 1, 2000);
  CHECK(next_package(story.group()) == Contents{units(1, 2000)});
  story.packed(kNodeA, {units(1, 2000)});
  CHECK(next_package(story.group()).empty());
}

TEST_CASE("package plan: it is filled in line order up to 15 kg", "[domain][packing]") {
  // Four of 4 kg are too many; what does not fit closes the box, later lines wait their turn.
  const std::vector<ShipGroupLine> lines{weighing(pieces(1, 2), kKilogram),
                                         weighing(pieces(2, 4), 4 * kKilogram),
                                         weighing(pieces(3, 1), kKilogram)};
  Story story = all_picked(lines);
  CHECK(next_package(story.group()) == Contents{units(1, 2000), units(2, 3000)});
  story.packed(kNodeA, next_package(story.group()));
  CHECK(next_package(story.group()) == Contents{units(2, 1000), units(3, 1000)});
  CHECK(plan({weighing(pieces(1, 16), kKilogram)}) == Contents{units(1, 15'000)});
}

TEST_CASE("package plan: a single unit that is heavier travels alone", "[domain][packing]") {
  CHECK(plan({weighing(pieces(1, 2), 20 * kKilogram)}) == Contents{units(1, 1000)});
  CHECK(plan({weighing(pieces(1, 1), 20 * kKilogram), weighing(pieces(2, 1), 1000)}) ==
        Contents{units(1, 1000)});
  CHECK(plan({weighing(pieces(1, 1), kKilogram), weighing(pieces(2, 1), 20 * kKilogram)}) ==
        Contents{units(1, 1000)});
}

TEST_CASE("package plan: units of unknown weight take no room", "[domain][packing]") {
  CHECK(plan({pieces(1, 100), weighing(pieces(2, 16), kKilogram)}) ==
        Contents{units(1, 100'000), units(2, 15'000)});
}

TEST_CASE("package plan: what is weighed is shared out as well", "[domain][packing]") {
  CHECK(plan({weighing(grams(1, 2500), kKilogram)}) == Contents{units(1, 2500)});
  CHECK(plan({weighing(grams(1, 20'250), kKilogram)}) == Contents{units(1, 15'000)});
}

// Only a single unit may be heavier than 15 kg.
TEST_CASE("package plan: beside a heavy unit there is nothing, of whatever weight",
          "[domain][packing]") {
  CHECK(plan({weighing(pieces(1, 1), 20 * kKilogram), pieces(2, 1)}) == Contents{units(1, 1000)});
}

TEST_CASE("package plan: parts of a kilogram weigh something", "[domain][packing]") {
  std::vector<ShipGroupLine> lines;
  for (std::uint32_t no = 1; no <= 20; ++no) lines.push_back(weighing(grams(no, 900), kKilogram));
  const ShipGroup group = all_picked(lines).group();
  CHECK(weigh_check(group, next_package(group), 1).expected_mg <= kPackageMostMg);
}

// ---- properties ----

/// Up to six lines of pieces; a unit weighs from 0.5 to 20 kg, or, if asked for, nobody knows what.
std::vector<ShipGroupLine> any_lines(bool unknown) {
  const auto upto = [](std::int64_t most) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, most + 1));
  };
  std::vector<ShipGroupLine> lines;
  const auto count = static_cast<std::uint32_t>(1 + upto(5));
  for (std::uint32_t no = 1; no <= count; ++no) {
    const std::int64_t weight = (1 + upto(39)) * kKilogram / 2;
    lines.push_back(weighing(pieces(no, 1 + upto(11)), unknown && upto(3) == 0 ? 0 : weight));
  }
  return lines;
}

bool single_unit(const Contents& contents) {
  return contents.size() == 1 && contents.front().milli == kMilliPerUnit;
}

/// Packs by the plan until the tote is empty, by decide() as a station would.
void assert_packs_everything(Story story) {
  for (int packages = 0; story.group().totals().picked_milli > 0; ++packages) {
    RC_ASSERT(packages < 100);
    const ShipGroup group = story.group();
    const Contents contents = next_package(group);
    RC_ASSERT(!contents.empty());
    const std::int64_t expected = weigh_check(group, contents, 1).expected_mg;
    RC_ASSERT(expected <= kPackageMostMg || single_unit(contents));
    const auto closed =
        decide(group, ClosePackage{contents, std::max<std::int64_t>(expected, 1), {}},
               {kNodeA, kPicker, story.now()});
    RC_ASSERT(closed.has_value());
    story.tell(kNodeA, closed->front());
  }
  RC_ASSERT(story.group().totals().packed_milli == story.group().totals().sum_milli());
}

TEST_CASE("package plan: packing by it empties the tote, no package above 15 kg but single units",
          "[domain][packing][property]") {
  CHECK(holds("plans are packed until nothing is left",
              [] { assert_packs_everything(all_picked(any_lines(false))); }));
}

TEST_CASE("package plan: packing by it empties the tote, whatever weights are unknown",
          "[domain][packing][property]") {
  CHECK(holds("plans with unknown weights are packed until nothing is left",
              [] { assert_packs_everything(all_picked(any_lines(true))); }));
}

}  // namespace
}  // namespace cairn::domain::package_plan_test
