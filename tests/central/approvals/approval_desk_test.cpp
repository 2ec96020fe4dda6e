// Two people for what one must not do alone: every kind of act, every way to go wrong.

#include "central/approvals/approval_desk.h"

#include "central/payments/payment_book.h"
#include "central/payments/stored_value_book.h"
#include "core/storage/projections/payments.h"
#include "tests/central/support/order_hub.h"
#include "tests/sim/sim_random.h"

#include <string>

namespace cairn::central::approval_desk_test {
namespace {

using namespace test;
using storage::ApprovalAct;
using storage::ApprovalKind;
using storage::ApprovalRow;
using storage::ApprovalState;

constexpr std::int64_t kLimit = 1000;

Money gbp(std::int64_t minor) { return {minor, Currency::parse("GBP").value()}; }

runtime::Principal person(std::uint64_t number, const std::string& name) {
  runtime::Principal principal;
  principal.user = user(number);
  principal.person = user(number);
  principal.name = name;
  principal.session = SessionId(user(100 + number).value());
  return principal;
}

struct Office : OrderHub {
  Office() {
    const domain::PaymentOpened opened{
        payment, place("1001", {{1, "A1", 2}}), domain::Tender::kCash, gbp(5'000), "", false};
    REQUIRE(job([&](UnitOfWork& work) { return open_payment(work, opened, user(3)); }));
    REQUIRE(job([&](UnitOfWork& work) {
      return ask_payment(work, payment, domain::CapturePayment{gbp(5'000), {}, true}, user(3));
    }));
  }

  Result<bool> needed(const ApprovalAct& act) {
    return job([&](UnitOfWork& work) { return needs_approval(work, rules, act); });
  }
  ApprovalRow ask(const ApprovalAct& act) {
    const auto row = job([&](UnitOfWork& work) -> Result<ApprovalRow> {
      return ask_approval(work, ids, rules, act, cara);
    });
    REQUIRE(row);
    return *row;
  }
  Result<ApprovalRow> decide(const ApprovalRow& row, const runtime::Principal& decider,
                             bool approve = true) {
    return job([&](UnitOfWork& work) {
      return decide_approval(work, row.id, {approve, "seen"}, decider);
    });
  }
  std::string refusal(const ApprovalRow& row, const runtime::Principal& decider) {
    const auto decided = decide(row, decider);
    return decided ? "" : decided.error().reason;
  }
  std::int64_t refunded() { return storage::find_payment(connection(), payment)->refunded_minor; }
  ApprovalAct refund(std::int64_t minor) {
    return {ApprovalKind::kRefund, payment.value(), "", "", "broken", gbp(minor)};
  }

  PaymentId payment{group_id(901).value()};
  ApprovalRules rules{kLimit, kLimit, std::chrono::hours(1)};
  sim::SimRandom random{1};
  IdSource ids{clock, random};
  runtime::Principal cara = person(5, "Cara");
  runtime::Principal finn = person(6, "Finn");
};

TEST_CASE("approvals: a limit holds for all that a payment gives back", "[central][approvals]") {
  Office office;
  CHECK(office.needed(office.refund(kLimit)) == false);
  CHECK(office.needed(office.refund(kLimit + 1)) == true);
  REQUIRE(office.job([&](UnitOfWork& work) {
    return ask_payment(work, office.payment, domain::RefundPayment{gbp(600), ""}, user(5));
  }));
  CHECK(office.needed(office.refund(400)) == false);
  CHECK(office.needed(office.refund(401)) == true);
  office.rules.refund_over_minor.reset();
  CHECK(office.needed(office.refund(4'000)) == false);
  office.rules.refund_over_minor = 0;
  CHECK(office.needed(office.refund(1)) == true);
}

TEST_CASE("approvals: what would be refused anyway is refused at once", "[central][approvals]") {
  Office office;
  CHECK(office.needed(office.refund(5'001)).error().reason == "over_refund");
  ApprovalAct act = office.refund(2'000);
  act.subject = group_id(999).value();
  CHECK(office.needed(act).error().reason == "no_such_payment");
  act.kind = ApprovalKind::kTopUp;
  CHECK(office.needed(act).error().reason == "no_such_stored_value");
}

TEST_CASE("approvals: another person's word does it, once, in the asker's name",
          "[central][approvals]") {
  Office office;
  const auto row = office.ask(office.refund(2'000));
  CHECK(office.refunded() == 0);
  const auto done = office.decide(row, office.finn);
  REQUIRE(done);
  CHECK((done->state == ApprovalState::kDone && done->decided_by_name == "Finn"));
  CHECK((done->asked_by == user(5) && done->note == "seen"));
  CHECK(office.refunded() == 2'000);
  CHECK(office.refusal(row, office.finn) == "approval_settled");
  CHECK(office.refunded() == 2'000);
}

TEST_CASE("approvals: a rejected one is not done, then or later", "[central][approvals]") {
  Office office;
  const auto row = office.ask(office.refund(2'000));
  const auto rejected = office.decide(row, office.finn, false);
  REQUIRE(rejected);
  CHECK(rejected->state == ApprovalState::kRejected);
  CHECK(office.refusal(row, office.finn) == "approval_settled");
  CHECK(office.refunded() == 0);
}

TEST_CASE("approvals: the second person is another, and a person", "[central][approvals]") {
  Office office;
  const auto row = office.ask(office.refund(2'000));
  CHECK(office.refusal(row, office.cara) == "same_person");
  runtime::Principal key = person(7, "key of Finn");
  key.person = user(6);
  key.session = SessionId{};
  CHECK(office.refusal(row, key) == "person_needed");
  // What a key asks for, its maker has asked for.
  office.cara.person = user(6);
  CHECK(office.refusal(office.ask(office.refund(2'000)), office.finn) == "same_person");
  CHECK(office.refunded() == 0);
  ApprovalRow nobodys = row;
  nobodys.id = storage::ApprovalId(group_id(1).value());
  CHECK(office.refusal(nobodys, office.finn) == "no_such_approval");
}

TEST_CASE("approvals: after its time nobody can decide it", "[central][approvals]") {
  Office office;
  const auto row = office.ask(office.refund(2'000));
  office.clock.advance(std::chrono::hours(1));
  CHECK(office.refusal(row, office.finn) == "approval_expired");
  CHECK(office.refunded() == 0);
}

TEST_CASE("approvals: what cannot be done any more stays undecided", "[central][approvals]") {
  Office office;
  const auto row = office.ask(office.refund(4'000));
  REQUIRE(office.job([&](UnitOfWork& work) {
    return ask_payment(work, office.payment, domain::RefundPayment{gbp(2'000), ""}, user(5));
  }));
  CHECK(office.refusal(row, office.finn) == "over_refund");
  CHECK(storage::find_approval(office.connection(), row.id)->state == ApprovalState::kPending);
  CHECK(office.decide(row, office.finn, false));
}

TEST_CASE("approvals: stored value by what it would be worth", "[central][approvals]") {
  Office office;
  const std::string code = "ABCD-EFGH-JKMN-PQRS";
  const StoredValueId card = gift_card_id(code);
  const ApprovalAct issue{ApprovalKind::kGiftCard, card.value(), "",
                          gift_card_hint(code),    "",           gbp(kLimit + 500)};
  CHECK(office.needed(issue) == true);
  const auto row = office.ask(issue);
  CHECK_FALSE(storage::find_stored_value(office.connection(), card));
  REQUIRE(office.decide(row, office.finn));
  const auto issued = storage::find_stored_value(office.connection(), card);
  REQUIRE(issued);
  CHECK((issued->balance_minor == kLimit + 500 && issued->opened.hint == "PQRS"));

  const ApprovalAct more{ApprovalKind::kTopUp, card.value(), "", "", "", gbp(1)};
  CHECK(office.needed(more) == true);
  REQUIRE(office.decide(office.ask(more), office.finn));
  CHECK(storage::find_stored_value(office.connection(), card)->balance_minor == kLimit + 501);

  const ApprovalAct credit{ApprovalKind::kStoreCredit, Uuid(), "c-1", "", "", gbp(kLimit + 1)};
  CHECK(office.needed(credit) == true);
  REQUIRE(office.decide(office.ask(credit), office.finn));
  const auto owed =
      storage::find_stored_value(office.connection(), store_credit_id("c-1", gbp(1).currency));
  REQUIRE(owed);
  CHECK(owed->balance_minor == kLimit + 1);
}

TEST_CASE("approvals: what a site may spend counts as worth, too", "[central][approvals]") {
  Office office;
  const std::string code = "ABCD-EFGH-JKMN-PQRS";
  const StoredValueId card = gift_card_id(code);
  const ApprovalAct half{ApprovalKind::kGiftCard, card.value(), "",
                         gift_card_hint(code),    "",           gbp(kLimit / 2)};
  CHECK(office.needed(half) == false);
  REQUIRE(office.job([&](UnitOfWork& work) {
    return open_gift_card(work, card, half.hint, half.amount, user(5));
  }));
  const auto change = [&](const domain::StoredValueCommand& command) {
    return office.job(
        [&](UnitOfWork& work) { return change_stored_value(work, card, command, user(5)); });
  };
  ApprovalAct more{ApprovalKind::kTopUp, card.value(), "", "", "", gbp(kLimit / 2)};
  const auto top_up = [&more] {
    return domain::CreditStoredValue{{more.amount, domain::CreditReason::kTopUp, {}, 0}};
  };
  REQUIRE(change(domain::GrantEscrow{site("store"), gbp(kLimit / 2)}));
  CHECK(office.needed(more) == false);
  REQUIRE(change(top_up()));
  more.amount = gbp(1);
  CHECK(office.needed(more) == true);
  REQUIRE(change(domain::CloseEscrow{1, gbp(0)}));
  CHECK(office.needed(more) == true);
  CHECK(storage::find_stored_value(office.connection(), card)->balance_minor == kLimit);
}

}  // namespace
}  // namespace cairn::central::approval_desk_test
