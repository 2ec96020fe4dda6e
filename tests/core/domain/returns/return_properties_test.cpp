// What holds of every history of a ledger, and of everything that is decided on it.

#include "core/domain/returns/return_ledger.h"
#include "tests/core/domain/support/property.h"
#include "tests/core/domain/support/returns.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <vector>

namespace cairn::domain::return_properties_test {
namespace {

using namespace test;
using cairn::test::holds;

/// Author, line, quantity, sold; a zero quantity: what is contested instead.
using Raw = std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t>>;

LedgerStory story_of(const Raw& raw) {
  LedgerStory story;
  for (const auto& [by, at, much, sold] : raw) {
    const NodeId author = by % 2 == 0 ? kNodeA : kNodeB;
    const std::int64_t milli = (much % 4) * 1000;
    if (milli == 0 && !story.events().empty()) {
      story.tell(kHub, RefundContested{story.last(), LineNo(1 + at % 3U), 1000});
    } else {
      story.taken(author, {came_back(1 + at % 3U, std::max<std::int64_t>(milli, 1000),
                                     (1 + sold % 6) * 1000)});
    }
  }
  return story;
}

TEST_CASE("any ledger: no more is counted as returned than was sold, the rest are exceptions",
          "[domain][returns][property]") {
  CHECK(holds("returned never exceeds sold", [](const Raw& raw) {
    const LedgerStory story = story_of(raw);
    const ReturnLedger ledger = story.ledger();
    RC_ASSERT(std::ranges::is_sorted(ledger.lines, {}, &ReturnLineState::line));
    std::map<LineNo, std::int64_t> brought;
    std::map<LineNo, std::int64_t> refunded;
    for (const TakenReturn& taken : ledger.taken) {
      for (const ReturnedLine& line : taken.what.lines) brought[line.line] += line.quantity.milli;
    }
    for (const ReturnLineState& line : ledger.lines) {
      RC_ASSERT(line.returned_milli >= 0);
      RC_ASSERT(line.returned_milli <= line.sold_milli);
      RC_ASSERT(ledger.left_milli(line.line, line.sold_milli) ==
                line.sold_milli - line.returned_milli);
      std::int64_t twice = 0;
      for (const RefundException& exception : ledger.exceptions) {
        const bool here = exception.line == line.line && !exception.elsewhere;
        twice += here ? exception.milli : 0;
      }
      RC_ASSERT(line.returned_milli + twice == brought[line.line]);
    }
  }));
}

TEST_CASE("any ledger: the same events in view order give the same state, however they came",
          "[domain][returns][property]") {
  CHECK(holds("the view is a function of the set", [](const Raw& raw, std::uint32_t seed) {
    auto events = story_of(raw).events();
    const auto fold = [](auto all) {
      std::ranges::sort(all, {}, [](const auto& r) { return std::tuple(r.meta.hlc, r.meta.ref); });
      ReturnLedger ledger;
      for (const auto& recorded : all) evolve(ledger, recorded);
      return ledger;
    };
    const ReturnLedger before = fold(events);
    std::mt19937 engine(seed);
    std::shuffle(events.begin(), events.end(), engine);
    RC_ASSERT(fold(events) == before);
  }));
}

TEST_CASE(
    "any return: the refund is the sum of its lines, and no line is refunded beyond its price",
    "[domain][returns][property]") {
  CHECK(holds("refund = sum", [](const Raw& before, const Raw& now, std::uint16_t price) {
    const ReturnLedger ledger = story_of(before).ledger();
    TakeReturn command;
    command.group = kGroup;
    for (std::uint32_t no = 1; no <= 3; ++no) {
      command.sold.push_back(
          {LineNo(no), sku("S"), "S", {(no + 2) * 1000, Uom::kKilogram}, gbp(price)});
    }
    for (const auto& [by, at, much, which] : now) {
      command.units.push_back({LineNo(1 + at % 3U), 1 + much * 7,
                               static_cast<ReturnCondition>(1 + by % 3), location("A-01")});
    }
    command.approved_by = kLead;
    const auto taken = decide(ledger, command, kPicker);
    RC_CLASSIFY(taken.has_value(), "accepted");
    if (!taken) return;
    std::int64_t sum = 0;
    std::map<LineNo, std::int64_t> brought;
    std::map<LineNo, std::int64_t> refunded;
    for (const ReturnedLine& line : taken->lines) {
      RC_ASSERT(line.refund.minor >= 0);
      // Half a penny more or less for what came back before, and for it with this entry.
      RC_ASSERT(std::abs(line.refund.minor * 1000 - price * line.quantity.milli) <= 1000);
      sum += line.refund.minor;
      brought[line.line] += line.quantity.milli;
      refunded[line.line] += line.refund.minor;
    }
    // However many steps there were, all of it is rounded once.
    const auto worth = [price](std::int64_t milli) { return (price * milli + 500) / 1000; };
    for (const auto& [line, milli] : brought) {
      const std::int64_t earlier = ledger.returned_milli(line);
      RC_ASSERT(refunded[line] == worth(earlier + milli) - worth(earlier));
    }
    RC_ASSERT(taken->refund == gbp(sum));
    // What was decided is never an exception for the one who decided it.
    ReturnLedger after = ledger;
    evolve(after, {{{kNodeA, Incarnation(3), 1}, Hlc{999'999}, kPicker, site("store-1")}, *taken});
    RC_ASSERT(after.exceptions == ledger.exceptions);
  }));
}

}  // namespace
}  // namespace cairn::domain::return_properties_test
