#include "core/domain/payment/payment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<Tender, std::string_view>, 4> kTenders = {{
    {Tender::kCard, "CARD"},
    {Tender::kGiftCard, "GIFT_CARD"},
    {Tender::kStoreCredit, "STORE_CREDIT"},
    {Tender::kCash, "CASH"},
}};

constexpr std::array<std::pair<PaymentAction, std::string_view>, 4> kActions = {{
    {PaymentAction::kAuthorize, "AUTHORIZE"},
    {PaymentAction::kCapture, "CAPTURE"},
    {PaymentAction::kVoid, "VOID"},
    {PaymentAction::kRefund, "REFUND"},
}};

constexpr std::array<std::pair<PaymentOutcome, std::string_view>, 5> kOutcomeNames = {{
    {PaymentOutcome::kDone, "DONE"},
    {PaymentOutcome::kDeclined, "DECLINED"},
    {PaymentOutcome::kExpired, "EXPIRED"},
    {PaymentOutcome::kRefused, "REFUSED"},
    {PaymentOutcome::kUnknown, "UNKNOWN"},
}};

constexpr std::array<std::pair<PaymentStatus, std::string_view>, kPaymentStatuses> kStatusNames = {{
    {PaymentStatus::kNotAuth, "NOT_AUTH"},
    {PaymentStatus::kOfflinePending, "OFFLINE_PENDING"},
    {PaymentStatus::kAuthorized, "AUTHORIZED"},
    {PaymentStatus::kAuthExpired, "AUTH_EXPIRED"},
    {PaymentStatus::kPartiallyCaptured, "PARTIALLY_CAPTURED"},
    {PaymentStatus::kSettled, "SETTLED"},
    {PaymentStatus::kRefunded, "REFUNDED"},
    {PaymentStatus::kCancelled, "CANCELLED"},
    {PaymentStatus::kDeclined, "DECLINED"},
}};

template <class Names, class Value>
std::string_view word_of(const Names& names, Value value) {
  const auto found = std::ranges::find(names, value, &Names::value_type::first);
  return found == names.end() ? std::string_view() : found->second;
}

void take(Payment& payment, PaymentStep step) {
  if (const auto status = status_after(payment.status, step)) payment.status = *status;
}

void hold(Payment& payment, const PaymentQuestion& question) {
  payment.authorized_minor =
      std::min(payment.opened.amount.minor, payment.captured_minor + question.asked.amount.minor);
  payment.authorization = question.answer->reference;
  payment.expires = question.answer->expires;
  take(payment,
       payment.captured_minor > 0 ? PaymentStep::kRestAuthorized : PaymentStep::kAuthorized);
}

void capture(Payment& payment, const PaymentAsked& asked) {
  const std::int64_t rest = payment.authorized_minor - payment.captured_minor;
  payment.captured_minor += std::clamp<std::int64_t>(asked.amount.minor, 0, rest);
  const bool all = asked.last || payment.captured_minor == payment.authorized_minor;
  take(payment, all ? PaymentStep::kCapturedAll : PaymentStep::kCapturedPart);
}

void refund(Payment& payment, const PaymentAsked& asked) {
  const std::int64_t rest = payment.captured_minor - payment.refunded_minor;
  payment.refunded_minor += std::clamp<std::int64_t>(asked.amount.minor, 0, rest);
  take(payment, PaymentStep::kRefundedPart);
}

/// Where nothing more will be taken, a payment that was given back whole is over.
void end_if_refunded(Payment& payment) {
  if (payment.captured_minor > 0 && payment.refunded_minor == payment.captured_minor) {
    take(payment, PaymentStep::kRefundedAll);
  }
}

void happened(Payment& payment, const PaymentQuestion& question) {
  switch (question.asked.action) {
    case PaymentAction::kAuthorize:
      hold(payment, question);
      break;
    case PaymentAction::kCapture:
      capture(payment, question.asked);
      break;
    case PaymentAction::kVoid:
      // What was taken stays taken; it was all there will be.
      take(payment, payment.captured_minor > 0 ? PaymentStep::kCapturedAll : PaymentStep::kVoided);
      break;
    case PaymentAction::kRefund:
      refund(payment, question.asked);
      break;
  }
  const bool over = payment.status == PaymentStatus::kSettled;
  if (over || payment.status == PaymentStatus::kAuthExpired) end_if_refunded(payment);
  if (over || payment.status == PaymentStatus::kCancelled) payment.expires.reset();
}

