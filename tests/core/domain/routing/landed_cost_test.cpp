#include "core/domain/routing/landed_cost.h"

#include "tests/support/catch.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace cairn::domain::landed_cost_test {
namespace {

CostRates rates() {
  CostRates made;
  made.zones = {{10'000, 2'000'000, 100'000}, {100'000, 4'000'000, 500'000}};
  made.volume_divisor = 5000;
  made.km_micro = 1000;
  made.late_day_micro = 250'000;
  made.scarcity_micro = 900'000;
  made.ample_weeks_milli = 3000;
  return made;
}

TEST_CASE("landed cost: each part by itself", "[domain][routing]") {
  const UnitSize book{800'000, 0};             // 0.8 kg
  const UnitSize pillow{500'000, 20'000'000};  // 0.5 kg, 20 litres: billed as 4 kg
  struct Row {
    std::string what;
    UnitSize unit;
    SiteFacts site;
    std::int64_t fixed_micro;
    std::int64_t unit_micro;
  };
  const std::int64_t ample = 3000;
  const std::vector<Row> rows{
      {"label by zone, kilograms", book, {0, 0, 0, {{ample, 0}}}, 2'000'000, 80'000},
      {"the last metre of a zone", book, {10'000, 0, 0, {{ample, 0}}}, 2'010'000, 80'000},
      {"the next zone", book, {10'001, 0, 0, {{ample, 0}}}, 4'010'001, 400'000},
      {"billable weight", pillow, {0, 0, 0, {{ample, 0}}}, 2'000'000, 400'000},
      {"handling", book, {0, 750'000, 0, {{ample, 0}}}, 2'750'000, 80'000},
      {"distance", book, {3'500, 0, 0, {{ample, 0}}}, 2'003'500, 80'000},
      {"late penalty", book, {0, 0, 2, {{ample, 0}}}, 2'000'000, 580'000},
      {"scarcity: nothing to spare", book, {0, 0, 0, {{0, 0}}}, 2'000'000, 980'000},
      {"scarcity: a third is missing", book, {0, 0, 0, {{2000, 0}}}, 2'000'000, 380'000},
      {"scarcity: more than ample", book, {0, 0, 0, {{99'000, 0}}}, 2'000'000, 80'000},
      {"markdown credit", book, {0, 0, 0, {{ample, 300'000}}}, 2'000'000, -220'000},
      {"no figure below zero", book, {-5, -5, -5, {{-5, -5}}}, 2'000'000, 980'000},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const auto costs = landed_cost(rates(), {row.unit}, row.site);
    REQUIRE(costs);
    CHECK(costs->fixed_micro == row.fixed_micro);
    CHECK(costs->unit_micro == std::vector{row.unit_micro});
  }
}

TEST_CASE("landed cost: no zone reaches so far", "[domain][routing]") {
  CHECK(landed_cost(rates(), {}, {100'000, 0, 0, {}}));
  CHECK_FALSE(landed_cost(rates(), {}, {100'001, 0, 0, {}}));
}

TEST_CASE("landed cost: figures beyond all measure are bounded", "[domain][routing]") {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CostRates dear = rates();
  dear.zones = {{most, kMaxRateMicro, kMaxRateMicro}};
  dear.volume_divisor = 1;
  dear.km_micro = dear.late_day_micro = dear.scarcity_micro = kMaxRateMicro;
  REQUIRE(validate(dear));
  const auto costs = landed_cost(dear, {{most, most}}, {most, most, most, {{0, 0}}});
  REQUIRE(costs);
  CHECK(costs->fixed_micro > 0);
  CHECK(costs->unit_micro.front() > 0);
  CHECK(costs->unit_micro.front() < 2'000'000'000'000);
}

TEST_CASE("landed cost: rates that mean nothing are refused with a sentence", "[domain][routing]") {
  REQUIRE(validate(rates()));
  const auto refused = [](auto change) {
    CostRates changed = rates();
    change(changed);
    const auto ok = validate(changed);
    return !ok && ok.error().code == ErrorCode::kInvalid && ok.error().reason == "bad_cost_rates";
  };
  CHECK(refused([](CostRates& r) { r.zones.clear(); }));
  CHECK(refused([](CostRates& r) { r.zones[1].reach_m = 10'000; }));
  CHECK(refused([](CostRates& r) { r.zones[0].reach_m = -1; }));
  CHECK(refused([](CostRates& r) { r.zones[0].label_micro = -1; }));
  CHECK(refused([](CostRates& r) { r.zones[0].kg_micro = kMaxRateMicro + 1; }));
  CHECK(refused([](CostRates& r) { r.volume_divisor = -1; }));
  CHECK(refused([](CostRates& r) { r.km_micro = -1; }));
  CHECK(refused([](CostRates& r) { r.late_day_micro = kMaxRateMicro + 1; }));
  CHECK(refused([](CostRates& r) { r.scarcity_micro = -1; }));
  CHECK(refused([](CostRates& r) { r.ample_weeks_milli = -1; }));
  CHECK(refused([](CostRates& r) { r.ample_weeks_milli = 1'000'001; }));
}

}  // namespace
}  // namespace cairn::domain::landed_cost_test
