#include "core/domain/routing/cost_routing.h"

#include "tests/core/domain/support/cost_case.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::domain::cost_routing_test {
namespace {

using namespace test;

struct Row {
  std::string what;
  CostCase order;
  CostRules rules;
  std::string decision;
  std::int64_t cost_micro = 0;
};

void check_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto decided = route_by_cost(row.order, row.rules);
    REQUIRE(decided);
    CHECK(text_of(decided->routing) == row.decision);
    CHECK(decided->cost_micro == row.cost_micro);
    CHECK(decided->method == CostMethod::kExact);
  }
}

CostRules partial_orders() {
  CostRules rules;
  rules.partial = PartialOrders::kSplitLines;
  return rules;
}

CostRules with_penalty(std::int64_t micro) {
  CostRules rules;
  rules.split_penalty_micro = micro;
  return rules;
}

TEST_CASE("cost routing: the sum of sites, units and splits decides", "[domain][routing]") {
  const std::vector<CostNeed> two{cost_need(1, "A", 2), cost_need(2, "B", 1)};
  check_rows({
      {"nothing is needed", cost_case({}, {{"s", 5, {}}}), {}, "", 0},
      {"no site", cost_case(two, {}), {}, "waits 1 2", 0},
      {"one site, its fixed part and its units",
       cost_case(two, {{"s", 50, {{2, 3}, {1, 10}}}}),
       {},
       "s: 1x2 2x1",
       66},
      {"the cheaper of two, whatever their order",
       cost_case(two, {{"dear", 60, {{2, 0}, {1, 0}}}, {"cheap", 50, {{2, 0}, {1, 0}}}}),
       {},
       "cheap: 1x2 2x1",
       50},
      {"what units cost counts for each of them",
       cost_case(two, {{"s", 50, {{2, 6}, {1, 0}}}, {"t", 61, {{2, 0}, {1, 0}}}}),
       {},
       "t: 1x2 2x1",
       61},
      {"two near sites are cheaper than one far one",
       cost_case(two, {{"far", 100, {{2, 0}, {1, 0}}},
                       {"n1", 20, {{2, 0}, {0, 0}}},
                       {"n2", 30, {{0, 0}, {1, 0}}}}),
       {},
       "n1: 1x2; n2: 2x1",
       50},
      {"but not with the penalty of a split",
       cost_case(two, {{"far", 100, {{2, 0}, {1, 0}}},
                       {"n1", 20, {{2, 0}, {0, 0}}},
                       {"n2", 30, {{0, 0}, {1, 0}}}}),
       with_penalty(51), "far: 1x2 2x1", 100},
      {"a credit draws a line to where it is unwelcome",
       cost_case(two, {{"s", 50, {{2, 0}, {1, 0}}}, {"outlet", 40, {{2, -30}, {0, 0}}}}),
       {},
       "s: 2x1; outlet: 1x2",
       30},
      {"what a site has too little of is not asked of it",
       cost_case(two, {{"s", 1, {{1, 0}, {1, 0}}}, {"t", 90, {{2, 0}, {1, 0}}}}),
       {},
       "t: 1x2 2x1",
       90},
      {"a shortage is nothing", cost_case(two, {{"s", 1, {{-4, 0}, {-1, 0}}}}), {}, "waits 1 2", 0},
  });
}

