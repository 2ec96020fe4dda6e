// Closing a package: what may be in it and what it has to weigh.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::packing_decide_test {
namespace {

using namespace test;

constexpr std::int64_t kKilogram = 1'000'000;

/// In the tote: four mugs of 400 g, two lamps of 2.5 kg, a cable whose weight nobody knows.
Story tote() {
  return Story()
      .allocated({weighing(pieces(1, 4), 400'000), weighing(pieces(2, 2), 2'500'000), pieces(3, 1)})
      .claimed(kNodeA, "S1")
      .picked(kNodeA, 1, 4000)
      .picked(kNodeA, 2, 2000)
      .picked(kNodeA, 3, 1000);
}

ClosePackage box(std::vector<LineUnits> lines, std::int64_t weight_mg) {
  return {std::move(lines), weight_mg, {}};
}

ClosePackage approved(ClosePackage close, UserId by = kLead, std::string reason = "wet carton") {
  close.approval = Approval{by, std::move(reason)};
  return close;
}

PackageClosed closed(std::vector<LineUnits> lines, std::int64_t weight_mg, std::int64_t expected_mg,
                     WeightCheck check) {
  return {std::move(lines), weight_mg, expected_mg, check, {}, ""};
}

TEST_CASE("package: one that weighs what it should is closed", "[domain][packing]") {
  given(tote())
      .when(box({units(1, 2000), units(2, 1000)}, 3'300'000))
      .then(
          {closed({units(1, 2000), units(2, 1000)}, 3'300'000, 3'300'000, WeightCheck::kMatched)});
  // Whoever packs it: the tote is there for everybody.
  given(tote())
      .when(box({units(1, 1000)}, 400'000), kNodeB)
      .then({closed({units(1, 1000)}, 400'000, 400'000, WeightCheck::kMatched)});
}

TEST_CASE("package: up to 30 g or 2 % more or less is let pass, whichever is more",
          "[domain][packing]") {
  struct Case {
    std::vector<LineUnits> lines;
    std::int64_t expected_mg;
    std::int64_t tolerance_mg;
  };
  // 2 % of 400 g is 8 g; of 5 kg it is 100 g.
  for (const Case& c :
       {Case{{units(1, 1000)}, 400'000, 30'000}, Case{{units(2, 2000)}, 5 * kKilogram, 100'000}}) {
    for (const std::int64_t off : {c.tolerance_mg, -c.tolerance_mg}) {
      const std::int64_t one_more = off > 0 ? 1 : -1;
      given(tote())
          .when(box(c.lines, c.expected_mg + off))
          .then({closed(c.lines, c.expected_mg + off, c.expected_mg, WeightCheck::kMatched)});
      given(tote())
          .when(box(c.lines, c.expected_mg + off + one_more))
          .then_refused(ErrorCode::kRejected, "weight_mismatch");
    }
  }
}

TEST_CASE("package: one that is too light says what is missing, if only one thing can be",
          "[domain][packing]") {
  given(tote())
      .when(box({units(1, 3000), units(2, 1000)}, 3'300'000))
      .then_says("1 x Article 1 seems to be missing: 3.7 kg expected, 3.3 kg weighed");
  // Two mugs of three: nothing else makes 800 g.
  given(tote())
      .when(box({units(1, 3000), units(2, 1000)}, 2'900'000))
      .then_says("2 x Article 1 seems to be missing: 3.7 kg expected, 2.9 kg weighed");
}

TEST_CASE("package: one that is too heavy, or inexplicably light, asks to scan again",
          "[domain][packing]") {
  given(tote())
      .when(box({units(1, 2000)}, 1'200'000))
      .then_says("the weight does not match; scan the units again: 800 g expected, 1.2 kg weighed");
  given(tote())
      .when(box({units(1, 2000)}, 600'000))
      .then_says("the weight does not match; scan the units again: 800 g expected, 600 g weighed");
}

TEST_CASE("package: with a unit of unknown weight nothing can be checked", "[domain][packing]") {
  given(tote())
      .when(box({units(1, 1000), units(3, 1000)}, 9 * kKilogram))
      .then({closed({units(1, 1000), units(3, 1000)}, 9 * kKilogram, 400'000,
                    WeightCheck::kNotChecked)});
}

TEST_CASE("package: a second person lets another weight pass, and says why", "[domain][packing]") {
  const auto wrong = box({units(1, 2000)}, 900'000);
  given(tote())
      .when(approved(wrong))
      .then({PackageClosed{
          {units(1, 2000)}, 900'000, 800'000, WeightCheck::kOverridden, kLead, "wet carton"}});
  given(tote())
      .when(approved(wrong, kPicker))
      .then_refused(ErrorCode::kRejected, "approver_is_operator");
}

TEST_CASE("package: an approval names somebody and has a reason", "[domain][packing]") {
  const auto wrong = box({units(1, 2000)}, 900'000);
  const std::string longest(200, 'x');
  for (const auto& [by, reason] :
       {std::pair(kLead, std::string()), std::pair(kLead, longest + "x"),
        std::pair(kLead, std::string("\xff")), std::pair(UserId{}, std::string("wet"))}) {
    CAPTURE(reason);
    given(tote())
        .when(approved(wrong, by, reason))
        .then_refused(ErrorCode::kInvalid, "bad_approval");
  }
  given(tote())
      .when(approved(wrong, kLead, longest))
      .then({PackageClosed{
          {units(1, 2000)}, 900'000, 800'000, WeightCheck::kOverridden, kLead, longest}});
}

TEST_CASE("package: an approval that nobody needed is not recorded", "[domain][packing]") {
  given(tote())
      .when(approved(box({units(1, 2000)}, 800'000)))
      .then({closed({units(1, 2000)}, 800'000, 800'000, WeightCheck::kMatched)});
}

TEST_CASE("package: it is no heavier than one person may lift", "[domain][packing]") {
  // Eight of 2 kg; the limit of 15 kg has the tolerance of its 2 %.
  const auto story = Story()
                         .allocated({weighing(pieces(1, 8), 2 * kKilogram), pieces(2, 2)})
                         .picked(kNodeA, 1, 8000)
                         .picked(kNodeA, 2, 2000);
  given(story)
      .when(box({units(1, 7000)}, 14 * kKilogram))
      .then({closed({units(1, 7000)}, 14 * kKilogram, 14 * kKilogram, WeightCheck::kMatched)});
  const auto eight = box({units(1, 8000)}, 16 * kKilogram);
  given(story).when(eight).then_refused(ErrorCode::kRejected, "package_too_heavy");
  given(story).when(eight).then_says("a package has at most 15 kg; take something out");
  // Nobody can let that pass.
  given(story).when(approved(eight)).then_refused(ErrorCode::kRejected, "package_too_heavy");
  // Whatever should be in it: what the scale says is too heavy, too.
  given(story)
      .when(box({units(1, 7000), units(2, 1000)}, 15'300'001))
      .then_refused(ErrorCode::kRejected, "package_too_heavy");
  given(story)
      .when(box({units(1, 7000), units(2, 1000)}, 15'300'000))
      .then({closed({units(1, 7000), units(2, 1000)}, 15'300'000, 14 * kKilogram,
                    WeightCheck::kNotChecked)});
}

TEST_CASE("package: a single unit may be heavier", "[domain][packing]") {
  const auto story =
      Story().allocated({weighing(pieces(1, 2), 20 * kKilogram)}).picked(kNodeA, 1, 2000);
  given(story)
      .when(box({units(1, 1000)}, 20 * kKilogram))
      .then({closed({units(1, 1000)}, 20 * kKilogram, 20 * kKilogram, WeightCheck::kMatched)});
  given(story)
      .when(box({units(1, 2000)}, 40 * kKilogram))
      .then_refused(ErrorCode::kRejected, "package_too_heavy");
}

TEST_CASE("package: only what is in the tote can be packed", "[domain][packing]") {
  const auto story = tote().packed(kNodeA, {units(1, 3000)});
  given(story)
      .when(box({units(1, 2000)}, 800'000))
      .then_refused(ErrorCode::kRejected, "not_in_tote");
  given(story)
      .when(box({units(1, 2000)}, 800'000))
      .then_says("Article 1: only 1 are picked and not packed");
  given(story)
      .when(box({units(9, 1000)}, 800'000))
      .then_refused(ErrorCode::kNotFound, "no_such_line");
}

TEST_CASE("package: what makes no sense is refused", "[domain][packing]") {
  const std::vector<std::vector<LineUnits>> wrong{
      {}, {units(1, 0)}, {units(1, -1000)}, {units(1, 500)}, {units(1, 1000), units(1, 1000)}};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    CAPTURE(i);
    given(tote()).when(box(wrong[i], 800'000)).then_refused(ErrorCode::kInvalid, "bad_quantity");
  }
  for (const std::int64_t weight : {std::int64_t{0}, std::int64_t{-1}, -kKilogram}) {
    CAPTURE(weight);
    given(tote())
        .when(box({units(1, 2000)}, weight))
        .then_refused(ErrorCode::kInvalid, "bad_weight");
    given(tote())
        .when(approved(box({units(3, 1000)}, weight)))
        .then_refused(ErrorCode::kInvalid, "bad_weight");
  }
}

// What is in a package is not handed over: only what is in the tote is.
TEST_CASE("package: a pickup is not packed, also while it is being picked", "[domain][packing]") {
  const auto story = Story()
                         .allocated({weighing(pieces(1, 2), 400'000)}, FulfilmentMethod::kPickup)
                         .claimed(kNodeA, "S1")
                         .picked(kNodeA, 1, 1000);
  given(story)
      .when(box({units(1, 1000)}, 400'000))
      .then_refused(ErrorCode::kRejected, "is_a_pickup");
}

// ---- out of the door ----

TEST_CASE("shipping: everything packed leaves, whoever says so", "[domain][packing]") {
  auto story = Story()
                   .allocated({pieces(1, 2), grams(2, 1500)})
                   .picked(kNodeA, 1, 2000)
                   .picked(kNodeA, 2, 1500)
                   .packed(kNodeA, {units(1, 2000), units(2, 1500)});
  const EventRef package = story.last();
  story.labelled(kNodeA, package, 1).checked(kNodeA, package, true);
  const std::vector<ShipGroupEvent> all{ShipGroupShipped{{units(1, 2000), units(2, 1500)}}};
  given(story).when(ShipGroupOut{}).then(all);
  given(story).when(ShipGroupOut{}, kNodeB).then(all);
  // What left before does not leave again.
  story.shipped(kNodeB, {units(1, 2000), units(2, 500)});
  given(story).when(ShipGroupOut{}).then({ShipGroupShipped{{units(2, 1000)}}});
}

TEST_CASE("shipping: a package without its label stays", "[domain][packing]") {
  auto story =
      Story().allocated({pieces(1, 2)}).picked(kNodeA, 1, 2000).packed(kNodeA, {units(1, 1000)});
  const EventRef first = story.last();
  const EventRef second = story.packed(kNodeA, {units(1, 1000)}).last();
  story.labelled(kNodeA, first, 1).checked(kNodeA, first, true).labelled(kNodeA, second, 2);
  given(story).when(ShipGroupOut{}).then_refused(ErrorCode::kRejected, "not_labelled");
  given(story).when(ShipGroupOut{}).then_says("order WEB-1001: a package has no label on it yet");
  story.printing(kNodeA, second);
  given(story).when(ShipGroupOut{}).then_refused(ErrorCode::kRejected, "not_labelled");
  story.printed(kNodeA, story.last(), PrintOutcome::kUnknown);
  given(story).when(ShipGroupOut{}).then_refused(ErrorCode::kRejected, "not_labelled");
  story.checked(kNodeA, second, true);
  given(story).when(ShipGroupOut{}).then({ShipGroupShipped{{units(1, 2000)}}});
}

TEST_CASE("shipping: a package that a cancellation emptied needs no label", "[domain][packing]") {
  auto story = Story()
                   .allocated({pieces(1, 2), pieces(2, 1)})
                   .picked(kNodeA, 1, 2000)
                   .packed(kNodeA, {units(1, 2000)});
  const EventRef first = story.last();
  story.labelled(kNodeA, first, 1).checked(kNodeA, first, true);
  story.picked(kNodeA, 2, 1000).packed(kNodeA, {units(2, 1000)}).cancelled(2, 1000);
  CHECK(story.group().packages.back().lines.empty());
  given(story).when(ShipGroupOut{}).then({ShipGroupShipped{{units(1, 2000)}}});
}

}  // namespace
}  // namespace cairn::domain::packing_decide_test
