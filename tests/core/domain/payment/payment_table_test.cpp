// Every status of a payment with every step and every command: written out here, and tried out
// pair by pair.

#include "core/domain/payment/payment_decide.h"
#include "tests/core/domain/support/payments.h"
#include "tests/support/catch.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace cairn::domain::payment_table_test {
namespace {

using namespace test;
using Status = PaymentStatus;
using Step = PaymentStep;

Status status_at(std::size_t index) { return static_cast<Status>(index); }

/// Each transition there is, by name.
const std::map<std::pair<std::string_view, Step>, std::string_view>& transitions() {
  static const std::map<std::pair<std::string_view, Step>, std::string_view> named{
      {{"NOT_AUTH", Step::kAuthorized}, "AUTHORIZED"},
      {{"NOT_AUTH", Step::kDeclined}, "DECLINED"},
      {{"NOT_AUTH", Step::kVoided}, "CANCELLED"},
      {{"OFFLINE_PENDING", Step::kAuthorized}, "AUTHORIZED"},
      {{"OFFLINE_PENDING", Step::kDeclined}, "DECLINED"},
      {{"OFFLINE_PENDING", Step::kVoided}, "CANCELLED"},
      {{"AUTHORIZED", Step::kCapturedPart}, "PARTIALLY_CAPTURED"},
      {{"AUTHORIZED", Step::kCapturedAll}, "SETTLED"},
      {{"AUTHORIZED", Step::kVoided}, "CANCELLED"},
      {{"AUTHORIZED", Step::kExpired}, "AUTH_EXPIRED"},
      {{"AUTH_EXPIRED", Step::kAuthorized}, "AUTHORIZED"},
      {{"AUTH_EXPIRED", Step::kRestAuthorized}, "PARTIALLY_CAPTURED"},
      {{"AUTH_EXPIRED", Step::kDeclined}, "AUTH_EXPIRED"},
      {{"AUTH_EXPIRED", Step::kRefundedPart}, "AUTH_EXPIRED"},
      {{"AUTH_EXPIRED", Step::kRefundedAll}, "REFUNDED"},
      {{"AUTH_EXPIRED", Step::kVoided}, "CANCELLED"},
      {{"AUTH_EXPIRED", Step::kCapturedAll}, "SETTLED"},
      {{"PARTIALLY_CAPTURED", Step::kCapturedPart}, "PARTIALLY_CAPTURED"},
      {{"PARTIALLY_CAPTURED", Step::kCapturedAll}, "SETTLED"},
      {{"PARTIALLY_CAPTURED", Step::kExpired}, "AUTH_EXPIRED"},
      {{"PARTIALLY_CAPTURED", Step::kRefundedPart}, "PARTIALLY_CAPTURED"},
      {{"SETTLED", Step::kRefundedPart}, "SETTLED"},
      {{"SETTLED", Step::kRefundedAll}, "REFUNDED"},
  };
  return named;
}

TEST_CASE("payment table: every transition there is, and no other", "[domain][payment]") {
  std::size_t found = 0;
  for (std::size_t from = 0; from < kPaymentStatuses; ++from) {
    for (std::size_t by = 0; by < kPaymentSteps; ++by) {
      const auto step = static_cast<Step>(by);
      CAPTURE(name_of(status_at(from)), by);
      const auto to = status_after(status_at(from), step);
      const auto named = transitions().find({name_of(status_at(from)), step});
      REQUIRE(to.has_value() == (named != transitions().end()));
      if (!to) continue;
      CHECK(name_of(*to) == named->second);
      ++found;
    }
  }
  CHECK(found == transitions().size());
}

/// Columns: authorise, capture 10.00, void, refund 10.00, expire. "" is allowed.
using Row = std::array<std::string, kPaymentCommands>;

const std::map<std::string_view, Row>& expected_table() {
  static const std::string no_auth = "not_authorized";
  static const std::string nothing = "nothing_captured";
  static const std::string expired = "authorization_expired";
  static const std::string had = "already_authorized";
  static const std::string over = "payment_settled";
  static const std::string back = "payment_refunded";
  static const std::string gone = "payment_cancelled";
  static const std::string no = "payment_declined";
  static const std::map<std::string_view, Row> table{
      {"NOT_AUTH", {"", no_auth, "", nothing, no_auth}},
      {"OFFLINE_PENDING", {"", no_auth, "", nothing, no_auth}},
      {"AUTHORIZED", {had, "", "", nothing, ""}},
      {"AUTH_EXPIRED", {"", expired, "", "over_refund", expired}},
      {"PARTIALLY_CAPTURED", {had, "", "", "", ""}},
      {"SETTLED", {over, over, over, "", over}},
      {"REFUNDED", {back, back, back, back, back}},
      {"CANCELLED", {gone, gone, gone, gone, gone}},
      {"DECLINED", {no, no, no, no, no}},
  };
  return table;
}

TEST_CASE("payment table: every status with every command", "[domain][payment]") {
  const std::array<PaymentCommand, kPaymentCommands> commands{
      AuthorizePayment{}, capture(1'000), VoidPayment{}, refund(1'000),
      ExpireAuthorization{UtcTime{PaymentStory::kExpiresUs}}};
  for (std::size_t index = 0; index < kPaymentStatuses; ++index) {
    const Payment payment = story_in(status_at(index)).payment();
    REQUIRE(payment.status == status_at(index));
    for (std::size_t column = 0; column < kPaymentCommands; ++column) {
      CAPTURE(name_of(payment.status), column);
      REQUIRE(commands.at(column).index() == column);
      const auto decided = decide(payment, commands.at(column));
      const std::string& reason = expected_table().at(name_of(payment.status)).at(column);
      CHECK((decided ? std::string() : decided.error().reason) == reason);
      if (decided) continue;
      CHECK(decided.error().code == ErrorCode::kRejected);
      CHECK_FALSE(decided.error().message.empty());
    }
  }
}

TEST_CASE("payment table: while a question is open nothing is decided", "[domain][payment]") {
  for (const bool unknown : {false, true}) {
    PaymentStory story;
    story.ask(AuthorizePayment{});
    if (unknown) story.hear(PaymentOutcome::kUnknown, "");
    for (const PaymentCommand& command :
         {PaymentCommand(AuthorizePayment{}), PaymentCommand(capture(1)),
          PaymentCommand(VoidPayment{}), PaymentCommand(refund(1)),
          PaymentCommand(ExpireAuthorization{})}) {
      const auto decided = decide(story.payment(), command);
      REQUIRE_FALSE(decided);
      CHECK(decided.error().code == ErrorCode::kConflict);
      CHECK(decided.error().reason == "question_open");
    }
  }
}

TEST_CASE("payment: names of statuses, tenders, actions and outcomes", "[domain][payment]") {
  for (std::size_t index = 0; index < kPaymentStatuses; ++index) {
    CHECK(parse_payment_status(name_of(status_at(index))) == status_at(index));
  }
  CHECK_FALSE(parse_payment_status("PAID"));
  for (const char* const name : {"CARD", "GIFT_CARD", "STORE_CREDIT", "CASH"}) {
    CHECK(name_of(parse_tender(name).value()) == name);
  }
  CHECK_FALSE(parse_tender("card"));
  CHECK(name_of(static_cast<Tender>(9)).empty());
  CHECK(name_of(static_cast<PaymentAction>(9)).empty());
  CHECK(name_of(static_cast<PaymentOutcome>(9)).empty());
}

}  // namespace
}  // namespace cairn::domain::payment_table_test