TEST_CASE("cost routing: equal costs are settled by shipments, then by the sites' order",
          "[domain][routing]") {
  const std::vector<CostNeed> two{cost_need(1, "A", 1), cost_need(2, "B", 1)};
  const std::vector<CostNeed> three{cost_need(1, "A", 1), cost_need(2, "B", 1),
                                    cost_need(3, "C", 1)};
  check_rows({
      {"fewest shipments",
       cost_case(
           two,
           {{"s", 10, {{1, 0}, {0, 0}}}, {"t", 10, {{0, 0}, {1, 0}}}, {"u", 20, {{1, 0}, {1, 0}}}}),
       {},
       "u: 1x1 2x1",
       20},
      {"the first site in order, not by name",
       cost_case(two, {{"z", 20, {{1, 0}, {1, 0}}}, {"a", 20, {{1, 0}, {1, 0}}}}),
       {},
       "z: 1x1 2x1",
       20},
      {"the list of sites that comes first",
       cost_case(two, {{"s", 10, {{1, 0}, {0, 0}}},
                       {"t", 10, {{0, 0}, {1, 0}}},
                       {"u", 10, {{1, 0}, {0, 0}}},
                       {"v", 10, {{0, 0}, {1, 0}}}}),
       {},
       "s: 1x1; t: 2x1",
       20},
      {"the list of sites counts before who gives what",
       cost_case(two, {{"s", 10, {{1, 0}, {1, 0}}},
                       {"t", 10, {{1, 9}, {1, 0}}},
                       {"u", 10, {{1, 0}, {0, 0}}},
                       {"v", 5, {{1, 99}, {0, 0}}}}),
       {},
       "s: 1x1 2x1",
       10},
      {"the first site takes the first lines",
       cost_case(three, {{"s", 0, {{1, 0}, {1, 0}, {0, 0}}}, {"t", 0, {{1, 0}, {1, 0}, {1, 0}}}}),
       {},
       "t: 1x1 2x1 3x1",
       0},
      {"the first site takes the first lines of two sites that are needed",
       cost_case(
           {cost_need(1, "A", 1), cost_need(2, "B", 1), cost_need(3, "C", 1), cost_need(4, "D", 1)},
           {{"s", 7, {{1, 0}, {1, 0}, {0, 0}, {1, 0}}},
            {"t", 7, {{1, 0}, {1, 0}, {1, 0}, {0, 0}}}}),
       {},
       "s: 1x1 2x1 4x1; t: 3x1",
       14},
  });
}

TEST_CASE("cost routing: lines that go together go to one site or wait together",
          "[domain][routing]") {
  const std::vector<CostNeed> pair{cost_need(1, "A", 1, 7), cost_need(2, "B", 1),
                                   cost_need(3, "C", 1, 7)};
  const std::vector<CostPlace> apart{{"s", 1, {{1, 0}, {1, 0}, {0, 0}}},
                                     {"t", 1, {{0, 0}, {0, 0}, {1, 0}}}};
  auto both = apart;
  both.push_back({"u", 500, {{1, 0}, {0, 0}, {1, 0}}});
  check_rows({
      {"the dear site that has both", cost_case(pair, both), {}, "s: 2x1; u: 1x1 3x1", 501},
      {"nobody has both", cost_case(pair, apart), {}, "waits 1 2 3", 0},
      {"nobody has both, partial", cost_case(pair, apart), partial_orders(), "s: 2x1; waits 1 3",
       1},
      {"two lines of one article need the sum",
       cost_case({cost_need(1, "A", 2, 7), cost_need(2, "A", 2, 7)},
                 {{"s", 1, {{3, 0}, {3, 0}}}, {"t", 9, {{4, 0}, {4, 0}}}}),
       {},
       "t: 1x2 2x2",
       9},
      {"they are never shared out by units",
       cost_case({cost_need(1, "A", 2, 7)}, {{"s", 1, {{1, 0}}}, {"t", 9, {{1, 0}}}}),
       {},
       "waits 1",
       0},
  });
}

TEST_CASE("cost routing: a line that no site has whole is shared out by units",
          "[domain][routing]") {
  CostRules whole_lines;
  whole_lines.split_quantities = false;
  const auto five = cost_case({cost_need(1, "A", 5)},
                              {{"s", 10, {{3, 1}}}, {"t", 10, {{4, 2}}}, {"u", 100, {{4, 0}}}});
  auto half = cost_case({cost_need(1, "A", 5)}, {{"s", 1, {{3, 0}}}, {"t", 1, {{3, 0}}}});
  half.needs[0].milli = 4500;
  check_rows({
      {"as many as there are where they cost less", five, {}, "s: 1x3; t: 1x2", 27},
      {"not if lines stay whole", five, whole_lines, "waits 1", 0},
      {"not in the middle of a unit", half, {}, "waits 1", 0},
      {"not where one site has it whole, however dear",
       cost_case({cost_need(1, "A", 5)},
                 {{"s", 1, {{3, 0}}}, {"t", 1, {{2, 0}}}, {"u", 900, {{5, 0}}}}),
       {},
       "u: 1x5",
       900},
      {"the parts go along with other lines",
       cost_case(
           {cost_need(1, "A", 4), cost_need(2, "B", 1)},
           {{"s", 10, {{3, 0}, {0, 0}}}, {"t", 10, {{3, 0}, {1, 0}}}, {"u", 10, {{1, 0}, {1, 0}}}}),
       {},
       "s: 1x3; t: 1x1 2x1",
       20},
      {"4,095 units are 4,096 states, and exact",
       cost_case({cost_need(1, "A", 4095)}, {{"s", 1, {{4000, 2}}}, {"t", 1, {{4094, 1}}}}),
       {},
       "s: 1x1; t: 1x4094",
       4098},
  });
}

