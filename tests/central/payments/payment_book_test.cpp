#include "central/payments/payment_book.h"

#include "central/payments/stored_value_book.h"
#include "core/storage/projections/payments.h"
#include "tests/central/support/order_hub.h"
#include "tests/core/base/support/scripted_random.h"
#include "tests/core/storage/support/dump.h"

#include <set>
#include <string>

namespace cairn::central::payment_book_test {
namespace {

using namespace test;
using domain::PaymentOutcome;
using domain::PaymentStatus;
using domain::Tender;

constexpr const char* kCode = "ABCD-EFGH-JKMN-PQRS";

Money gbp(std::int64_t minor) { return {minor, Currency::parse("GBP").value()}; }

struct Hub : OrderHub {
  Hub() : order(place("1001", {{1, "A1", 2}})) {}

  Result<PaymentId> pay(Tender tender, std::int64_t minor, std::string token) {
    const PaymentId id(group_id(++payments).value());
    const domain::PaymentOpened opened{id, order, tender, gbp(minor), std::move(token), false};
    const auto done =
        job([&opened](UnitOfWork& work) { return open_payment(work, opened, user(3)); });
    if (!done) return fail(done.error());
    return id;
  }
  Result<> ask(PaymentId id, const domain::PaymentCommand& command) {
    return job([&](UnitOfWork& work) { return ask_payment(work, id, command, user(3)); });
  }
  Result<> hear(PaymentId id, const domain::PaymentAnswered& answer) {
    return job([&](UnitOfWork& work) { return answer_payment(work, id, answer); });
  }
  domain::Payment payment(PaymentId id) { return storage::find_payment(connection(), id).value(); }
  void issue(std::int64_t minor) {
    REQUIRE(job(
        [minor](UnitOfWork& work) { return issue_gift_card(work, kCode, gbp(minor), user(3)); }));
  }
  std::int64_t balance() {
    return storage::find_stored_value(connection(), gift_card_id(kCode))->balance_minor;
  }

