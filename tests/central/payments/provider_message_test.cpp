#include "central/payments/provider_message.h"

#include "core/json/reader.h"
#include "tests/core/domain/support/payments.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::central::provider_message_test {
namespace {

using domain::PaymentAction;
using domain::PaymentAnswered;
using domain::PaymentOutcome;
using domain::test::payment_id;

domain::PaymentAsked asked(PaymentAction action) {
  return {3, action, cairn::test::gbp(1'999), {}, true, "why", "auth-1", "capture-1", 0};
}

/// Its members but the payment, by name.
std::string said(const ProviderRequest& request) {
  const auto body = json::parse(request.body);
  REQUIRE(body);
  const json::Reader in(*body);
  CHECK(in.as_text("payment") == payment_id(7).value().text());
  std::string text;
  for (const char* const name :
       {"amount_minor", "authorization", "capture", "currency", "last", "token"}) {
    if (in.has(name)) text += std::string(name) + "=" + in.as_text(name) + " ";
  }
  return text;
}

TEST_CASE("provider message: each question has its path and says only what is needed",
          "[central][payment]") {
  const auto of = [](PaymentAction action) {
    return provider_request({"key", payment_id(7), asked(action), "tok_visa", false});
  };
  CHECK(of(PaymentAction::kAuthorize).path == "/v1/authorizations");
  CHECK(said(of(PaymentAction::kAuthorize)) == "amount_minor=1999 currency=GBP token=tok_visa ");
  CHECK(of(PaymentAction::kCapture).path == "/v1/captures");
  CHECK(said(of(PaymentAction::kCapture)) ==
        "amount_minor=1999 authorization=auth-1 currency=GBP last=true ");
  CHECK(of(PaymentAction::kVoid).path == "/v1/voids");
  CHECK(said(of(PaymentAction::kVoid)) == "authorization=auth-1 ");
  CHECK(of(PaymentAction::kRefund).path == "/v1/refunds");
  CHECK(said(of(PaymentAction::kRefund)) ==
        "amount_minor=1999 authorization=auth-1 capture=capture-1 currency=GBP ");
}

PaymentAnswered heard(int status, std::string_view body, bool repeated = false) {
  const ProviderQuestion question{"key", payment_id(7), asked(PaymentAction::kAuthorize),
                                  "tok_visa", repeated};
  return provider_answer(question, status, body);
}

TEST_CASE("provider message: answers that say what became of it", "[central][payment]") {
  CHECK(heard(201, R"({"outcome":"DONE","reference":"auth-1","expires_at":"2026-12-01T08:00:00Z",
                       "more":1})") == PaymentAnswered{3, PaymentOutcome::kDone, "auth-1", "",
                                                       cairn::test::utc("2026-12-01T08:00:00Z")});
  CHECK(heard(200, R"({"outcome":"DECLINED","detail":"insufficient_funds"})") ==
        PaymentAnswered{3, PaymentOutcome::kDeclined, "", "insufficient_funds", {}});
  CHECK(heard(200, R"({"outcome":"EXPIRED"})").outcome == PaymentOutcome::kExpired);
  CHECK(heard(400, "no").outcome == PaymentOutcome::kRefused);
  CHECK(heard(404, "").outcome == PaymentOutcome::kRefused);
  const std::string refused = R"({"outcome":"REFUSED","detail":"bad token"})";
  CHECK(heard(422, refused).outcome == PaymentOutcome::kRefused);
  CHECK(heard(422, refused).detail == "bad token");
  CHECK(heard(400, refused, true).outcome == PaymentOutcome::kRefused);
}

TEST_CASE("provider message: what was put before may have been done, whatever a proxy says now",
          "[central][payment]") {
  for (const int status : {400, 404, 410, 413, 422}) {
    CAPTURE(status);
    CHECK(heard(status, "<html>", true).outcome == PaymentOutcome::kUnknown);
    CHECK(heard(status, R"({"outcome":"DECLINED"})", true).outcome == PaymentOutcome::kUnknown);
  }
  CHECK(heard(422, R"({"detail":"this key was another question's"})").outcome ==
        PaymentOutcome::kUnknown);
}

TEST_CASE("provider message: whatever is not certain is unknown", "[central][payment]") {
  for (const int status : {100, 204, 301, 401, 403, 408, 409, 425, 429, 500, 502, 503}) {
    CAPTURE(status);
    CHECK(heard(status, R"({"outcome":"DONE","reference":"a"})").outcome ==
          PaymentOutcome::kUnknown);
  }
  const std::string long_one(domain::kReferenceMost + 1, 'r');
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("[]"), std::string(R"({})"),
        std::string(R"({"outcome":"done","reference":"a"})"),
        std::string(R"({"outcome":"UNKNOWN","reference":"a"})"),
        std::string(R"({"outcome":7,"reference":"a"})"), std::string(R"({"outcome":"DONE"})"),
        std::string(R"({"outcome":"DONE","reference":""})"),
        std::string(R"({"outcome":"DONE","reference":"two words"})"),
        R"({"outcome":"DONE","reference":")" + long_one + R"("})",
        std::string(R"({"outcome":"DONE","reference":"a","expires_at":"tomorrow"})")}) {
    CAPTURE(body);
    const PaymentAnswered answer = heard(200, body);
    CHECK(answer.outcome == PaymentOutcome::kUnknown);
    CHECK(answer.reference.empty());
    CHECK_FALSE(answer.detail.empty());
  }
}

TEST_CASE("provider message: a detail from outside fits into a record", "[central][payment]") {
  const std::string body =
      R"({"outcome":"DECLINED","detail":")" + std::string(5'000, 'x') + R"("})";
  CHECK(heard(200, body).detail.size() <= domain::kDetailMost);
  CHECK(no_answer(3, "\xff").detail == "no text");
}

}  // namespace
}  // namespace cairn::central::provider_message_test