TEST_CASE("cost routing: however many shipments are cheaper, they are not counted as a cost",
          "[domain][routing]") {
  std::vector<CostPlace> places{{"nineteen", 1, {{19, 0}}}};
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("one-" + std::to_string(i));
  for (const std::string& name : names) places.push_back({name, 0, {{1, 0}}});
  const auto decided = route_by_cost(cost_case({cost_need(1, "A", 20)}, places), {});
  REQUIRE(decided);
  CHECK(decided->method == CostMethod::kExact);
  CHECK(decided->cost_micro == 0);
  CHECK(decided->routing.groups.size() == 20);
}

TEST_CASE("cost routing: costs that cannot be counted exactly are said to be too large",
          "[domain][routing]") {
  const std::int64_t dear = kMaxCostMicro;
  const auto decided = route_by_cost(
      cost_case({cost_need(1, "A", 4000)}, {{"s", dear, {{3000, 0}}}, {"t", dear, {{3000, 0}}}}),
      with_penalty(dear));
  REQUIRE(decided);
  CHECK(decided->method == CostMethod::kFewestSites);
  CHECK(decided->cost_micro == 3 * dear);
  const auto whole =
      route_by_cost(cost_case({cost_need(1, "A", 4000), cost_need(2, "B", 1)},
                              {{"s", dear, {{4000, 0}, {0, 0}}}, {"t", dear, {{0, 0}, {1, dear}}}}),
                    with_penalty(dear));
  REQUIRE(whole);
  CHECK(whole->method == CostMethod::kExact);
  CHECK(whole->cost_micro == 4 * dear);
}

TEST_CASE("cost routing: two lines of one article never take more than there is",
          "[domain][routing]") {
  const std::vector<CostNeed> twice{cost_need(1, "A", 2), cost_need(2, "A", 2)};
  check_rows({
      {"there is enough for one of them",
       cost_case(twice, {{"s", 1, {{3, 0}, {3, 0}}}, {"t", 50, {{2, 0}, {2, 0}}}}),
       {},
       "s: 1x2; t: 2x2",
       51},
      {"there is enough for both",
       cost_case(twice, {{"s", 1, {{4, 0}, {4, 0}}}, {"t", 50, {{2, 0}, {2, 0}}}}),
       {},
       "s: 1x2 2x2",
       1},
      {"the first takes the stock, the other waits", cost_case(twice, {{"s", 1, {{3, 0}, {3, 0}}}}),
       partial_orders(), "s: 1x2; waits 2", 1},
  });
}

TEST_CASE("cost routing: a greatest number of shipments", "[domain][routing]") {
  CostRules two;
  two.shipments_most = 2;
  CostRules one;
  one.shipments_most = 1;
  const std::vector<CostNeed> needs{cost_need(1, "A", 1), cost_need(2, "B", 1),
                                    cost_need(3, "C", 1)};
  const std::vector<CostPlace> places{{"a", 1, {{1, 0}, {0, 0}, {0, 0}}},
                                      {"b", 1, {{0, 0}, {1, 0}, {0, 0}}},
                                      {"c", 1, {{0, 0}, {0, 0}, {1, 0}}},
                                      {"bc", 40, {{0, 0}, {1, 0}, {1, 0}}},
                                      {"abc", 90, {{1, 0}, {1, 0}, {1, 0}}}};
  const auto order = cost_case(needs, places);
  auto without = places;
  without.pop_back();
  auto few = one;
  few.partial = PartialOrders::kSplitLines;
  check_rows({
      {"any", order, {}, "a: 1x1; b: 2x1; c: 3x1", 3},
      {"two", order, two, "a: 1x1; bc: 2x1 3x1", 41},
      {"one", order, one, "abc: 1x1 2x1 3x1", 90},
      {"one, and no site has all", cost_case(needs, without), one, "waits 1 2 3", 0},
      {"one, partial: the first line goes, nothing goes with it", cost_case(needs, without), few,
       "a: 1x1; waits 2 3", 1},
  });
}

