#include "core/domain/fulfilment/weigh_check.h"

#include "tests/core/domain/support/property.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::weigh_check_test {
namespace {

using namespace test;
using cairn::test::holds;

constexpr std::int64_t kGram = 1000;

ShipGroup group_of(std::vector<ShipGroupLine> lines) {
  return Story().allocated(std::move(lines)).group();
}

TEST_CASE("weigh check: the tolerance is 2 %, but 30 g at least", "[domain][weigh]") {
  CHECK(weigh_tolerance_mg(0) == 30 * kGram);
  CHECK(weigh_tolerance_mg(1'500 * kGram) == 30 * kGram);
  CHECK(weigh_tolerance_mg(1'500 * kGram + 50) == 30 * kGram + 1);
  CHECK(weigh_tolerance_mg(15'000 * kGram) == 300 * kGram);
}

TEST_CASE("weigh check: it says what it expected", "[domain][weigh]") {
  const ShipGroup group =
      group_of({weighing(pieces(1, 5), 400 * kGram), weighing(grams(2, 1500), 1000 * kGram)});
  const WeighResult result = weigh_check(group, {units(1, 2000), units(2, 250)}, 1'060 * kGram);
  CHECK(result.checked);
  CHECK(result.matches);
  CHECK(result.expected_mg == 1'050 * kGram);
  CHECK(result.tolerance_mg == 30 * kGram);
  CHECK_FALSE(result.missing);
}

TEST_CASE("weigh check: a unit of unknown weight makes it say nothing", "[domain][weigh]") {
  const ShipGroup group = group_of({weighing(pieces(1, 5), 400 * kGram), pieces(2, 1)});
  for (const std::uint32_t unknown : {2U, 9U}) {
    const WeighResult result = weigh_check(group, {units(1, 1000), units(unknown, 1000)}, 1);
    CHECK_FALSE(result.checked);
    CHECK(result.matches);
    CHECK(result.expected_mg == 400 * kGram);
    CHECK_FALSE(result.missing);
  }
}

TEST_CASE("weigh check: what is lacking is named if only one thing explains it",
          "[domain][weigh]") {
  const ShipGroup group =
      group_of({weighing(pieces(1, 3), 400 * kGram), weighing(pieces(2, 3), 900 * kGram),
                weighing(pieces(3, 3), 410 * kGram)});
  const std::vector<LineUnits> two_kinds{units(1, 2000), units(2, 1000)};  // 1.7 kg
  CHECK(weigh_check(group, two_kinds, 800 * kGram).missing == units(2, 1000));
  CHECK(weigh_check(group, two_kinds, 1'300 * kGram).missing == units(1, 1000));
  // Two of line 1 or one of line 2, to the scale the same.
  CHECK_FALSE(weigh_check(group, {units(1, 3000), units(2, 1000)}, 1'250 * kGram).missing);
  // Lines 1 and 3 weigh nearly the same.
  CHECK_FALSE(weigh_check(group, {units(1, 1000), units(3, 1000)}, 400 * kGram).missing);
  // No number of units explains it, or more of them than there are.
  CHECK_FALSE(weigh_check(group, {units(1, 3000)}, 1'000 * kGram).missing);
  CHECK_FALSE(weigh_check(group, {units(2, 1000)}, 100 * kGram).missing);
  // Too heavy: nothing is missing.
  CHECK_FALSE(weigh_check(group, two_kinds, 2'600 * kGram).missing);
}

TEST_CASE("weigh check: light units by the thousand are no candidate", "[domain][weigh]") {
  // 150 or 151 screws are lacking, or anything about it: that is no clear answer.
  const ShipGroup group = group_of({weighing(pieces(1, 100'000), 2 * kGram)});
  const WeighResult result = weigh_check(group, {units(1, 1'000'000)}, 1'700 * kGram);
  CHECK_FALSE(result.matches);
  CHECK_FALSE(result.missing);
}

// ---- properties ----

struct Case {
  ShipGroup group;
  std::vector<LineUnits> contents;
  std::int64_t weight_mg = 0;
};

/// Up to four lines of few pieces, weights near one another; one of them may be unknown.
Case any_case() {
  const auto upto = [](std::int64_t most) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, most + 1));
  };
  Case made;
  std::vector<ShipGroupLine> lines;
  std::int64_t expected = 0;
  const auto count = static_cast<std::uint32_t>(1 + upto(3));
  for (std::uint32_t no = 1; no <= count; ++no) {
    const std::int64_t unit = (1 + upto(30)) * 25 * kGram;
    lines.push_back(weighing(pieces(no, 5), upto(20) == 0 ? 0 : unit));
    made.contents.push_back(units(no, (1 + upto(4)) * 1000));
    expected += lines.back().unit_weight_mg * made.contents.back().milli / 1000;
  }
  made.group = group_of(lines);
  made.weight_mg = 1 + upto(expected + 500 * kGram);
  return made;
}

/// Every way to explain what is lacking with units of one line, by trying them all.
std::vector<LineUnits> explanations(const Case& c, std::int64_t expected, std::int64_t tolerance) {
  std::vector<LineUnits> found;
  for (const LineUnits& inside : c.contents) {
    const std::int64_t unit = c.group.find(inside.line)->line.unit_weight_mg;
    for (std::int64_t milli = 1000; milli <= inside.milli; milli += 1000) {
      const std::int64_t without = expected - unit * milli / 1000;
      if (std::abs(without - c.weight_mg) <= tolerance) found.push_back({inside.line, milli});
    }
  }
  return found;
}

TEST_CASE("weigh check: it names what is missing if there is one candidate, and never otherwise",
          "[domain][weigh][property]") {
  CHECK(holds("weigh_check() against every candidate", [] {
    const Case c = any_case();
    const WeighResult result = weigh_check(c.group, c.contents, c.weight_mg);
    const auto all = explanations(c, result.expected_mg, result.tolerance_mg);
    const bool light = result.checked && !result.matches && c.weight_mg < result.expected_mg;
    RC_CLASSIFY(light && all.size() == 1, "one candidate");
    RC_CLASSIFY(light && all.size() > 1, "several candidates");
    if (light && all.size() == 1) {
      RC_ASSERT(result.missing == all.front());
    } else {
      RC_ASSERT(!result.missing.has_value());
    }
  }));
}

}  // namespace
}  // namespace cairn::domain::weigh_check_test
