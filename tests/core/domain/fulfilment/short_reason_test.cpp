#include "core/domain/fulfilment/short_reason.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::short_reason_test {
namespace {

struct Row {
  ShortReason reason;
  int number;
  std::string_view name;
  ShortEffect effect;
};

const std::vector<Row> kRows{
    {ShortReason::kNotInStock, 1, "NOT_IN_STOCK", ShortEffect::kCountZero},
    {ShortReason::kShortPartial, 2, "SHORT_PARTIAL", ShortEffect::kLose},
    {ShortReason::kMismatch, 3, "MISMATCH", ShortEffect::kLose},
    {ShortReason::kDamaged, 4, "DAMAGED", ShortEffect::kHold},
    {ShortReason::kWornDisplay, 5, "WORN_DISPLAY", ShortEffect::kHold},
    {ShortReason::kNoVariance, 6, "NO_VARIANCE", ShortEffect::kNone},
    {ShortReason::kAvoidSplit, 7, "AVOID_SPLIT", ShortEffect::kNone},
    {ShortReason::kStoreBusy, 8, "STORE_BUSY", ShortEffect::kNone},
    {ShortReason::kNoCapacity, 9, "NO_CAPACITY", ShortEffect::kNone},
};

TEST_CASE("short reason: stored numbers, names and what each does to the stock never change",
          "[domain][short]") {
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    CHECK(static_cast<int>(row.reason) == row.number);
    CHECK(name_of(row.reason) == row.name);
    CHECK(parse_short_reason(row.name) == row.reason);
    CHECK(effect_of(row.reason) == row.effect);
  }
}

TEST_CASE("short reason: all of them are listed once, in the order of their numbers",
          "[domain][short]") {
  REQUIRE(short_reasons().size() == kRows.size());
  for (std::size_t i = 0; i < kRows.size(); ++i) CHECK(short_reasons()[i] == kRows[i].reason);
}

TEST_CASE("short reason: other words are refused with the known ones", "[domain][short]") {
  for (const std::string text : {"", "damaged", "DAMAGED ", "LOST"}) {
    CAPTURE(text);
    const auto reason = parse_short_reason(text);
    REQUIRE_FALSE(reason);
    CHECK(reason.error().code == ErrorCode::kInvalid);
    CHECK(reason.error().reason == "bad_reason");
    for (const Row& row : kRows) {
      CHECK_THAT(reason.error().message, Catch::Contains(std::string(row.name)));
    }
  }
}

TEST_CASE("short reason: a number that is none has no name and no effect", "[domain][short]") {
  for (const int number : {0, 10, 255}) {
    CHECK(name_of(static_cast<ShortReason>(number)).empty());
    CHECK(effect_of(static_cast<ShortReason>(number)) == ShortEffect::kNone);
  }
}

}  // namespace
}  // namespace cairn::domain::short_reason_test
