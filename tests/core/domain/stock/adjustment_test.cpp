#include "core/domain/stock/adjustment.h"

#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <string>
#include <tuple>
#include <vector>

namespace cairn::domain::adjustment_test {
namespace {

using test::location;
using test::sku;

std::int64_t milli(std::int64_t units) { return units * kMilliPerUnit; }

AdjustStock of_five(AdjustmentReason reason, std::int64_t units) {
  return {sku("A1"), location("B-1"), milli(units), reason, milli(5), Uom::kPiece};
}

void check_refused(const AdjustStock& command, ErrorCode code, const std::string& why) {
  const auto moved = decide(command);
  REQUIRE_FALSE(moved);
  CHECK(moved.error().code == code);
  CHECK(moved.error().reason == why);
  CHECK_FALSE(moved.error().message.empty());
}

/// Every reason with what it does to what is on hand and to what is set apart, and its ways.
TEST_CASE("adjustments: each reason has its effect and its direction", "[domain][stock]") {
  struct Row {
    std::string name;
    bool away;
    bool there;
    std::string apart;  ///< where units are set apart; empty: they leave, or come
  };
  const std::vector<Row> table{
      {"COUNT_ADJ", true, true, ""},
      {"VAR_LOST", true, false, ""},
      {"VAR_STOLEN", true, false, ""},
      {"VAR_FOUND", false, true, ""},
      {"VAR_DAMAGED", true, false, ""},
      {"VAR_INTEGR", true, true, ""},
      {"VAR_SAMPLE", true, false, ""},
      {"DAMAGED", true, true, "HOLD-DAMAGED"},
      {"WORN_DISPLAY", true, true, "HOLD-DISPLAY"},
      {"QC", true, true, "HOLD-QC"},
      {"CUSTOMER_HOLD", true, true, "HOLD-CUSTOMER"},
  };
  REQUIRE(table.size() == all_adjustment_reasons().size());
  for (const Row& row : table) {
    CAPTURE(row.name);
    const auto reason = parse_adjustment_reason(row.name);
    REQUIRE(reason);
    CHECK(name_of(*reason) == row.name);
    for (const std::int64_t units : {-2, 2}) {
      const AdjustStock command = of_five(*reason, units);
      if (!(units < 0 ? row.away : row.there)) {
        check_refused(command, ErrorCode::kInvalid, "bad_adjustment");
        continue;
      }
      const auto moved = decide(command);
      REQUIRE(moved);
      CHECK(moved->sku == sku("A1"));
      CHECK(moved->quantity == Quantity::pieces(2));
      CHECK((units < 0 ? moved->from : moved->to) == location("B-1"));
      CHECK((units < 0 ? moved->to : moved->from).text() == row.apart);
      CHECK(name_of(moved->reason) == (row.apart.empty() ? row.name : "HOLD"));
      CHECK(left_by(command) == moved->from);
      CHECK(validate(*moved));
    }
  }
}

TEST_CASE("adjustments: what is not there cannot leave", "[domain][stock]") {
  CHECK(decide(of_five(AdjustmentReason::kVarLost, -5)));
  check_refused(of_five(AdjustmentReason::kVarLost, -6), ErrorCode::kConflict, "not_there");
  // Neither from where it is set apart.
  check_refused(of_five(AdjustmentReason::kQc, 6), ErrorCode::kConflict, "not_there");
  // What is found comes from nowhere.
  CHECK(decide(of_five(AdjustmentReason::kVarFound, 6)));
}

TEST_CASE("adjustments: of more than nothing, whole, at a bin", "[domain][stock]") {
  check_refused(of_five(AdjustmentReason::kCountAdj, 0), ErrorCode::kInvalid, "bad_adjustment");
  AdjustStock command = of_five(AdjustmentReason::kCountAdj, 1);
  command.milli = 1500;
  check_refused(command, ErrorCode::kInvalid, "bad_adjustment");
  command.uom = Uom::kKilogram;
  CHECK(decide(command));
  command.milli = kMaxMilli + 1;
  check_refused(command, ErrorCode::kInvalid, "bad_adjustment");
  for (const char* const place : {"TOTE-1", "HOLD-QC"}) {
    CAPTURE(place);
    command = of_five(AdjustmentReason::kVarFound, 1);
    command.location = location(place);
    check_refused(command, ErrorCode::kInvalid, "bad_adjustment");
  }
  CHECK(parse_adjustment_reason("STOLEN").error().reason == "bad_reason");
}

}  // namespace
}  // namespace cairn::domain::adjustment_test
