// Packages, labels and shipping, as facts: what each does to the state, whatever the state is.

#include "core/domain/invariants.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <vector>

namespace cairn::domain::evolve_packing_test {
namespace {

using namespace test;
using Kind = ShipGroupException::Kind;
using Lines = std::vector<LineUnits>;
using Exceptions = std::vector<ShipGroupException>;

LineBuckets line_1(const Story& story) { return story.group().find(LineNo(1))->in; }

Story picked(std::int64_t count) {
  return Story().allocated({pieces(1, count), pieces(2, 2)}).picked(kNodeA, 1, count * 1000);
}

// ---- packages ----

TEST_CASE("evolve: a package takes its units out of the tote and says what it is",
          "[domain][packing]") {
  auto story = picked(3);
  story.tell(kNodeA,
             PackageClosed{{units(1, 2000)}, 810, 800, WeightCheck::kOverridden, kLead, "x"});
  CHECK(line_1(story) == LineBuckets{.picked_milli = 1000, .packed_milli = 2000});
  const ShipGroup group = story.group();
  REQUIRE(group.packages.size() == 1);
  const Package& package = group.packages.front();
  CHECK(package.ref == story.last());
  CHECK(package.lines == Lines{units(1, 2000)});
  CHECK(package.weight_mg == 810);
  CHECK(package.expected_mg == 800);
  CHECK(package.check == WeightCheck::kOverridden);
  CHECK(package.sscc.empty());
  CHECK(package.label == LabelStatus::kNone);
  CHECK(group.find_package(story.last()) == &package);
  CHECK(group.find_package({kNodeB, Incarnation(1), 1}) == nullptr);
  CHECK(group.exceptions.empty());
}

TEST_CASE("evolve: a package holds no more than was picked; the rest is an exception",
          "[domain][packing]") {
  auto story = picked(2);
  story.packed(kNodeA, {units(1, 3000), units(2, 1000), units(9, 500)});
  const EventRef package = story.last();
  CHECK(line_1(story) == LineBuckets{.packed_milli = 2000});
  CHECK(story.group().packages.front().lines == Lines{units(1, 2000)});
  CHECK(story.group().exceptions == Exceptions{{Kind::kPackedUnpicked, package, LineNo(1), 1000},
                                               {Kind::kPackedUnpicked, package, LineNo(2), 1000},
                                               {Kind::kPackedUnpicked, package, LineNo(9), 500}});
  CHECK(check_unit_buckets(story.group()));
}

TEST_CASE("evolve: a package that names a line twice holds it once", "[domain][packing]") {
  auto story = picked(3);
  story.packed(kNodeA, {units(1, 1000), units(1, 2000)});
  CHECK(story.group().packages.front().lines == Lines{units(1, 3000)});
  CHECK(check_unit_buckets(story.group()));
}

TEST_CASE("evolve: of two devices that pack the same units the first in the view has them",
          "[domain][packing]") {
  auto story = picked(2).packed(kNodeA, {units(1, 2000)});
  story.packed(kNodeB, {units(1, 2000)});
  const ShipGroup group = story.group();
  REQUIRE(group.packages.size() == 2);
  CHECK(group.packages[0].lines == Lines{units(1, 2000)});
  CHECK(group.packages[1].lines.empty());
  CHECK(group.exceptions == Exceptions{{Kind::kPackedUnpicked, story.last(), LineNo(1), 2000}});
}

// ---- labels ----

/// One package; `label` is its state after each step.
struct Packed {
  Story story = picked(1).packed(kNodeA, {units(1, 1000)});
  EventRef package = story.last();

