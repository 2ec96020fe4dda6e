#include "core/domain/payment/stored_value.h"

#include "tests/core/domain/support/payments.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <string>
#include <tuple>
#include <vector>

namespace cairn::domain::stored_value_test {
namespace {

using namespace test;
using cairn::test::gbp;
using cairn::test::holds;
using cairn::test::site;

StoredValueOpened card() {
  return {StoredValueId(cairn::test::uuid(0xA0)), StoredValueKind::kGiftCard,
          cairn::test::currency("GBP"), "", "4f2a"};
}

/// A gift card and what is done to it.
class Card {
 public:
  Card() : value_(evolve(std::nullopt, decide(OpenStoredValue{card()}).value())) {}

  /// "" if it was done, else why not.
  std::string does(const StoredValueCommand& command) {
    const auto decided = decide(*value_, command);
    if (!decided) return decided.error().reason;
    value_ = evolve(std::move(value_), *decided);
    return "";
  }
  std::string credit(std::int64_t minor, CreditReason reason = CreditReason::kTopUp) {
    return does(CreditStoredValue{{gbp(minor), reason, {}, 0}});
  }
  std::string redeem(std::int64_t minor) {
    return does(RedeemStoredValue{{gbp(minor), payment_id(1), 1}});
  }
  std::string grant(std::int64_t minor) { return does(GrantEscrow{site("store-1"), gbp(minor)}); }
  std::string close(std::uint32_t no, std::int64_t spent) {
    return does(CloseEscrow{no, gbp(spent)});
  }
  [[nodiscard]] const StoredValue& value() const { return *value_; }

 private:
  std::optional<StoredValue> value_;
};

TEST_CASE("stored value: issued, topped up, redeemed, and money refunded onto it",
          "[domain][payment]") {
  Card card;
  CHECK(card.credit(5'000, CreditReason::kIssue).empty());
  CHECK(card.credit(1'000).empty());
  CHECK(card.redeem(5'500).empty());
  CHECK(card.value().balance_minor == 500);
  CHECK(card.credit(200, CreditReason::kRefund).empty());
  CHECK(card.value().balance_minor == 700);
}

TEST_CASE("stored value: the balance is never below zero", "[domain][payment]") {
  Card card;
  CHECK(card.redeem(1) == "insufficient_balance");
  CHECK(card.credit(100).empty());
  CHECK(card.redeem(101) == "insufficient_balance");
  CHECK(card.grant(101) == "insufficient_balance");
  CHECK(card.redeem(100).empty());
  CHECK(card.value().balance_minor == 0);
}

TEST_CASE("stored value: what a site has in escrow nobody else can spend", "[domain][payment]") {
  Card card;
  CHECK(card.credit(1'000).empty());
  CHECK(card.grant(600).empty());
  CHECK(card.value().balance_minor == 400);
  CHECK(card.value().in_escrow_minor() == 600);
  CHECK(card.redeem(401) == "insufficient_balance");
  CHECK(card.close(2, 0) == "no_such_escrow");
  CHECK(card.close(1, 601) == "over_escrow");
  CHECK(card.close(1, -1) == "bad_amount");
  CHECK(card.close(1, 250).empty());
  CHECK(card.value().balance_minor == 750);
  CHECK(card.value().in_escrow_minor() == 0);
  CHECK(card.close(1, 250) == "escrow_closed");
  CHECK(card.grant(750).empty());
  CHECK(card.value().escrows.back().granted.no == 2);
}

TEST_CASE("stored value: amounts, currencies and texts are checked", "[domain][payment]") {
  Card value;
  CHECK(value.credit(0) == "bad_amount");
  CHECK(value.credit(kMaxMinor + 1) == "bad_amount");
  CHECK(value.does(
            CreditStoredValue{{{1, cairn::test::currency("EUR")}, CreditReason::kIssue, {}, 0}}) ==
        "currency_mismatch");
  CHECK(value.credit(kMaxMinor).empty());
  CHECK(value.credit(1) == "balance_too_large");
  CHECK(value.grant(kMaxMinor).empty());
  CHECK(value.credit(1) == "balance_too_large");
  CHECK(value.does(GrantEscrow{SiteId{}, gbp(1)}) == "bad_site");
  StoredValueOpened credit = card();
  credit.kind = StoredValueKind::kStoreCredit;
  CHECK(decide(OpenStoredValue{credit}).error().reason == "bad_stored_value");
  credit.holder = "customer-17";
  CHECK(decide(OpenStoredValue{credit}).has_value());
  credit.hint = "12345";
  CHECK_FALSE(decide(OpenStoredValue{credit}));
  CHECK(parse_stored_value_kind("STORE_CREDIT") == StoredValueKind::kStoreCredit);
  CHECK_FALSE(parse_stored_value_kind("store_credit"));
  CHECK(name_of(parse_credit_reason("RELEASE").value()) == "RELEASE");
  CHECK_FALSE(parse_credit_reason(""));
  CHECK(name_of(static_cast<CreditReason>(9)).empty());
  CHECK(name_of(static_cast<StoredValueKind>(9)).empty());
}

/// Kind, amount, escrow.
using Raw = std::vector<std::tuple<std::uint8_t, std::uint16_t, std::uint8_t>>;

TEST_CASE("any stored value: nothing is spent that is not there, and nothing is lost",
          "[domain][payment][property]") {
  CHECK(holds("credits = debits + spent by sites + escrow + balance", [](const Raw& raw) {
    Card card;
    std::int64_t credits = 0;
    std::int64_t debits = 0;
    for (const auto& [kind, amount, which] : raw) {
      if (kind % 4U == 0 && card.credit(amount).empty()) credits += amount;
      if (kind % 4U == 1 && card.redeem(amount).empty()) debits += amount;
      if (kind % 4U == 2) static_cast<void>(card.grant(amount / 4));
      if (kind % 4U == 3) static_cast<void>(card.close(which % 8U, amount / 8));
      std::int64_t spent = 0;
      for (const Escrow& escrow : card.value().escrows) spent += escrow.spent_minor.value_or(0);
      RC_ASSERT(card.value().balance_minor >= 0);
      RC_ASSERT(credits ==
                debits + spent + card.value().in_escrow_minor() + card.value().balance_minor);
    }
  }));
}

TEST_CASE("any stored value: whatever is recorded, the balance is within its bounds",
          "[domain][payment][property]") {
  CHECK(holds("a fold is total", [](const Raw& raw) {
    auto value = evolve(std::nullopt, card());
    for (const auto& [kind, amount, which] : raw) {
      const Money money = gbp(static_cast<std::int64_t>(amount) - 1'000);
      const std::uint32_t no = which % 4U;
      StoredValueEvent event = StoredValueCredited{money, CreditReason::kIssue, {}, 0};
      if (kind % 4U == 1) event = StoredValueDebited{money, {}, no};
      if (kind % 4U == 2) event = EscrowGranted{no, site("store-1"), gbp(amount)};
      if (kind % 4U == 3) event = EscrowClosed{no, money};
      value = evolve(std::move(value), event);
      RC_ASSERT(value->balance_minor >= 0);
      RC_ASSERT(value->balance_minor <= kMaxMinor);
      RC_ASSERT(value->in_escrow_minor() >= 0);
    }
  }));
}

}  // namespace
}  // namespace cairn::domain::stored_value_test
