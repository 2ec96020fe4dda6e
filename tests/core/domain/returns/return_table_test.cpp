// Every state of a return ledger with every way to bring something back: written out here, and
// tried out pair by pair.

#include "core/domain/returns/return_ledger.h"
#include "tests/core/domain/support/returns.h"
#include "tests/support/catch.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace cairn::domain::return_table_test {
namespace {

using namespace test;

enum class State {
  kNothingBack,
  kOneBack,
  kAllBack,
  kTwiceBack,  ///< by two devices that did not know of each other
  kContested,  ///< one came back; another site had taken it before
};

/// Columns: one, all three, four, in two conditions, nothing, a line that was not sold, half a
/// piece, alone above the limit, with oneself as the second person. "" is allowed.
constexpr std::size_t kColumns = 9;
using Row = std::array<std::string, kColumns>;

const std::map<State, Row>& expected_table() {
  static const std::string returned = "already_returned";
  static const std::string bad = "bad_return";
  static const std::map<State, Row> table{
      {State::kNothingBack,
       {"", "", returned, "", bad, "nothing_sold", bad, "needs_approval", "approver_is_operator"}},
      {State::kOneBack,
       {"", returned, returned, "", bad, "nothing_sold", bad, "needs_approval",
        "approver_is_operator"}},
      {State::kAllBack,
       {returned, returned, returned, returned, bad, "nothing_sold", returned, returned, returned}},
      {State::kTwiceBack,
       {returned, returned, returned, returned, bad, "nothing_sold", returned, returned, returned}},
      {State::kContested,
       {"", returned, returned, "", bad, "nothing_sold", bad, "needs_approval",
        "approver_is_operator"}},
  };
  return table;
}

ReturnLedger ledger_in(State state) {
  LedgerStory story;
  switch (state) {
    case State::kNothingBack:
      break;
    case State::kOneBack:
      story.taken(kNodeA, {came_back(1, 1000, 3000)});
      break;
    case State::kAllBack:
      story.taken(kNodeA, {came_back(1, 3000, 3000)});
      break;
    case State::kTwiceBack:
      story.taken(kNodeA, {came_back(1, 3000, 3000)}).taken(kNodeB, {came_back(1, 3000, 3000)});
      break;
    case State::kContested:
      story.taken(kNodeA, {came_back(1, 1000, 3000)});
      story.tell(kHub, RefundContested{story.last(), LineNo(1), 1000});
      break;
  }
  return story.ledger();
}

TakeReturn::Unit unit(std::int64_t milli, ReturnCondition condition = ReturnCondition::kRestock,
                      std::uint32_t line = 1) {
  return {LineNo(line), milli, condition, location("A-01")};
}

TakeReturn command(std::size_t column) {
  TakeReturn take;
  take.group = kGroup;
  take.order = kOrder;
  take.sold = {{LineNo(1), sku("SKU-1"), "Article 1", Quantity::pieces(3), gbp(199)}};
  take.limit = gbp(5000);
  const std::array<std::vector<TakeReturn::Unit>, kColumns> units{{
      {unit(1000)},
      {unit(3000)},
      {unit(4000)},
      {unit(1000), unit(1000, ReturnCondition::kDamaged)},
      {},
      {unit(1000, ReturnCondition::kRestock, 9)},
      {unit(500)},
      {unit(1000)},
      {unit(1000)},
  }};
  take.units = units.at(column);
  if (column == 7) take.limit = gbp(198);
  if (column == 8) take.approved_by = kPicker;
  return take;
}

TEST_CASE("return table: every state with every way to bring something back",
          "[domain][returns][table]") {
  for (const auto& [state, row] : expected_table()) {
    const ReturnLedger ledger = ledger_in(state);
    for (std::size_t column = 0; column < kColumns; ++column) {
      CAPTURE(static_cast<int>(state), column);
      const auto taken = decide(ledger, command(column), kPicker);
      CHECK((taken ? "" : taken.error().reason) == row.at(column));
      if (!taken) {
        const bool invalid = taken.error().reason == "bad_return";
        CHECK(taken.error().code == (invalid ? ErrorCode::kInvalid : ErrorCode::kRejected));
        CHECK_FALSE(taken.error().message.empty());
      }
    }
  }
}

}  // namespace
}  // namespace cairn::domain::return_table_test