  OrderId order;
  std::uint64_t payments = 900;
};

TEST_CASE("payment book: a card's question is recorded and waits for the provider",
          "[central][payment]") {
  Hub hub;
  const auto id = hub.pay(Tender::kCard, 5'000, "tok_visa");
  REQUIRE(id);
  CHECK(hub.changes.payments.contains(*id));
  CHECK(hub.payment(*id).status == PaymentStatus::kNotAuth);
  REQUIRE(hub.payment(*id).open_question() != nullptr);
  CHECK(storage::payments_in_question(hub.connection()) == std::vector{*id});
  REQUIRE(hub.hear(*id, {1, PaymentOutcome::kDone, "auth-1", "", {}}));
  CHECK(hub.payment(*id).status == PaymentStatus::kAuthorized);
  CHECK(storage::payments_in_question(hub.connection()).empty());
  check_refused(hub.hear(*id, {1, PaymentOutcome::kDone, "auth-1", "", {}}), ErrorCode::kConflict,
                "not_asked");
  CHECK(storage::payments_of(hub.connection(), hub.order).size() == 1);
}

TEST_CASE("payment book: what nobody answered before a stop is unknown from then on",
          "[central][payment]") {
  Hub hub;
  const auto id = hub.pay(Tender::kCard, 5'000, "tok_visa");
  REQUIRE(id);
  const auto noted = hub.job([](UnitOfWork& work) { return note_interrupted(work); });
  REQUIRE(noted);
  CHECK(*noted == std::vector{*id});
  CHECK(hub.payment(*id).questions.front().answer->outcome == PaymentOutcome::kUnknown);
  const auto written = hub.written();
  REQUIRE(hub.job([](UnitOfWork& work) { return note_interrupted(work); }));
  CHECK(hub.written() == written);
}

TEST_CASE("payment book: cash is there at once", "[central][payment]") {
  Hub hub;
  const auto id = hub.pay(Tender::kCash, 1'000, "");
  REQUIRE(id);
  CHECK(hub.payment(*id).status == PaymentStatus::kAuthorized);
  REQUIRE(hub.ask(*id, domain::CapturePayment{gbp(1'000), {}, false}));
  REQUIRE(hub.ask(*id, domain::RefundPayment{gbp(1'000), "broken"}));
  CHECK(hub.payment(*id).status == PaymentStatus::kRefunded);
}

TEST_CASE("payment book: a gift card pays as far as it goes, and gets back what was not taken",
          "[central][payment]") {
  Hub hub;
  hub.issue(3'000);
  const auto too_much = hub.pay(Tender::kGiftCard, 3'001, kCode);
  REQUIRE(too_much);
  CHECK(hub.payment(*too_much).status == PaymentStatus::kDeclined);
  CHECK(hub.payment(*too_much).questions.front().answer->detail == "insufficient_balance");
  CHECK(hub.balance() == 3'000);
  const auto paid = hub.pay(Tender::kGiftCard, 2'500, "abcd efgh jkmn pqrs");  // as people write it
  REQUIRE(paid);
  CHECK(hub.balance() == 500);
  REQUIRE(hub.ask(*paid, domain::CapturePayment{gbp(1'500), {}, true}));
  CHECK(hub.balance() == 1'500);
  CHECK(hub.payment(*paid).status == PaymentStatus::kSettled);
  REQUIRE(hub.ask(*paid, domain::RefundPayment{gbp(1'500), ""}));
  CHECK(hub.balance() == 3'000);
  CHECK(hub.payment(*paid).status == PaymentStatus::kRefunded);
  const auto given_up = hub.pay(Tender::kGiftCard, 3'000, kCode);
  REQUIRE(hub.ask(*given_up, domain::VoidPayment{}));
  CHECK(hub.balance() == 3'000);
  const auto nobodys = hub.pay(Tender::kGiftCard, 1, "ZZZZ");
  REQUIRE(nobodys);
  CHECK(hub.payment(*nobodys).questions.front().answer->detail == "no_such_stored_value");
}

TEST_CASE("payment book: a gift card's code is in no record", "[central][payment]") {
  Hub hub;
  hub.issue(3'000);
  REQUIRE(hub.pay(Tender::kGiftCard, 100, kCode));
  for (std::uint64_t seq = 1; seq <= hub.written(); ++seq) {
    const auto logged = hub.replica().log().read({node(77), Incarnation(77), seq});
    REQUIRE(logged);
    CHECK(logged->record.find("EFGH") == std::string::npos);
  }
}

TEST_CASE("payment book: store credit is a customer's, in one currency", "[central][payment]") {
  Hub hub;
  for (int times = 0; times < 2; ++times) {
    REQUIRE(hub.job([](UnitOfWork& work) {
      return issue_store_credit(work, "customer-17", gbp(700), user(3));
    }));
  }
  const auto id = hub.pay(Tender::kStoreCredit, 1'400, "customer-17");
  REQUIRE(id);
  CHECK(hub.payment(*id).status == PaymentStatus::kAuthorized);
  CHECK(store_credit_id("customer-17", gbp(0).currency) !=
        store_credit_id("customer-17", Currency::parse("EUR").value()));
}

TEST_CASE("payment book: two tenders pay one order", "[central][payment]") {
  Hub hub;
  hub.issue(1'000);
  REQUIRE(hub.pay(Tender::kGiftCard, 1'000, kCode));
  REQUIRE(hub.pay(Tender::kCard, 2'980, "tok_visa"));
  const auto payments = storage::payments_of(hub.connection(), hub.order);
  REQUIRE(payments.size() == 2);
  CHECK(payments[0].opened.tender == Tender::kGiftCard);
  CHECK(payments[1].opened.tender == Tender::kCard);
}

TEST_CASE("payment book: a card on which nothing is held is given up without its provider",
          "[central][payment]") {
  Hub hub;
  const auto id = hub.pay(Tender::kCard, 100, "tok_visa");
  REQUIRE(id);
  check_refused(hub.ask(*id, domain::VoidPayment{}), ErrorCode::kConflict, "question_open");
  REQUIRE(hub.hear(*id, {1, PaymentOutcome::kRefused, "", "bad token", {}}));
  REQUIRE(hub.ask(*id, domain::VoidPayment{}));
  CHECK(hub.payment(*id).status == PaymentStatus::kCancelled);
}

TEST_CASE("payment book: an authorisation that is over is noted, and asked for again",
          "[central][payment]") {
  Hub hub;
  const auto id = hub.pay(Tender::kCard, 100, "tok_visa");
  REQUIRE(id);
  const UtcTime until{hub.clock.now.us + 60'000'000};
  REQUIRE(hub.hear(*id, {1, PaymentOutcome::kDone, "auth-1", "", until}));
  const auto look = [&hub] {
    return hub
        .job([](UnitOfWork& work) { return renew_authorizations(work, std::chrono::hours(1)); })
        .value();
  };
  CHECK(look() == 0);
  hub.clock.advance(std::chrono::minutes(2));
  CHECK(look() == 1);
  CHECK(hub.payment(*id).status == PaymentStatus::kAuthExpired);
  REQUIRE(hub.payment(*id).open_question() != nullptr);
  CHECK(hub.payment(*id).open_question()->asked.no == 2);
  CHECK(look() == 0);
}

TEST_CASE("payment book: a refund of two captures is two questions, one after the other",
          "[central][payment]") {
  Hub hub;
  const auto id = hub.pay(Tender::kCard, 100, "tok_visa");
  REQUIRE(id);
  const UtcTime until{hub.clock.now.us + 60'000'000};
  REQUIRE(hub.hear(*id, {1, PaymentOutcome::kDone, "auth-1", "", until}));
  REQUIRE(hub.ask(*id, domain::CapturePayment{gbp(30), {}, false}));
  REQUIRE(hub.hear(*id, {2, PaymentOutcome::kDone, "capture-1", "", {}}));
  hub.clock.advance(std::chrono::minutes(2));
  REQUIRE(
      hub.job([](UnitOfWork& work) { return renew_authorizations(work, std::chrono::hours(1)); }));
  REQUIRE(hub.hear(*id, {3, PaymentOutcome::kDone, "auth-2", "", {}}));
  REQUIRE(hub.ask(*id, domain::CapturePayment{gbp(70), {}, false}));
  REQUIRE(hub.hear(*id, {4, PaymentOutcome::kDone, "capture-2", "", {}}));
  REQUIRE(hub.ask(*id, domain::RefundPayment{gbp(80), "broken"}));
  REQUIRE(hub.hear(*id, {5, PaymentOutcome::kDone, "refund-1", "", {}}));
  const auto second = hub.payment(*id);
  REQUIRE(second.open_question() != nullptr);
  CHECK(second.open_question()->asked.amount == gbp(50));
  CHECK(second.open_question()->asked.authorization == "auth-2");
  CHECK(second.open_question()->asked.reason == "broken");
  REQUIRE(hub.hear(*id, {6, PaymentOutcome::kDone, "refund-2", "", {}}));
  CHECK(hub.payment(*id).refunded_minor == 80);
  CHECK(hub.payment(*id).open_question() == nullptr);
}

TEST_CASE("payment book: an authorisation of an order that is over is not asked for again",
          "[central][payment]") {
  Hub hub;
  const auto id = hub.pay(Tender::kCard, 100, "tok_visa");
  REQUIRE(hub.hear(*id, {1, PaymentOutcome::kDone, "auth-1", "", hub.clock.now}));
  REQUIRE(hub.cancel_line(hub.order, 1, 2));
  hub.clock.advance(std::chrono::minutes(2));
  CHECK(hub.job([](UnitOfWork& work) {
    return renew_authorizations(work, std::chrono::hours(1));
  }) == 1U);
  CHECK(hub.payment(*id).status == PaymentStatus::kCancelled);
  CHECK(hub.payment(*id).open_question() == nullptr);
}

TEST_CASE("payment book: what the provider calls expired is asked for again, after a pause",
          "[central][payment]") {
  Hub hub;
  const auto look = [&hub] {
    return hub
        .job([](UnitOfWork& work) { return renew_authorizations(work, std::chrono::hours(1)); })
        .value();
  };
  const auto id = hub.pay(Tender::kCard, 100, "tok_visa");
  REQUIRE(hub.hear(*id, {1, PaymentOutcome::kDone, "auth-1", "", {}}));
  REQUIRE(hub.ask(*id, domain::CapturePayment{gbp(30), {}, false}));
  REQUIRE(hub.hear(*id, {2, PaymentOutcome::kExpired, "", "", {}}));
  CHECK(hub.payment(*id).status == PaymentStatus::kAuthExpired);
  CHECK(look() == 0);
  hub.clock.advance(std::chrono::hours(2));
  CHECK(look() == 1);
  REQUIRE(hub.payment(*id).open_question() != nullptr);
  CHECK(hub.payment(*id).open_question()->asked.action == domain::PaymentAction::kAuthorize);
  CHECK(look() == 0);
  REQUIRE(hub.hear(*id, {3, PaymentOutcome::kDeclined, "", "", {}}));
  CHECK(look() == 0);
  hub.clock.advance(std::chrono::hours(2));
  CHECK(look() == 1);
}

TEST_CASE("payment book: money is held again for what has left unpaid, though the order is over",
          "[central][payment]") {
  Hub hub;
  const auto look = [&hub] {
    return hub.job(
        [](UnitOfWork& work) { return renew_authorizations(work, std::chrono::hours(1)); });
  };
  hub.route(hub.order, 1, {{1, "A1", 2}});
  const std::int64_t worth =
      2 * storage::order_lines(hub.connection(), hub.order).front().line.unit_price.minor;
  const auto id = hub.pay(Tender::kCard, worth, "tok_visa");
  REQUIRE(hub.hear(*id, {1, PaymentOutcome::kDone, "auth-1", "", hub.clock.now}));
  hub.claim(1, "bench");
  hub.pick(1, 2, 1);
  hub.pack(1, 2, 1);
  hub.ship(1, 2, 1);
  hub.clock.advance(std::chrono::minutes(2));
  CHECK(look() == 1U);
  REQUIRE(hub.payment(*id).open_question() != nullptr);
  const UtcTime shortly{hub.clock.now.us + 60'000'000};
  REQUIRE(hub.hear(*id, {2, PaymentOutcome::kDone, "auth-2", "", shortly}));
  REQUIRE(hub.ask(*id, domain::CapturePayment{gbp(worth - 1), group_id(1), false}));
  REQUIRE(hub.hear(*id, {3, PaymentOutcome::kDone, "capture-1", "", {}}));
  REQUIRE(hub.ask(*id, domain::CapturePayment{gbp(1), {}, false}));
  REQUIRE(hub.hear(*id, {4, PaymentOutcome::kDone, "capture-2", "", {}}));
  CHECK(hub.payment(*id).status == PaymentStatus::kSettled);
}

TEST_CASE("payment book: money is taken for ship groups of the payment's order only",
          "[central][payment]") {
  Hub hub;
  const OrderId other = hub.place("1002", {{1, "A1", 2}});
  hub.route(other, 1, {{1, "A1", 2}});
  hub.route(hub.order, 2, {{1, "A1", 2}});
  const auto id = hub.pay(Tender::kCash, 100, "");
  for (const std::uint64_t group : {1, 7}) {
    check_refused(hub.ask(*id, domain::CapturePayment{gbp(1), group_id(group), false}),
                  ErrorCode::kNotFound, "no_such_group");
  }
  CHECK(hub.ask(*id, domain::CapturePayment{gbp(1), group_id(2), false}));
}

TEST_CASE("payment book: store credit pays for whoever it can be issued to", "[central][payment]") {
  Hub hub;
  for (const char* const customer : {"Zo\xc3\xab M\xc3\xbcller", "4111111111111111"}) {
    CAPTURE(customer);
    REQUIRE(hub.job([customer](UnitOfWork& work) {
      return issue_store_credit(work, customer, gbp(700), user(3));
    }));
    const auto id = hub.pay(Tender::kStoreCredit, 700, customer);
    REQUIRE(id);
    CHECK(hub.payment(*id).status == PaymentStatus::kAuthorized);
  }
  CHECK(hub.pay(Tender::kStoreCredit, 1, "").error().reason == "bad_token");
  CHECK(hub.pay(Tender::kStoreCredit, 1, "\xff").error().reason == "bad_stored_value");
}

TEST_CASE("payment book: a card that was let pass offline and refused is given up",
          "[central][payment]") {
  Hub hub;
  const PaymentId id(group_id(950).value());
  const domain::PaymentOpened opened{id, hub.order, Tender::kCard, gbp(100), "tok_visa", true};
  REQUIRE(hub.job([&opened](UnitOfWork& work) { return open_payment(work, opened, user(3)); }));
  REQUIRE(hub.hear(id, {1, PaymentOutcome::kRefused, "", "bad token", {}}));
  CHECK(hub.payment(id).status == PaymentStatus::kOfflinePending);
  REQUIRE(hub.ask(id, domain::VoidPayment{}));
  CHECK(hub.payment(id).status == PaymentStatus::kCancelled);
}

TEST_CASE("payment book: what does not exist, and another currency, are refused",
          "[central][payment]") {
  Hub hub;
  check_refused(hub.ask(PaymentId{}, domain::VoidPayment{}), ErrorCode::kNotFound,
                "no_such_payment");
  const auto reason = [&hub](const domain::PaymentOpened& opened) {
    const auto done =
        hub.job([&opened](UnitOfWork& work) { return open_payment(work, opened, user(3)); });
    return done ? std::string() : done.error().reason;
  };
  domain::PaymentOpened opened{
      PaymentId(group_id(901).value()), OrderId{}, Tender::kCard, gbp(1), "tok", false};
  CHECK(reason(opened) == "no_such_order");
  opened.order = hub.order;
  opened.amount = {1, Currency::parse("EUR").value()};
  CHECK(reason(opened) == "currency_mismatch");
  opened.amount = gbp(1);
  opened.token = "4111111111111111";
  CHECK(reason(opened) == "bad_token");
}

TEST_CASE("payment book: the rows are what the log says", "[central][payment]") {
  Hub hub;
  hub.issue(3'000);
  const auto id = hub.pay(Tender::kGiftCard, 2'500, kCode);
  REQUIRE(hub.ask(*id, domain::CapturePayment{gbp(500), {}, false}));
  REQUIRE(hub.pay(Tender::kCard, 7, "tok_visa"));
  const std::string before = storage::test::dump_money(hub.connection());
  hub.rebuild();
  CHECK(storage::test::dump_money(hub.connection()) == before);
}

TEST_CASE("gift card codes: sixteen letters that do not look alike", "[central][payment]") {
  cairn::test::ScriptedRandom random({0, UINT64_MAX});
  const std::string code = make_gift_card_code(random);
  CHECK(code.size() == 19);
  CHECK(code.starts_with("0000-0000-"));
  CHECK(gift_card_id("O00l") == gift_card_id("0001"));
  CHECK(gift_card_id("ABCD") != gift_card_id("ABCE"));
}

}  // namespace
}  // namespace cairn::central::payment_book_test
