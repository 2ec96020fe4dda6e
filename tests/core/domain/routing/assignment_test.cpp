#include "core/domain/routing/assignment.h"

#include "core/domain/routing/routing_trace.h"
#include "core/domain/routing/site_exclusion.h"
#include "tests/core/domain/support/cost_case.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::assignment_test {
namespace {

using namespace test;

struct Row {
  std::string what;
  CostCase order;
  AssignmentRules rules;
  std::string assigned;  ///< "site: 1x2; rest 2x1"
};

std::string text_of(const Assigned& assigned) {
  std::string text = test::text_of(RoutingDecision{assigned.groups, {}});
  if (assigned.rest.empty()) return text;
  text += text.empty() ? "rest" : "; rest";
  for (const RoutingShare& share : assigned.rest) {
    text += " " + std::to_string(share.line.value()) + "x" + milli_text(share.milli);
  }
  return text;
}

void check_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto made = assign(row.order, row.rules);
    REQUIRE(made);
    CHECK(text_of(*made) == row.assigned);
  }
}

AssignmentRules by(Assignment assignment) {
  AssignmentRules rules;
  rules.assignment = assignment;
  return rules;
}

const std::vector<CostNeed> kTwo{cost_need(1, "A", 4), cost_need(2, "B", 2)};

TEST_CASE("assignment: ORA_SINGLE takes the first site that has all", "[domain][routing]") {
  const auto single = by(Assignment::kSingle);
  check_rows({
      {"the first in order, whatever it costs",
       cost_case(kTwo, {{"part", 0, {{4, 0}, {1, 0}}},
                        {"dear", 90, {{4, 0}, {2, 0}}},
                        {"cheap", 1, {{4, 0}, {2, 0}}}}),
       single, "dear: 1x4 2x2"},
      {"no site has all", cost_case(kTwo, {{"s", 0, {{4, 0}, {1, 0}}}}), single, "rest 1x4 2x2"},
      {"two lines of one article need the sum",
       cost_case({cost_need(1, "A", 2), cost_need(2, "A", 2)},
                 {{"s", 0, {{3, 0}, {3, 0}}}, {"t", 0, {{4, 0}, {4, 0}}}}),
       single, "t: 1x2 2x2"},
      {"nothing is needed", cost_case({}, {{"s", 0, {}}}), single, ""},
  });
}

TEST_CASE("assignment: ORA_MULTI takes from each site in turn what it has", "[domain][routing]") {
  const auto multi = by(Assignment::kMulti);
  auto whole = multi;
  whole.all_or_nothing = true;
  auto lines = multi;
  lines.cost.split_quantities = false;
  auto two = multi;
  two.cost.shipments_most = 2;
  const std::vector<CostPlace> three{
      {"s", 0, {{3, 0}, {0, 0}}}, {"t", 0, {{-1, 0}, {1, 0}}}, {"u", 0, {{9, 0}, {0, 0}}}};
  check_rows({
      {"one site that has all goes before",
       cost_case(kTwo, {{"s", 0, {{3, 0}, {2, 0}}}, {"t", 0, {{4, 0}, {2, 0}}}}), multi,
       "t: 1x4 2x2"},
      {"a part of a line, and a rest", cost_case(kTwo, three), multi,
       "s: 1x3; t: 2x1; u: 1x1; rest 2x1"},
      {"all items available anywhere, or nothing", cost_case(kTwo, three), whole, "rest 1x4 2x2"},
      {"lines stay whole", cost_case(kTwo, three), lines, "u: 1x4; rest 2x2"},
      {"at most two shipments", cost_case(kTwo, three), two, "s: 1x3; t: 2x1; rest 1x1 2x1"},
      {"lines that go together are not parted",
       cost_case({cost_need(1, "A", 4, 5), cost_need(2, "B", 2), cost_need(3, "C", 1, 5)},
                 {{"s", 0, {{4, 0}, {2, 0}, {0, 0}}}, {"t", 0, {{4, 0}, {0, 0}, {1, 0}}}}),
       multi, "s: 2x2; t: 1x4 3x1"},
      {"a site that has only the last of such lines gives none",
       cost_case({cost_need(1, "A", 1, 5), cost_need(2, "B", 1, 5)},
                 {{"s", 0, {{0, 0}, {1, 0}}}, {"t", 0, {{1, 0}, {1, 0}}}}),
       multi, "t: 1x1 2x1"},
      {"such lines that no site has together wait",
       cost_case({cost_need(1, "A", 1, 5), cost_need(2, "B", 1, 5)},
                 {{"s", 0, {{0, 0}, {1, 0}}}, {"t", 0, {{1, 0}, {0, 0}}}}),
       multi, "rest 1x1 2x1"},
      {"two lines of one article share what there is",
       cost_case({cost_need(1, "A", 2), cost_need(2, "A", 2)}, {{"s", 0, {{3, 0}, {3, 0}}}}), multi,
       "s: 1x2 2x1; rest 2x1"},
      {"a part of a unit is left where it is",
       [] {
         auto order = cost_case({cost_need(1, "A", 2)}, {{"s", 0, {{1, 0}}}, {"t", 0, {{2, 0}}}});
         order.offers[0].available_milli = 1500;
         order.offers[1].available_milli = 1900;
         return order;
       }(),
       multi, "s: 1x1; t: 1x1"},
  });
}

