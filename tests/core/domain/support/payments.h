#pragma once
// What happened to one payment of 100.00 GBP, event by event.

#include "core/domain/payment/payment_decide.h"
#include "tests/core/base/support/names.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace cairn::domain::test {

inline PaymentId payment_id(std::uint8_t n) { return PaymentId(cairn::test::uuid(n)); }

inline PaymentOpened opened(std::int64_t minor = 10'000) {
  return {payment_id(0x90), cairn::test::order_id(0x70),
          Tender::kCard,    cairn::test::gbp(minor),
          "tok_visa",       false};
}

class PaymentStory {
 public:
  explicit PaymentStory(const PaymentOpened& first = opened()) { tell(first); }

  PaymentStory& tell(PaymentEvent event) {
    const EventRef ref{cairn::test::node(0xF0), Incarnation(1), ++last_seq_};
    payment_ =
        evolve(std::move(payment_),
               {{ref, Hlc{last_seq_ << 26U}, cairn::test::user(0x51), {}}, std::move(event)});
    return *this;
  }
  /// Decides, and records what was decided. A refusal throws.
  PaymentStory& ask(const PaymentCommand& command) {
    return tell(decide(payment(), command).value());
  }
  PaymentStory& hear(PaymentOutcome outcome, std::string reference = "ref-1") {
    PaymentAnswered answer{payment().questions.back().asked.no, outcome, std::move(reference), "",
                           std::nullopt};
    if (payment().questions.back().asked.action == PaymentAction::kAuthorize) {
      answer.expires = UtcTime{kExpiresUs};
    }
    return tell(decide(payment(), AnswerQuestion{std::move(answer)}).value());
  }
  PaymentStory& done(const PaymentCommand& command) {
    return ask(command).hear(PaymentOutcome::kDone);
  }
  PaymentStory& expire() { return ask(ExpireAuthorization{UtcTime{kExpiresUs}}); }

  [[nodiscard]] const Payment& payment() const {
    if (!payment_) throw std::logic_error("not opened");
    return *payment_;
  }

  static constexpr std::int64_t kExpiresUs = 1'800'000'000'000'000;

 private:
  std::uint64_t last_seq_ = 0;
  std::optional<Payment> payment_;
};

inline CapturePayment capture(std::int64_t minor, ShipGroupId group = {}, bool last = false) {
  return {cairn::test::gbp(minor), group, last, false};
}
inline RefundPayment refund(std::int64_t minor) { return {cairn::test::gbp(minor), "came back"}; }

/// A payment that came to the status by the shortest way.
inline PaymentStory story_in(PaymentStatus status) {
  PaymentOpened first = opened();
  first.offline = status == PaymentStatus::kOfflinePending;
  PaymentStory story(first);
  switch (status) {
    case PaymentStatus::kNotAuth:
    case PaymentStatus::kOfflinePending:
      break;
    case PaymentStatus::kAuthorized:
      story.done(AuthorizePayment{});
      break;
    case PaymentStatus::kAuthExpired:
      story.done(AuthorizePayment{}).expire();
      break;
    case PaymentStatus::kPartiallyCaptured:
      story.done(AuthorizePayment{}).done(capture(4'000));
      break;
    case PaymentStatus::kSettled:
      story.done(AuthorizePayment{}).done(capture(10'000));
      break;
    case PaymentStatus::kRefunded:
      story.done(AuthorizePayment{}).done(capture(10'000)).done(refund(10'000));
      break;
    case PaymentStatus::kCancelled:
      story.done(AuthorizePayment{}).done(VoidPayment{});
      break;
    case PaymentStatus::kDeclined:
      story.ask(AuthorizePayment{}).hear(PaymentOutcome::kDeclined);
      break;
  }
  return story;
}

}  // namespace cairn::domain::test