  [[nodiscard]] Package now() const { return *story.group().find_package(package); }
  [[nodiscard]] LabelStatus label() const { return now().label; }
  EventRef print(NodeId by = kNodeA) { return story.printing(by, package).last(); }
};

TEST_CASE("evolve: a label through its life", "[domain][label]") {
  Packed packed;
  packed.story.labelled(kNodeA, packed.package, 5);
  CHECK(packed.label() == LabelStatus::kAssigned);
  CHECK(packed.now().sscc == sscc_of(5));
  CHECK(packed.now().tracking == tracking_number(5));
  const EventRef start = packed.print();
  CHECK(packed.label() == LabelStatus::kPrinting);
  CHECK(packed.now().print == start);
  packed.story.printed(kNodeA, start);
  CHECK(packed.label() == LabelStatus::kPrinted);
}

TEST_CASE("evolve: a print that failed says why, until the next one begins", "[domain][label]") {
  Packed packed;
  packed.story.labelled(kNodeA, packed.package, 5);
  const EventRef start = packed.print();
  packed.story.tell(kNodeA, LabelPrintEnded{start, PrintOutcome::kFailed, "no paper"});
  CHECK(packed.label() == LabelStatus::kFailed);
  CHECK(packed.now().print_detail == "no paper");
  packed.print();
  CHECK(packed.label() == LabelStatus::kPrinting);
  CHECK(packed.now().print_detail.empty());
}

TEST_CASE("evolve: what became of an unknown print a person says", "[domain][label]") {
  for (const bool came_out : {true, false}) {
    Packed packed;
    packed.story.labelled(kNodeA, packed.package, 5);
    packed.story.tell(kNodeA,
                      LabelPrintEnded{packed.print(), PrintOutcome::kUnknown, "power went off"});
    CHECK(packed.label() == LabelStatus::kUnknown);
    packed.story.checked(kNodeB, packed.package, came_out);
    CHECK(packed.label() == (came_out ? LabelStatus::kPrinted : LabelStatus::kFailed));
    CHECK(packed.now().print_detail.empty());
  }
}

TEST_CASE("evolve: the end of an old print changes nothing", "[domain][label]") {
  Packed packed;
  packed.story.labelled(kNodeA, packed.package, 5);
  const EventRef old = packed.print();
  const EventRef current = packed.print(kNodeB);
  packed.story.printed(kNodeA, old);
  CHECK(packed.label() == LabelStatus::kPrinting);
  CHECK(packed.now().print == current);
  packed.story.printed(kNodeB, current, PrintOutcome::kFailed);
  CHECK(packed.label() == LabelStatus::kFailed);
  // Nor does a second end of the same one.
  packed.story.printed(kNodeB, current, PrintOutcome::kDone);
  CHECK(packed.label() == LabelStatus::kFailed);
}

TEST_CASE("evolve: an end that comes after a person has looked changes nothing",
          "[domain][label]") {
  Packed packed;
  packed.story.labelled(kNodeA, packed.package, 5);
  const EventRef start = packed.print();
  packed.story.printed(kNodeA, start, PrintOutcome::kUnknown).checked(kNodeA, packed.package, true);
  packed.story.printed(kNodeA, start, PrintOutcome::kFailed);
  CHECK(packed.label() == LabelStatus::kPrinted);
}

TEST_CASE("evolve: a second label for one package is an exception, the first stands",
          "[domain][label]") {
  Packed packed;
  packed.story.labelled(kNodeA, packed.package, 5).labelled(kNodeB, packed.package, 6);
  CHECK(packed.now().sscc == sscc_of(5));
  CHECK(packed.now().tracking == tracking_number(5));
  CHECK(packed.story.group().exceptions ==
        Exceptions{{Kind::kDuplicateLabel, packed.story.last(), LineNo{}, 0}});
  // The same numbers again say nothing new.
  packed.story.labelled(kNodeB, packed.package, 5);
  CHECK(packed.story.group().exceptions.size() == 1);
}

TEST_CASE("evolve: a label that is printed again where it may be on the package is an exception",
          "[domain][label]") {
  for (const LabelStatus before :
       {LabelStatus::kAssigned, LabelStatus::kPrinting, LabelStatus::kPrinted, LabelStatus::kFailed,
        LabelStatus::kUnknown}) {
    CAPTURE(name_of(before));
    Packed packed;
    packed.story.labelled(kNodeA, packed.package, 5);
    if (before != LabelStatus::kAssigned) {
      const EventRef start = packed.print();
      if (before == LabelStatus::kPrinted) packed.story.printed(kNodeA, start);
      if (before == LabelStatus::kFailed) {
        packed.story.printed(kNodeA, start, PrintOutcome::kFailed);
      }
      if (before == LabelStatus::kUnknown) {
        packed.story.printed(kNodeA, start, PrintOutcome::kUnknown);
      }
    }
    REQUIRE(packed.label() == before);
    const EventRef again = packed.print(kNodeB);
    CHECK(packed.label() == LabelStatus::kPrinting);
    CHECK(packed.now().print == again);
    const bool first = before == LabelStatus::kAssigned || before == LabelStatus::kFailed;
    CHECK(packed.story.group().exceptions ==
          (first ? Exceptions{} : Exceptions{{Kind::kDuplicateLabel, again, LineNo{}, 0}}));
  }
}

TEST_CASE("evolve: of two who look and print again without knowing of each other, one is too many",
          "[domain][label]") {
  // In whatever order it is heard: a LAN can tell of B before A's package is known.
  for (const bool b_first : {false, true}) {
    CAPTURE(b_first);
    Story story = Story().allocated({pieces(1, 1)}).picked(kNodeA, 1, 1000);
    const EventRef package{kNodeA, Incarnation(1), 100};
    const EventRef first{kNodeA, Incarnation(1), 102};
    const EventRef again_b{kNodeB, Incarnation(1), 200};
    const EventRef again_a{kNodeA, Incarnation(1), 105};
    const auto by_b = [&] {
      story.checked(kNodeB, package, false, first);
      story.tell_as(again_b, LabelPrintStarted{package, "p", first}).printed(kNodeB, again_b);
    };
    if (b_first) by_b();
    story.tell_as(package, PackageClosed{{units(1, 1000)}, 5, 5, WeightCheck::kMatched, {}, ""});
    story.labelled(kNodeA, package, 5).tell_as(first, LabelPrintStarted{package, "p", {}});
    story.printed(kNodeA, first, PrintOutcome::kUnknown);
    // B knew of the first one: nobody printed unheard yet.
    CHECK(story.group().exceptions.empty());
    if (!b_first) by_b();
    CHECK(story.group().exceptions.empty());
    story.checked(kNodeA, package, false, first);
    story.tell_as(again_a, LabelPrintStarted{package, "p", first});
    CHECK(story.group().exceptions == Exceptions{{Kind::kDuplicateLabel, again_a, LineNo{}, 0}});
  }
}

TEST_CASE("evolve: a print of which nothing came out does not count", "[domain][label]") {
  for (const bool looked : {false, true}) {
    Packed packed;
    packed.story.labelled(kNodeA, packed.package, 5);
    const EventRef lost = packed.print(kNodeB);
    if (looked) {
      packed.story.printed(kNodeB, lost, PrintOutcome::kUnknown);
      packed.story.checked(kNodeB, packed.package, false, lost);
    } else {
      packed.story.printed(kNodeB, lost, PrintOutcome::kFailed);
    }
    packed.print(kNodeA);
    CHECK(packed.story.group().exceptions.empty());
  }
}

TEST_CASE("evolve: prints that name each other in a circle end", "[domain][label]") {
  Packed packed;
  packed.story.labelled(kNodeA, packed.package, 5);
  const EventRef one{kNodeB, Incarnation(1), 200};
  const EventRef two{kNodeB, Incarnation(1), 201};
  packed.story.tell_as(one, LabelPrintStarted{packed.package, "p", two});
  packed.story.tell_as(two, LabelPrintStarted{packed.package, "p", one});
  packed.print(kNodeA);
  CHECK(packed.story.group().prints.size() == 3);
}

TEST_CASE("evolve: labels of packages that are not there mean nothing", "[domain][label]") {
  Packed packed;
  const ShipGroup before = packed.story.group();
  const EventRef other{kNodeB, Incarnation(1), 40};
  packed.story.labelled(kNodeB, other, 5).printing(kNodeB, other).printed(kNodeB, other);
  packed.story.checked(kNodeB, other, true);
  ShipGroup after = packed.story.group();
  after.prints.clear();
  CHECK(after == before);
  // Nothing can have come out of what has no numbers.
  packed.story.checked(kNodeB, packed.package, true);
  after = packed.story.group();
  after.prints.clear();
  CHECK(after == before);
}

// ---- out of the door ----

TEST_CASE("evolve: what leaves is packed, or at least picked", "[domain][packing]") {
  auto story = picked(3).packed(kNodeA, {units(1, 2000)}).shipped(kNodeA, {units(1, 3000)});
  CHECK(line_1(story) == LineBuckets{.shipped_milli = 3000});
  CHECK(story.group().exceptions.empty());
  CHECK(story.group().packages.front().lines == Lines{units(1, 2000)});
}

TEST_CASE("evolve: a group shipped twice is an exception the second time", "[domain][packing]") {
  auto story = picked(2).packed(kNodeA, {units(1, 2000)}).shipped(kNodeA, {units(1, 2000)});
  story.shipped(kNodeB, {units(1, 2000)});
  CHECK(line_1(story) == LineBuckets{.shipped_milli = 2000});
  CHECK(story.group().exceptions ==
        Exceptions{{Kind::kShippedUnpicked, story.last(), LineNo(1), 2000}});
}

TEST_CASE("evolve: what comes back leaves the shipped units first", "[domain][packing]") {
  auto story = picked(3).shipped(kNodeA, {units(1, 2000)}).handed_over(kNodeA, {units(1, 1000)});
  story.returned(1, 2000);
  CHECK(line_1(story) == LineBuckets{.handed_over_milli = 1000, .returned_milli = 2000});
  story.returned(1, 5000).returned(9, 1000);
  CHECK(line_1(story) == LineBuckets{.returned_milli = 3000});
  CHECK(story.group().status() == ShipGroupStatus::kPicking);
}

TEST_CASE("evolve: what came back before it was heard how it left is back when that is heard",
          "[domain][packing]") {
  auto story = picked(3).returned(1, 2000);
  CHECK(line_1(story) == LineBuckets{.picked_milli = 3000});
  // No more than can still leave.
  story.returned(1, 9000);
  SECTION("handed over") {
    story.handed_over(kNodeB, {units(1, 1000)});
    CHECK(line_1(story) == LineBuckets{.picked_milli = 2000, .returned_milli = 1000});
    story.handed_over(kNodeB, {units(1, 2000)});
  }
  SECTION("shipped") { story.shipped(kNodeB, {units(1, 3000)}); }
  CHECK(line_1(story) == LineBuckets{.returned_milli = 3000});
  CHECK(story.group().find(LineNo(1))->back_early_milli == 0);
}

TEST_CASE("evolve: a hand-over that was a mistake takes no units back that are handed over later",
          "[domain][packing]") {
  for (const bool returned_first : {false, true}) {
    auto story = picked(1);
    if (returned_first) story.returned(1, 2000);
    story.handed_over(kNodeB, {units(1, 1000)});
    story.undone(kNodeB, story.last());
    if (!returned_first) story.returned(1, 1000);
    story.handed_over(kNodeB, {units(1, 1000)});
    CHECK(line_1(story).handed_over_milli == (returned_first ? 0 : 1000));
    CHECK(story.group().find(LineNo(1))->back_early_milli == 0);
  }
}

}  // namespace
}  // namespace cairn::domain::evolve_packing_test