TEST_CASE("assignment: ORA_MULTI proposes nothing below the threshold", "[domain][routing]") {
  auto worth = by(Assignment::kMulti);
  worth.cost.threshold_minor = 200;
  check_rows({
      {"one site that has all has none", cost_case({cost_need(1, "A", 1)}, {{"s", 0, {{1, 0}}}}),
       worth, "s: 1x1"},
      {"each share is worth it",
       cost_case(kTwo, {{"s", 0, {{2, 0}, {0, 0}}}, {"t", 0, {{2, 0}, {2, 0}}}}), worth,
       "s: 1x2; t: 1x2 2x2"},
      {"a share is not", cost_case(kTwo, {{"s", 0, {{1, 0}, {0, 0}}}, {"t", 0, {{3, 0}, {2, 0}}}}),
       worth, "rest 1x4 2x2"},
      {"the rest is not", cost_case(kTwo, {{"s", 0, {{4, 0}, {1, 0}}}}), worth, "rest 1x4 2x2"},
      {"the rest is worth it", cost_case(kTwo, {{"s", 0, {{4, 0}, {0, 0}}}}), worth,
       "s: 1x4; rest 2x2"},
  });
}

TEST_CASE("assignment: COST takes the least cost, lines wait whole", "[domain][routing]") {
  auto cost = by(Assignment::kCost);
  cost.cost.partial = PartialOrders::kSplitLines;
  check_rows({
      {"the cheaper of two",
       cost_case(kTwo, {{"dear", 9, {{4, 0}, {2, 0}}}, {"cheap", 1, {{4, 0}, {2, 0}}}}), cost,
       "cheap: 1x4 2x2"},
      {"a line waits", cost_case(kTwo, {{"s", 9, {{4, 0}, {1, 0}}}}), cost, "s: 1x4; rest 2x2"},
  });
}

TEST_CASE("assignment: every way says what its groups cost, and refuses what cannot be",
          "[domain][routing]") {
  const auto order = cost_case(kTwo, {{"s", 10, {{4, 1}, {0, 0}}}, {"t", 20, {{0, 0}, {2, 3}}}});
  auto bad = order;
  bad.offers.pop_back();
  for (const auto assignment : {Assignment::kSingle, Assignment::kMulti, Assignment::kCost}) {
    CAPTURE(name_of(assignment));
    auto rules = by(assignment);
    rules.cost.split_penalty_micro = 100;
    const auto made = assign(order, rules);
    REQUIRE(made);
    CHECK(made->cost_micro == (assignment == Assignment::kSingle ? 0 : 10 + 4 + 20 + 6 + 100));
    const auto refused = assign(bad, rules);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_routing_case");
    CHECK(parse_assignment(name_of(assignment)) == assignment);
  }
  CHECK(name_of(Assignment{9}).empty());
  const auto unknown = parse_assignment("ORA_BEST");
  REQUIRE_FALSE(unknown);
  CHECK_THAT(unknown.error().message, Catch::Contains("ORA_SINGLE, ORA_MULTI, COST"));
}

TEST_CASE("site exclusion: stored numbers and names never change", "[domain][routing]") {
  const std::vector<std::pair<int, std::string>> names{{1, "INACTIVE"},
                                                       {2, "STALE"},
                                                       {3, "NOT_SHIPPING"},
                                                       {4, "METHOD"},
                                                       {5, "HAZMAT"},
                                                       {6, "COUNTRY"},
                                                       {7, "GROUP"},
                                                       {8, "EXCLUDED_GROUP"},
                                                       {9, "TOO_FAR"},
                                                       {10, "NO_CAPACITY"},
                                                       {11, "WEEKS_OF_SUPPLY"},
                                                       {12, "WAS_SHORT"},
                                                       {13, "NO_ZONE"},
                                                       {14, "NOTHING"}};
  for (const auto& [number, name] : names)
    CHECK(name_of(static_cast<SiteExclusion>(number)) == name);
  for (const int number : {0, 15, 255}) CHECK(name_of(static_cast<SiteExclusion>(number)).empty());
}

TEST_CASE("routing trace: replay decides again; of another version it says so",
          "[domain][routing]") {
  RoutingTrace trace;
  trace.candidates = cost_case(kTwo, {{"s", 10, {{4, 1}, {2, 0}}}});
  const auto made = assign(trace.candidates, trace.rules);
  REQUIRE(made);
  trace.assigned = *made;
  CHECK(replay(trace) == trace.assigned);
  trace.version = kRoutingVersion + 1;
  const auto other = replay(trace);
  REQUIRE_FALSE(other);
  CHECK(other.error().reason == "unknown_routing_version");
}

}  // namespace
}  // namespace cairn::domain::assignment_test