void expire(Payment& payment) {
  take(payment, PaymentStep::kExpired);
  if (payment.status == PaymentStatus::kAuthExpired) payment.expires.reset();
}

void apply(std::optional<Payment>& payment, const Envelope& meta, const PaymentOpened& e) {
  if (payment) return;
  Payment fresh;
  fresh.opened = e;
  fresh.opened_at = meta.hlc.utc();
  if (e.offline) fresh.status = PaymentStatus::kOfflinePending;
  payment = std::move(fresh);
}

void apply(std::optional<Payment>& payment, const Envelope& meta, const PaymentAsked& e) {
  if (!payment || payment->open_question() != nullptr) return;
  payment->questions.push_back({e, meta.hlc.utc(), {}, {}, 0});
}

void apply(std::optional<Payment>& payment, const Envelope& meta, const PaymentAnswered& e) {
  if (!payment || payment->questions.empty()) return;
  PaymentQuestion& question = payment->questions.back();
  if (question.asked.no != e.no || !question.open()) return;
  question.answer = e;
  question.answered_at = meta.hlc.utc();
  if (e.outcome == PaymentOutcome::kUnknown) ++question.unknown;
  if (e.outcome == PaymentOutcome::kDone) happened(*payment, question);
  if (e.outcome == PaymentOutcome::kExpired) expire(*payment);
  if (e.outcome == PaymentOutcome::kDeclined &&
      question.asked.action == PaymentAction::kAuthorize) {
    take(*payment, PaymentStep::kDeclined);
  }
}

void apply(std::optional<Payment>& payment, const Envelope&, const AuthorizationExpired&) {
  if (payment) expire(*payment);
}

}  // namespace

std::string_view name_of(Tender tender) { return word_of(kTenders, tender); }
std::string_view name_of(PaymentAction action) { return word_of(kActions, action); }
std::string_view name_of(PaymentOutcome outcome) { return word_of(kOutcomeNames, outcome); }
std::string_view name_of(PaymentStatus status) { return word_of(kStatusNames, status); }

Result<Tender> parse_tender(std::string_view text) {
  for (const auto& [value, name] : kTenders) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_tender",
              "a tender is CARD, GIFT_CARD, STORE_CREDIT or CASH");
}

Result<PaymentStatus> parse_payment_status(std::string_view text) {
  std::string known;
  for (const auto& [value, name] : kStatusNames) {
    if (name == text) return value;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name);
  }
  return fail(ErrorCode::kInvalid, "bad_status",
              fmt::format("a payment's status is one of {}", known));
}

const PaymentQuestion* Payment::open_question() const {
  return questions.empty() || !questions.back().open() ? nullptr : &questions.back();
}

std::int64_t Payment::held_minor() const {
  const bool held =
      status == PaymentStatus::kAuthorized || status == PaymentStatus::kPartiallyCaptured;
  return held ? authorized_minor - captured_minor : 0;
}

std::optional<Payment> evolve(std::optional<Payment> payment,
                              const Recorded<PaymentEvent>& recorded) {
  std::visit([&payment, &recorded](const auto& e) { apply(payment, recorded.meta, e); },
             recorded.event);
  return payment;
}

std::string idempotency_key(const Payment& payment, const PaymentQuestion& question) {
  const PaymentAsked& asked = question.asked;
  const auto tries = std::ranges::count_if(payment.questions, [&asked](const auto& each) {
    return each.asked.action == asked.action && each.asked.group == asked.group &&
           each.asked.no <= asked.no;
  });
  const std::string group =
      asked.group.value().is_nil() ? std::string() : asked.group.value().text() + "-";
  return fmt::format("{}-{}-{}{}", payment.opened.payment.value().text(), name_of(asked.action),
                     group, tries);
}

}  // namespace cairn::domain
