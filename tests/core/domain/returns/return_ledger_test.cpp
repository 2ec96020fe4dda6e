// What a ledger shows, event by event.

#include "core/domain/returns/return_ledger.h"

#include "tests/core/domain/support/returns.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::domain::return_ledger_test {
namespace {

using namespace test;
using Exceptions = std::vector<RefundException>;
using Lines = std::vector<ReturnLineState>;

TEST_CASE("return ledger: what came back is counted by line, and kept as it was told",
          "[domain][returns]") {
  LedgerStory story;
  story.taken(kNodeA, {came_back(2, 1000, 3000), came_back(1, 2000, 2000)});
  const ReturnLedger ledger = story.ledger();
  CHECK(ledger.group == kGroup);
  CHECK(ledger.site == site("store-1"));
  CHECK(ledger.lines == Lines{{LineNo(1), 2000, 2000}, {LineNo(2), 3000, 1000}});
  REQUIRE(ledger.taken.size() == 1);
  CHECK(ledger.taken.front().ref == story.last());
  CHECK(ledger.taken.front().actor == kPicker);
  CHECK(ledger.taken.front().what.lines.size() == 2);
  CHECK(ledger.exceptions.empty());
}

TEST_CASE("return ledger: a line in two conditions is one line", "[domain][returns]") {
  LedgerStory story;
  story.taken(kNodeA, {came_back(1, 1000, 3000, ReturnCondition::kRestock),
                       came_back(1, 1000, 3000, ReturnCondition::kDamaged)});
  CHECK(story.ledger().lines == Lines{{LineNo(1), 3000, 2000}});
  CHECK(story.ledger().exceptions.empty());
}

TEST_CASE("return ledger: units that two devices took back are an exception the second time",
          "[domain][returns]") {
  LedgerStory story;
  story.taken(kNodeA, {came_back(1, 2000, 2000)}).taken(kNodeB, {came_back(1, 2000, 2000)});
  CHECK(story.ledger().lines == Lines{{LineNo(1), 2000, 2000}});
  CHECK(story.ledger().exceptions == Exceptions{{story.last(), LineNo(1), 2000, false}});
  CHECK(story.ledger().taken.size() == 2);
}

TEST_CASE("return ledger: only what is too much is an exception", "[domain][returns]") {
  LedgerStory story;
  story.taken(kNodeA, {came_back(1, 2000, 3000), came_back(2, 1000, 1000)});
  story.taken(kNodeB, {came_back(1, 2000, 3000)});
  CHECK(story.ledger().lines == Lines{{LineNo(1), 3000, 3000}, {LineNo(2), 1000, 1000}});
  CHECK(story.ledger().exceptions == Exceptions{{story.last(), LineNo(1), 1000, false}});
}

TEST_CASE("return ledger: of what was sold the greatest figure told counts", "[domain][returns]") {
  LedgerStory story;
  story.taken(kNodeA, {came_back(1, 1000, 1000)}).taken(kNodeB, {came_back(1, 1000, 2000)});
  CHECK(story.ledger().lines == Lines{{LineNo(1), 2000, 2000}});
  CHECK(story.ledger().exceptions.empty());
  story.taken(kNodeA, {came_back(1, 1000, 1000)});
  CHECK(story.ledger().lines == Lines{{LineNo(1), 2000, 2000}});
  CHECK(story.ledger().exceptions.size() == 1);
}

TEST_CASE("return ledger: what was refunded elsewhere before is contested", "[domain][returns]") {
  LedgerStory story;
  const EventRef taken = story.taken(kNodeA, {came_back(1, 2000, 2000)}).last();
  story.tell(kHub, RefundContested{taken, LineNo(1), 1000});
  CHECK(story.ledger().exceptions == Exceptions{{taken, LineNo(1), 1000, true}});
  CHECK(story.ledger().lines == Lines{{LineNo(1), 2000, 2000}});
}

TEST_CASE("return ledger: what may still come back", "[domain][returns]") {
  CHECK(ReturnLedger{}.left_milli(LineNo(1), 3000) == 3000);
  LedgerStory story;
  story.taken(kNodeA, {came_back(1, 1000, 3000)});
  CHECK(story.ledger().left_milli(LineNo(1), 3000) == 2000);
  // What is known now holds: a hand-over was a mistake, or other sites took some back.
  CHECK(story.ledger().left_milli(LineNo(1), 1000) == 0);
  CHECK(story.ledger().left_milli(LineNo(1), 0) == 0);
  CHECK(story.ledger().left_milli(LineNo(1), 4000) == 3000);
  CHECK(story.ledger().left_milli(LineNo(2), 4000) == 4000);
}

TEST_CASE("returns: stored numbers and names of conditions never change", "[domain][returns]") {
  const std::vector<std::tuple<ReturnCondition, int, std::string_view>> rows{
      {ReturnCondition::kRestock, 1, "RESTOCK"},
      {ReturnCondition::kQcHold, 2, "QC_HOLD"},
      {ReturnCondition::kDamaged, 3, "DAMAGED"},
  };
  for (const auto& [condition, number, name] : rows) {
    CHECK(static_cast<int>(condition) == number);
    CHECK(name_of(condition) == name);
    CHECK(parse_return_condition(name) == condition);
  }
  CHECK(name_of(static_cast<ReturnCondition>(0)).empty());
  CHECK(name_of(static_cast<ReturnCondition>(4)).empty());
  for (const std::string text : {"", "restock", "DAMAGED ", "NEW"}) {
    const auto refused = parse_return_condition(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kInvalid);
    CHECK(refused.error().reason == "bad_condition");
  }
}

TEST_CASE("returns: sold is what left, whether it came back or not", "[domain][returns]") {
  auto story = Story()
                   .allocated({pieces(1, 9)}, FulfilmentMethod::kPickup)
                   .picked(kNodeA, 1, 8000)
                   .shipped(kNodeA, {units(1, 1000)})
                   .handed_over(kNodeA, {units(1, 4000)})
                   .returned(1, 3000);
  const SoldLine sold = sold_line(*story.group().find(LineNo(1)));
  CHECK(sold.line == LineNo(1));
  CHECK(sold.sku == sku("SKU-1"));
  CHECK(sold.name == "Article 1");
  CHECK(sold.sold == Quantity::pieces(5));
  CHECK(sold.unit_price == gbp(199));
}

}  // namespace
}  // namespace cairn::domain::return_ledger_test
