#include "core/domain/payment/payment.h"

#include "tests/core/domain/support/payments.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::domain::payment_test {
namespace {

using namespace test;
using cairn::test::gbp;
using cairn::test::ship_group_id;

TEST_CASE("payment: held, taken in two shipments, given back in part and then whole",
          "[domain][payment]") {
  PaymentStory story;
  story.done(AuthorizePayment{});
  CHECK(story.payment().authorized_minor == 10'000);
  CHECK(story.payment().held_minor() == 10'000);
  CHECK(story.payment().authorization == "ref-1");
  CHECK(story.payment().expires == UtcTime{PaymentStory::kExpiresUs});
  story.done(capture(6'001, ship_group_id(1)));
  CHECK(story.payment().status == PaymentStatus::kPartiallyCaptured);
  CHECK(story.payment().held_minor() == 3'999);
  story.done(capture(3'999, ship_group_id(2)));
  CHECK(story.payment().status == PaymentStatus::kSettled);
  CHECK(story.payment().held_minor() == 0);
  CHECK_FALSE(story.payment().expires);
  story.done(refund(1));
  CHECK(story.payment().status == PaymentStatus::kSettled);
  story.done(refund(9'999));
  CHECK(story.payment().status == PaymentStatus::kRefunded);
  CHECK(story.payment().captured_minor == story.payment().refunded_minor);
  CHECK(story.payment().questions.size() == 5);
}

TEST_CASE("payment: never more is taken than is held, nor given back than was taken",
          "[domain][payment]") {
  PaymentStory story = story_in(PaymentStatus::kPartiallyCaptured);  // 40.00 of 100.00
  CHECK(decide(story.payment(), capture(6'001)).error().reason == "over_capture");
  CHECK(decide(story.payment(), refund(4'001)).error().reason == "over_refund");
  story.done(capture(6'000)).done(refund(9'999));
  CHECK(decide(story.payment(), refund(2)).error().reason == "over_refund");
  CHECK(decide(story.payment(), refund(1)).has_value());
}

TEST_CASE("payment: the money for one shipment is taken once, and again only if it was not",
          "[domain][payment]") {
  PaymentStory story = story_in(PaymentStatus::kAuthorized);
  story.ask(capture(1'000, ship_group_id(1))).hear(PaymentOutcome::kDeclined);
  CHECK(story.payment().status == PaymentStatus::kAuthorized);
  story.done(capture(1'000, ship_group_id(1)));
  CHECK(decide(story.payment(), capture(1'000, ship_group_id(1))).error().reason ==
        "already_captured");
  CapturePayment more = capture(1'000, ship_group_id(1));
  more.more = true;  // whoever asks knows what is missing
  CHECK(decide(story.payment(), more).has_value());
  CHECK(decide(story.payment(), capture(1'000, ship_group_id(2))).has_value());
  CHECK(decide(story.payment(), capture(1'000)).has_value());
}

TEST_CASE("payment: the last capture gives up what is left", "[domain][payment]") {
  const PaymentStory story =
      story_in(PaymentStatus::kAuthorized).done(capture(2'500, ship_group_id(1), true));
  CHECK(story.payment().status == PaymentStatus::kSettled);
  CHECK(story.payment().captured_minor == 2'500);
  CHECK(story.payment().held_minor() == 0);
}

TEST_CASE("payment: a void after something was taken and given back ends it as refunded",
          "[domain][payment]") {
  const PaymentStory story =
      story_in(PaymentStatus::kPartiallyCaptured).done(refund(4'000)).done(VoidPayment{});
  CHECK(story.payment().status == PaymentStatus::kRefunded);
}

TEST_CASE("payment: what is held no more is given up, and what was taken stays taken",
          "[domain][payment]") {
  const PaymentStory nothing = story_in(PaymentStatus::kAuthExpired).done(VoidPayment{});
  CHECK(nothing.payment().status == PaymentStatus::kCancelled);
  const PaymentStory some =
      story_in(PaymentStatus::kPartiallyCaptured).expire().done(VoidPayment{});
  CHECK(some.payment().status == PaymentStatus::kSettled);
  CHECK(some.payment().captured_minor == 4'000);
  CHECK(story_in(PaymentStatus::kOfflinePending).done(VoidPayment{}).payment().status ==
        PaymentStatus::kCancelled);
}

TEST_CASE("payment: what expired is held again, only the rest of it", "[domain][payment]") {
  PaymentStory story = story_in(PaymentStatus::kPartiallyCaptured);
  CHECK(decide(story.payment(), ExpireAuthorization{UtcTime{PaymentStory::kExpiresUs - 1}})
            .error()
            .reason == "not_expired");
  story.expire();
  CHECK(story.payment().status == PaymentStatus::kAuthExpired);
  CHECK(story.payment().held_minor() == 0);
  story.ask(AuthorizePayment{});
  CHECK(story.payment().open_question()->asked.amount == gbp(6'000));
  story.hear(PaymentOutcome::kDeclined, "");
  CHECK(story.payment().status == PaymentStatus::kAuthExpired);
  story.done(AuthorizePayment{});
  CHECK(story.payment().status == PaymentStatus::kPartiallyCaptured);
  CHECK(story.payment().authorized_minor == 10'000);
  CHECK(story.payment().held_minor() == 6'000);
}

TEST_CASE("payment: a capture that comes too late says that the authorisation expired",
          "[domain][payment]") {
  const PaymentStory story =
      story_in(PaymentStatus::kAuthorized).ask(capture(100)).hear(PaymentOutcome::kExpired, "");
  CHECK(story.payment().status == PaymentStatus::kAuthExpired);
  CHECK(story.payment().captured_minor == 0);
}

TEST_CASE("payment: a question without an answer stays open until there is a certain one",
          "[domain][payment]") {
  PaymentStory story;
  story.ask(AuthorizePayment{});
  CHECK(story.payment().open_question() != nullptr);
  story.hear(PaymentOutcome::kUnknown, "").hear(PaymentOutcome::kUnknown, "");
  CHECK(story.payment().questions.size() == 1);
  CHECK(story.payment().questions.front().unknown == 2);
  CHECK(story.payment().status == PaymentStatus::kNotAuth);
  story.hear(PaymentOutcome::kDone, "auth-1");
  CHECK(story.payment().status == PaymentStatus::kAuthorized);
  CHECK(story.payment().open_question() == nullptr);
  const auto late = decide(story.payment(), AnswerQuestion{{1, PaymentOutcome::kDone, "x", ""}});
  REQUIRE_FALSE(late);
  CHECK(late.error().reason == "not_asked");
}

TEST_CASE("payment: a question that was refused leaves everything as it was", "[domain][payment]") {
  PaymentStory story;
  story.ask(AuthorizePayment{}).hear(PaymentOutcome::kRefused, "");
  CHECK(story.payment().status == PaymentStatus::kNotAuth);
  story.ask(AuthorizePayment{});
  CHECK(story.payment().open_question()->asked.no == 2);
}

TEST_CASE("payment: an answer to another question, or a second answer, changes nothing",
          "[domain][payment]") {
  PaymentStory story;
  story.tell(PaymentAnswered{1, PaymentOutcome::kDone, "x", "", {}});
  CHECK(story.payment().status == PaymentStatus::kNotAuth);
  story.ask(AuthorizePayment{}).tell(PaymentAnswered{2, PaymentOutcome::kDone, "x", "", {}});
  CHECK(story.payment().status == PaymentStatus::kNotAuth);
  story.hear(PaymentOutcome::kDone).tell(PaymentAnswered{1, PaymentOutcome::kDeclined, "", "", {}});
  CHECK(story.payment().status == PaymentStatus::kAuthorized);
  story.tell(opened(5));
  CHECK(story.payment().opened.amount == gbp(10'000));
  CHECK_FALSE(evolve(std::nullopt, {{}, PaymentEvent(AuthorizationExpired{})}));
}

TEST_CASE("payment: amounts, currencies and texts are checked", "[domain][payment]") {
  const Payment payment = story_in(PaymentStatus::kPartiallyCaptured).payment();
  const auto reason = [&payment](const PaymentCommand& command) {
    const auto decided = decide(payment, command);
    return decided ? std::string() : decided.error().reason;
  };
  CHECK(reason(capture(0)) == "bad_amount");
  CHECK(reason(capture(-1)) == "bad_amount");
  CHECK(reason(refund(kMaxMinor + 1)) == "bad_amount");
  CHECK(reason(CapturePayment{{1, Currency::parse("EUR").value()}, {}, false}) ==
        "currency_mismatch");
  CHECK(reason(RefundPayment{gbp(1), std::string(kDetailMost + 1, 'x')}) == "bad_reason");
  CHECK(reason(RefundPayment{gbp(1), "\xff"}) == "bad_reason");
  const Payment asked = story_in(PaymentStatus::kAuthorized).ask(capture(1)).payment();
  for (const PaymentAnswered& bad :
       {PaymentAnswered{2, PaymentOutcome::kDone, std::string(kReferenceMost + 1, 'x'), "", {}},
        PaymentAnswered{2, PaymentOutcome::kDone, "two words", "", {}},
        PaymentAnswered{2, PaymentOutcome::kDone, "", "\xff", {}}}) {
    CHECK(decide(asked, AnswerQuestion{bad}).error().reason == "bad_answer");
  }
}

TEST_CASE("payment: a time that no record can hold is never, and the beginning of time is a time",
          "[domain][payment]") {
  PaymentStory story;
  story.ask(AuthorizePayment{});
  const auto until = [&story](const char* text) {
    const PaymentAnswered answer{1, PaymentOutcome::kDone, "r", "", UtcTime::parse(text).value()};
    return decide(story.payment(), AnswerQuestion{answer}).value().expires;
  };
  CHECK_FALSE(until("9999-12-31T00:00:00Z"));
  CHECK(until("6000-01-01T00:00:00Z") == UtcTime::parse("6000-01-01T00:00:00Z").value());
  CHECK(until("1970-01-01T00:00:00Z") == UtcTime{0});
  CHECK(until("1960-01-01T00:00:00Z") == UtcTime{0});
}

TEST_CASE("payment: a token is the provider's, never the number of a card", "[domain][payment]") {
  const auto reason = [](Tender tender, std::string token, bool offline = false) {
    PaymentOpened first = opened();
    first.tender = tender;
    first.token = std::move(token);
    first.offline = offline;
    const auto decided = decide(OpenPayment{first});
    return decided ? std::string() : decided.error().reason;
  };
  CHECK(reason(Tender::kCard, "tok_visa").empty());
  CHECK(reason(Tender::kCard, "tok_visa", true).empty());
  CHECK(reason(Tender::kCash, "").empty());
  CHECK(reason(Tender::kCash, "", true) == "bad_token");
  CHECK(reason(Tender::kCash, "x") == "bad_token");
  for (const char* const bad : {"", "two words", "4111111111111111", "4111 1111 1111 1111",
                                "4111-1111-1111-1111", "378282246310005", "caf\xc3\xa9"}) {
    CAPTURE(bad);
    CHECK(reason(Tender::kCard, bad) == "bad_token");
  }
  CHECK(reason(Tender::kCard, std::string(kTokenMost + 1, 't')) == "bad_token");
  CHECK(reason(Tender::kGiftCard, payment_id(7).value().text()).empty());
  CHECK(reason(Tender::kStoreCredit, payment_id(7).value().text()).empty());
  CHECK(reason(Tender::kStoreCredit, "customer-17") == "bad_token");
  CHECK(reason(Tender::kGiftCard, "") == "bad_token");
  CHECK_FALSE(looks_like_card_number("4111111111111112"));
  CHECK_FALSE(looks_like_card_number("tok_4111111111111111"));
  CHECK(decide(OpenPayment{opened(0)}).error().reason == "bad_amount");
}

TEST_CASE("payment: a question's key says what is meant, and which try it is",
          "[domain][payment]") {
  PaymentStory story;
  story.done(AuthorizePayment{});
  const auto key = [](const PaymentStory& of, std::size_t at) {
    return idempotency_key(of.payment(), of.payment().questions.at(at));
  };
  const std::string payment = payment_id(0x90).value().text();
  const std::string group = ship_group_id(1).value().text();
  CHECK(key(story, 0) == payment + "-AUTHORIZE-1");
  PaymentStory other = story;
  story.ask(capture(100, ship_group_id(1))).hear(PaymentOutcome::kDeclined);
  story.done(capture(200, ship_group_id(2))).done(capture(100, ship_group_id(1)));
  CHECK(key(story, 1) == payment + "-CAPTURE-" + group + "-1");
  CHECK(key(story, 3) == payment + "-CAPTURE-" + group + "-2");
  // Put back from a backup, with the groups in another order: no key is another question's.
  other.done(capture(200, ship_group_id(2))).done(capture(100, ship_group_id(1)));
  CHECK(key(other, 1) == key(story, 2));
  CHECK(key(other, 2) == key(story, 1));
  story.done(refund(10)).done(refund(10));
  CHECK(key(story, 5) == payment + "-REFUND-2");
}

TEST_CASE("payment: money goes back to the authorisation under which it was taken",
          "[domain][payment]") {
  PaymentStory story;
  story.ask(AuthorizePayment{}).hear(PaymentOutcome::kDone, "auth-1");
  story.ask(capture(3'000)).hear(PaymentOutcome::kDone, "capture-1");
  CHECK(story.payment().questions.back().asked.authorization == "auth-1");
  story.expire().ask(AuthorizePayment{}).hear(PaymentOutcome::kDone, "auth-2");
  CHECK(decide(story.payment(), refund(3'001)).error().reason == "over_refund");
  story.ask(refund(1'000));
  const auto last = [&story] { return story.payment().questions.back().asked; };
  CHECK((last().authorization == "auth-1" && last().capture == "capture-1"));
  CHECK(last().rest_minor == 0);
  story.hear(PaymentOutcome::kDone, "refund-1");
  story.ask(capture(7'000)).hear(PaymentOutcome::kDone, "capture-2");
  CHECK(last().authorization == "auth-2");
  story.ask(refund(8'000));
  CHECK((last().authorization == "auth-1" && last().capture == "capture-1"));
  CHECK((last().amount == gbp(2'000) && last().rest_minor == 6'000));
  story.hear(PaymentOutcome::kDone, "refund-2").ask(refund(6'000));
  CHECK((last().authorization == "auth-2" && last().capture == "capture-2"));
  CHECK((last().amount == gbp(6'000) && last().rest_minor == 0));
}

}  // namespace
}  // namespace cairn::domain::payment_test