TEST_CASE("cost routing: shipments have a least worth, one for everything has none",
          "[domain][routing]") {
  CostRules worth;
  worth.threshold_minor = 300;
  auto partial = worth;
  partial.partial = PartialOrders::kSplitLines;
  const std::vector<CostNeed> needs{cost_need(1, "A", 3), cost_need(2, "B", 2),
                                    cost_need(3, "C", 1)};
  const std::vector<CostPlace> cheap{{"a", 1, {{3, 0}, {0, 0}, {0, 0}}},
                                     {"bc", 1, {{0, 0}, {2, 0}, {1, 0}}},
                                     {"ab", 1, {{3, 0}, {2, 0}, {0, 0}}},
                                     {"c", 0, {{0, 0}, {0, 0}, {1, 0}}}};
  check_rows({
      {"a cheaper shipment is worth too little", cost_case(needs, cheap), worth,
       "a: 1x3; bc: 2x2 3x1", 2},
      {"one shipment of little", cost_case({cost_need(1, "A", 1)}, {{"s", 4, {{1, 0}}}}), worth,
       "s: 1x1", 4},
      {"no way of dividing is worth it",
       cost_case(needs, {{"ab", 1, {{3, 0}, {2, 0}, {0, 0}}}, {"c", 1, {{0, 0}, {0, 0}, {1, 0}}}}),
       worth, "waits 1 2 3", 0},
      {"what waits is worth too little", cost_case(needs, {{"ab", 1, {{3, 0}, {2, 0}, {0, 0}}}}),
       partial, "waits 1 2 3", 0},
      {"what goes is worth too little", cost_case(needs, {{"c", 1, {{0, 0}, {0, 0}, {1, 0}}}}),
       partial, "waits 1 2 3", 0},
      {"both are worth it",
       cost_case({cost_need(1, "A", 1), cost_need(2, "B", 3), cost_need(3, "C", 2)},
                 {{"ac", 1, {{1, 0}, {0, 0}, {2, 0}}}}),
       partial, "ac: 1x1 3x2; waits 2", 1},
  });
}

TEST_CASE("cost routing: what is too large is decided by the fewest sites, and says so",
          "[domain][routing]") {
  std::vector<CostNeed> eleven;
  CostPlace all{"all", 100, {}};
  CostPlace cheaper{"cheaper", 90, {}};
  CostPlace odd{"odd", 1, {}};
  CostPlace even{"even", 1, {}};
  for (std::uint32_t line = 1; line <= 11; ++line) {
    eleven.push_back(cost_need(line, "ART-" + std::to_string(line), 1));
    all.offers.push_back({1, 0});
    cheaper.offers.push_back({1, 0});
    odd.offers.push_back({line % 2, 0});
    even.offers.push_back({1 - line % 2, 0});
  }
  const auto decide = [](const CostCase& order, const CostRules& rules) {
    const auto decided = route_by_cost(order, rules);
    REQUIRE(decided);
    CHECK(decided->method == CostMethod::kFewestSites);
    return *decided;
  };
  const std::string lines = " 1x1 2x1 3x1 4x1 5x1 6x1 7x1 8x1 9x1 10x1 11x1";

  const auto one = decide(cost_case(eleven, {all, cheaper, odd, even}), {});
  CHECK(text_of(one.routing) == "cheaper:" + lines);
  CHECK(one.cost_micro == 90);

  const auto two = decide(cost_case(eleven, {odd, even}), with_penalty(8));
  CHECK(text_of(two.routing) == "odd: 1x1 3x1 5x1 7x1 9x1 11x1; even: 2x1 4x1 6x1 8x1 10x1");
  CHECK(two.cost_micro == 10);

  auto coupled = eleven;
  coupled[0].together = coupled[1].together = 4;
  CostRules single;
  single.shipments_most = 1;
  CostRules worth;
  worth.threshold_minor = 600;
  coupled.push_back(cost_need(12, "ART-12", 1));
  auto odd_12 = odd;
  auto even_12 = even;
  odd_12.offers.push_back({0, 0});
  even_12.offers.push_back({1, 0});
  CHECK(decide(cost_case(coupled, {odd_12, even_12}), {}).routing.groups.empty());
  CHECK(decide(cost_case(eleven, {odd, even}), single).routing.groups.empty());
  CHECK(decide(cost_case(eleven, {odd, even}), worth).routing.groups.empty());

  const auto many = decide(
      cost_case({cost_need(1, "A", 5000)}, {{"s", 1, {{3000, 0}}}, {"t", 1, {{3000, 0}}}}), {});
  CHECK(text_of(many.routing) == "s: 1x3000; t: 1x2000");
  CostRules whole_lines;
  whole_lines.split_quantities = false;
  CHECK(decide(cost_case(eleven, {odd, even}), whole_lines).routing.groups.size() == 2);
}

