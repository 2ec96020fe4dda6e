// What holds of every history of a payment, and of everything that is decided on it.

#include "core/domain/payment/payment_decide.h"
#include "tests/core/domain/support/payments.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <tuple>
#include <vector>

namespace cairn::domain::payment_properties_test {
namespace {

using namespace test;
using cairn::test::gbp;
using cairn::test::holds;
using cairn::test::ship_group_id;

/// Kind of event, which question, outcome or flag, amount.
using Raw = std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint16_t>>;

PaymentEvent any_event(const Raw::value_type& raw) {
  const auto& [kind, which, what, amount] = raw;
  const std::uint32_t no = which % 6U;
  switch (kind % 6U) {
    case 0:
    case 1:
      return PaymentAsked{no,
                          static_cast<PaymentAction>(1 + what % 4),
                          gbp(amount % 12'000),
                          ship_group_id(which),
                          what >= 200,
                          ""};
    case 2:
    case 3:
    case 4:
      return PaymentAnswered{no, static_cast<PaymentOutcome>(1 + what % 5), "r", "", {}};
    default:
      return AuthorizationExpired{};
  }
}

/// Panics where money could come from nothing.
void check_sums(const Payment& payment) {
  RC_ASSERT(payment.refunded_minor >= 0);
  RC_ASSERT(payment.refunded_minor <= payment.captured_minor);
  RC_ASSERT(payment.captured_minor <= payment.authorized_minor);
  RC_ASSERT(payment.authorized_minor <= payment.opened.amount.minor);
  RC_ASSERT(payment.held_minor() >= 0);
  for (std::size_t at = 0; at + 1 < payment.questions.size(); ++at) {
    RC_ASSERT(!payment.questions[at].open());
  }
}

TEST_CASE("any payment: captures never exceed what was held, refunds never exceed captures",
          "[domain][payment][property]") {
  CHECK(holds("sums of any history, sensible or not", [](const Raw& raw) {
    PaymentStory story;
    for (const auto& each : raw) {
      story.tell(any_event(each));
      check_sums(story.payment());
    }
  }));
}

PaymentCommand any_command(const Raw::value_type& raw) {
  const auto& [kind, which, what, amount] = raw;
  switch (kind % 8U) {
    case 0:
      return AuthorizePayment{};
    case 1:
      return VoidPayment{};
    case 2:
      return ExpireAuthorization{UtcTime{PaymentStory::kExpiresUs}};
    case 3:
    case 4:
      return refund(amount % 5'000);
    default:
      return capture(amount % 5'000, ship_group_id(which % 4U), what % 16U == 0);
  }
}

TEST_CASE("any payment: what was decided and done moves exactly so much, to the cent",
          "[domain][payment][property]") {
  CHECK(holds("the sums are those of the questions that were done", [](const Raw& raw) {
    PaymentStory story;
    std::int64_t captured = 0;
    std::int64_t refunded = 0;
    for (const auto& each : raw) {
      if (story.payment().open_question() == nullptr) {
        const auto decided = decide(story.payment(), any_command(each));
        RC_CLASSIFY(decided.has_value(), "allowed");
        if (decided) story.tell(*decided);
        continue;
      }
      const auto outcome = static_cast<PaymentOutcome>(1 + std::get<2>(each) % 5);
      const PaymentAsked asked = story.payment().open_question()->asked;
      const PaymentStatus before = story.payment().status;
      story.hear(outcome);
      if (outcome != PaymentOutcome::kDone) {
        RC_ASSERT(story.payment().captured_minor == captured);
        RC_ASSERT(story.payment().refunded_minor == refunded);
        if (outcome == PaymentOutcome::kUnknown) RC_ASSERT(story.payment().status == before);
        continue;
      }
      if (asked.action == PaymentAction::kCapture) captured += asked.amount.minor;
      if (asked.action == PaymentAction::kRefund) refunded += asked.amount.minor;
      RC_ASSERT(story.payment().captured_minor == captured);
      RC_ASSERT(story.payment().refunded_minor == refunded);
      check_sums(story.payment());
    }
  }));
}

}  // namespace
}  // namespace cairn::domain::payment_properties_test
