// Taking goods back: how many, for how much, and who has to agree.

#include "core/domain/returns/return_ledger.h"
#include "tests/core/domain/support/returns.h"
#include "tests/support/catch.h"

#include <limits>
#include <string>
#include <vector>

namespace cairn::domain::take_return_test {
namespace {

using namespace test;

SoldLine sold(std::uint32_t line, Quantity quantity, Money price) {
  return {LineNo(line), sku("SKU-" + std::to_string(line)), "Article " + std::to_string(line),
          quantity, price};
}

TakeReturn::Unit unit(std::uint32_t line, std::int64_t milli,
                      ReturnCondition condition = ReturnCondition::kRestock) {
  return {LineNo(line), milli, condition, location("A-01")};
}

/// Three pieces of 1.99 GBP and 1.5 kg of 3.33 GBP were sold; up to 50 GBP one person decides.
TakeReturn command(std::vector<TakeReturn::Unit> units) {
  TakeReturn take;
  take.id = ReturnId(cairn::test::uuid(0x30));
  take.group = kGroup;
  take.order = kOrder;
  take.order_reference = "WEB-1001";
  take.sold = {sold(1, Quantity::pieces(3), gbp(199)),
               sold(2, Quantity{1500, Uom::kKilogram}, gbp(333))};
  take.units = std::move(units);
  take.reason = "too small";
  take.limit = gbp(5000);
  return take;
}

Result<ReturnTaken> take(const TakeReturn& command, const ReturnLedger& ledger = {}) {
  return decide(ledger, command, kPicker);
}

void check_refused(const Result<ReturnTaken>& taken, ErrorCode code, std::string_view reason) {
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == code);
  CHECK(taken.error().reason == reason);
  CHECK_FALSE(taken.error().message.empty());
}

TEST_CASE("return: units are refunded at the price that was paid", "[domain][returns]") {
  const auto taken = take(command({unit(1, 2000), unit(1, 1000, ReturnCondition::kDamaged)}));
  REQUIRE(taken);
  CHECK(taken->id == ReturnId(cairn::test::uuid(0x30)));
  CHECK(taken->group == kGroup);
  CHECK(taken->order == kOrder);
  CHECK(taken->order_reference == "WEB-1001");
  CHECK(taken->reason == "too small");
  CHECK(taken->approved_by == UserId{});
  CHECK(taken->refund == gbp(597));
  REQUIRE(taken->lines.size() == 2);
  CHECK(taken->lines[0] == came_back(1, 2000, 3000));
  CHECK(taken->lines[1] == came_back(1, 1000, 3000, ReturnCondition::kDamaged));
}

TEST_CASE("return: goods by weight are refunded to the nearest penny", "[domain][returns]") {
  const auto refund = [](std::int64_t milli) {
    const auto taken = take(command({unit(2, milli)}));
    REQUIRE(taken);
    return taken->refund;
  };
  CHECK(refund(1000) == gbp(333));
  CHECK(refund(500) == gbp(167));  // 1.665 GBP: half goes up
  CHECK(refund(250) == gbp(83));
  CHECK(refund(1) == gbp(0));
}

// Never above the price: refunded(line) <= captured(line).
TEST_CASE("return: goods by weight in two steps are refunded no more than in one",
          "[domain][returns]") {
  const auto once = take(command({unit(2, 1000)}));
  const auto twice = take(command({unit(2, 500), unit(2, 500, ReturnCondition::kDamaged)}));
  REQUIRE(once);
  REQUIRE(twice);
  CHECK(twice->refund.minor <= once->refund.minor);
}

TEST_CASE("return: nobody brings back more than was sold", "[domain][returns]") {
  check_refused(take(command({unit(1, 4000)})), ErrorCode::kRejected, "already_returned");
  CHECK(take(command({unit(1, 4000)})).error().message ==
        "Article 1: 3 were sold, 3 can still come back");
  // The units of one line count together, whatever their condition.
  check_refused(take(command({unit(1, 2000), unit(1, 2000, ReturnCondition::kQcHold)})),
                ErrorCode::kRejected, "already_returned");
}

TEST_CASE("return: what came back before cannot come back again", "[domain][returns]") {
  LedgerStory before;
  before.taken(kNodeB, {came_back(1, 2000, 3000)});
  CHECK(take(command({unit(1, 1000)}), before.ledger()));
  check_refused(take(command({unit(1, 2000)}), before.ledger()), ErrorCode::kRejected,
                "already_returned");
  CHECK(take(command({unit(2, 1500)}), before.ledger()));
}

TEST_CASE("return: what was not sold cannot come back", "[domain][returns]") {
  check_refused(take(command({unit(9, 1000)})), ErrorCode::kRejected, "nothing_sold");
  auto unsold = command({unit(1, 1000)});
  unsold.sold.front().sold.milli = 0;
  check_refused(take(unsold), ErrorCode::kRejected, "nothing_sold");
}

TEST_CASE("return: quantities make sense", "[domain][returns]") {
  check_refused(take(command({})), ErrorCode::kInvalid, "bad_return");
  for (const std::int64_t milli : {std::int64_t{0}, std::int64_t{500}, std::int64_t{-1000}}) {
    CAPTURE(milli);
    check_refused(take(command({unit(1, milli)})), ErrorCode::kInvalid, "bad_return");
  }
  // Less than nothing of one does not pay for too many of another.
  check_refused(take(command({unit(1, -1000), unit(1, 4000)})), ErrorCode::kInvalid, "bad_return");
}

TEST_CASE("return: what the customer says is at most 200 octets of UTF-8", "[domain][returns]") {
  auto told = command({unit(1, 1000)});
  told.reason = std::string(200, 'x');
  CHECK(take(told));
  told.reason.clear();
  CHECK(take(told));
  told.reason = std::string(201, 'x');
  check_refused(take(told), ErrorCode::kInvalid, "bad_return");
  told.reason = "\xff";
  check_refused(take(told), ErrorCode::kInvalid, "bad_return");
}

TEST_CASE("return: above the limit a second person has to agree", "[domain][returns]") {
  auto dear = command({unit(1, 3000)});
  dear.limit = gbp(597);
  CHECK(take(dear));
  dear.limit = gbp(596);
  check_refused(take(dear), ErrorCode::kRejected, "needs_approval");
  CHECK(take(dear).error().message ==
        "a refund of 5.97 GBP is above 5.96 GBP: a second person has to let it pass");
  dear.approved_by = kLead;
  const auto taken = take(dear);
  REQUIRE(taken);
  CHECK(taken->approved_by == kLead);
  dear.approved_by = kPicker;
  check_refused(take(dear), ErrorCode::kRejected, "approver_is_operator");
}

TEST_CASE("return: a limit in another currency lets nothing pass", "[domain][returns]") {
  auto foreign = command({unit(1, 1000)});
  foreign.limit = {1'000'000, cairn::test::currency("JPY")};
  check_refused(take(foreign), ErrorCode::kRejected, "needs_approval");
  foreign.approved_by = kLead;
  CHECK(take(foreign));
}

TEST_CASE("return: two currencies are not added up, and nothing runs over", "[domain][returns]") {
  auto mixed = command({unit(1, 1000), unit(2, 500)});
  mixed.sold[1].unit_price = {333, cairn::test::currency("EUR")};
  check_refused(take(mixed), ErrorCode::kInvalid, "currency_mismatch");
  auto huge = command({unit(1, 2000)});
  huge.sold[0].unit_price = gbp(std::numeric_limits<std::int64_t>::max() / 1000);
  check_refused(take(huge), ErrorCode::kInvalid, "overflow");
}

}  // namespace
}  // namespace cairn::domain::take_return_test