TEST_CASE("cost routing: eleven lines of which some go together are ten", "[domain][routing]") {
  std::vector<CostNeed> needs;
  CostPlace odd{"odd", 1, {}};
  CostPlace even{"even", 1, {}};
  for (std::uint32_t line = 1; line <= 11; ++line) {
    needs.push_back(cost_need(line, "ART-" + std::to_string(line), 1, line < 3 ? 1 : 0));
    odd.offers.push_back({line < 3 || line % 2 == 1 ? 1 : 0, 0});
    even.offers.push_back({line % 2 == 0 ? 1 : 0, 0});
  }
  const auto decided = route_by_cost(cost_case(needs, {odd, even}), {});
  REQUIRE(decided);
  CHECK(decided->method == CostMethod::kExact);
  CHECK(text_of(decided->routing) == "odd: 1x1 2x1 3x1 5x1 7x1 9x1 11x1; even: 4x1 6x1 8x1 10x1");
}

TEST_CASE("cost routing: what cannot be is refused with a sentence", "[domain][routing]") {
  const auto good =
      cost_case({cost_need(1, "A", 1), cost_need(2, "B", 1)}, {{"s", 1, {{1, 0}, {1, 0}}}});
  REQUIRE(route_by_cost(good, {}));
  const auto refused = [](const CostCase& order, const CostRules& rules) {
    const auto decided = route_by_cost(order, rules);
    return !decided && decided.error().code == ErrorCode::kInvalid &&
           decided.error().reason == "bad_routing_case" && !decided.error().message.empty();
  };
  const auto changed = [&good](auto change) {
    CostCase order = good;
    change(order);
    return order;
  };
  const std::int64_t most = kMaxCostMicro;
  const std::int64_t huge = std::int64_t{1} << 62U;
  CHECK(refused(changed([](CostCase& c) { c.offers.pop_back(); }), {}));
  CHECK(refused(changed([](CostCase& c) { c.needs[1].line = LineNo(1); }), {}));
  CHECK(refused(changed([](CostCase& c) { c.needs[1].milli = 0; }), {}));
  CHECK(refused(changed([huge](CostCase& c) { c.needs[1].milli = huge; }), {}));
  CHECK(refused(changed([](CostCase& c) { c.needs[1].unit_value_minor = -1; }), {}));
  CHECK(refused(changed([huge](CostCase& c) { c.needs[1].unit_value_minor = huge; }), {}));
  CHECK(refused(changed([](CostCase& c) { c.sites[0].fixed_micro = -1; }), {}));
  CHECK(refused(changed([most](CostCase& c) { c.sites[0].fixed_micro = most + 1; }), {}));
  CHECK(refused(changed([most](CostCase& c) { c.offers[0].unit_micro = most + 1; }), {}));
  CHECK(refused(changed([huge](CostCase& c) { c.offers[0].unit_micro = -huge; }), {}));
  CHECK(refused(good, with_penalty(-1)));
  CHECK(refused(good, with_penalty(most + 1)));
  CostRules worth;
  worth.threshold_minor = -1;
  CHECK(refused(good, worth));
  CHECK_FALSE(refused(changed([most](CostCase& c) { c.offers[0].unit_micro = -most; }), {}));
}

}  // namespace
}  // namespace cairn::domain::cost_routing_test
