#include "core/domain/payment/payment_decide.h"

#include "core/base/stamp_range.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cairn::domain {
namespace {

/// Sentences for the reasons of the table.
std::string refused(const Payment& payment) {
  return fmt::format("the payment is {}, {} of {} are held, {} taken, {} given back",
                     name_of(payment.status), payment.held_minor(), payment.opened.amount.text(),
                     payment.captured_minor, payment.refunded_minor);
}

Result<> check_amount(const Money& amount) {
  if (amount.minor > 0 && amount.minor <= kMaxMinor) return {};
  return fail(ErrorCode::kInvalid, "bad_amount",
              fmt::format("an amount is more than nothing and at most {} minor units", kMaxMinor));
}

Result<> check_amount_of(const Payment& payment, const Money& amount) {
  if (auto ok = check_amount(amount); !ok) return ok;
  if (amount.currency == payment.opened.amount.currency) return {};
  return fail(ErrorCode::kInvalid, "currency_mismatch",
              fmt::format("the payment is in {}", payment.opened.amount.currency.text()));
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// A stamp can hold it.
PaymentAsked question(const Payment& payment, PaymentAction action, std::int64_t minor) {
  const std::uint32_t before = payment.questions.empty() ? 0 : payment.questions.back().asked.no;
  PaymentAsked asked{before + 1, action, payment.money(minor), {}, false, {}};
  if (action != PaymentAction::kAuthorize) asked.authorization = payment.authorization;
  return asked;
}

/// What can still be given back of what the provider knows as one capture.
struct Refundable {
  std::string authorization;
  std::string capture;
  std::int64_t minor = 0;
};

/// In the order in which it was taken. Where nobody gives references (cash, gift cards), all of it
/// is one.
std::vector<Refundable> refundable(const Payment& payment) {
  std::vector<Refundable> all;
  for (const PaymentQuestion& each : payment.questions) {
    const bool capture = each.asked.action == PaymentAction::kCapture;
    if (!each.done() || (!capture && each.asked.action != PaymentAction::kRefund)) continue;
    const std::string& reference = capture ? each.answer->reference : each.asked.capture;
    auto found = std::ranges::find_if(all, [&](const Refundable& one) {
      return one.authorization == each.asked.authorization && one.capture == reference;
    });
    if (found == all.end()) {
      found = all.insert(all.end(), {each.asked.authorization, reference, 0});
    }
    found->minor += capture ? each.asked.amount.minor : -each.asked.amount.minor;
  }
  std::erase_if(all, [](const Refundable& one) { return one.minor <= 0; });
  return all;
}

Result<PaymentEvent> decide_one(const Payment& payment, const AuthorizePayment&) {
  return question(payment, PaymentAction::kAuthorize,
                  payment.opened.amount.minor - payment.captured_minor);
}

Result<PaymentEvent> decide_one(const Payment& payment, const CapturePayment& command) {
  if (auto ok = check_amount_of(payment, command.amount); !ok) return fail(ok.error());
  const auto captured = [&command](const PaymentQuestion& each) {
    return each.done() && each.asked.action == PaymentAction::kCapture &&
           each.asked.group == command.group;
  };
  const bool once = command.group != ShipGroupId{} && !command.more;
  if (once && std::ranges::any_of(payment.questions, captured)) {
    return fail(ErrorCode::kRejected, "already_captured",
                "the money for this ship group was taken before; nothing was changed");
  }
  if (command.amount.minor > payment.held_minor()) {
    return fail(ErrorCode::kRejected, "over_capture",
                fmt::format("{} cannot be taken: {} are held", command.amount.text(),
                            payment.money(payment.held_minor()).text()));
  }
  PaymentAsked asked = question(payment, PaymentAction::kCapture, command.amount.minor);
  asked.group = command.group;
  asked.last = command.last;
  return asked;
}

Result<PaymentEvent> decide_one(const Payment& payment, const VoidPayment&) {
  return question(payment, PaymentAction::kVoid, payment.held_minor());
}

Result<PaymentEvent> decide_one(const Payment& payment, const RefundPayment& command) {
  if (auto ok = check_amount_of(payment, command.amount); !ok) return fail(ok.error());
  if (command.reason.size() > kDetailMost || !is_utf8(command.reason)) {
    return fail(ErrorCode::kInvalid, "bad_reason",
                fmt::format("the reason has at most {} octets of UTF-8", kDetailMost));
  }
  const std::int64_t left = payment.captured_minor - payment.refunded_minor;
  if (command.amount.minor > left) {
    return fail(ErrorCode::kRejected, "over_refund",
                fmt::format("{} cannot be given back: of what was taken {} are left",
                            command.amount.text(), payment.money(left).text()));
  }
  const auto captures = refundable(payment);
  if (captures.empty()) {
    return fail(ErrorCode::kRejected, "over_refund",
                "there is no capture of which it could be given back; nothing was changed");
  }
  const Refundable& first = captures.front();
  const std::int64_t part = std::min(command.amount.minor, first.minor);
  PaymentAsked asked = question(payment, PaymentAction::kRefund, part);
  asked.reason = command.reason;
  asked.authorization = first.authorization;
  asked.capture = first.capture;
  asked.rest_minor = command.amount.minor - part;
  return asked;
}

Result<PaymentEvent> decide_one(const Payment& payment, const ExpireAuthorization& command) {
  if (payment.expires && *payment.expires <= command.now) return AuthorizationExpired{};
  return fail(ErrorCode::kRejected, "not_expired", "what is held is held for some time yet");
}

}  // namespace

bool looks_like_card_number(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9') return false;
    digits += c;
  }
  if (digits.size() < 12 || digits.size() > 19) return false;
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

Result<PaymentOpened> decide(const OpenPayment& command) {
  const PaymentOpened& payment = command.payment;
  if (auto ok = check_amount(payment.amount); !ok) return fail(ok.error());
  if (looks_like_card_number(payment.token)) {
    return fail(ErrorCode::kInvalid, "bad_token",
                "that may be the number of a card: it was kept nowhere. Send the token that the "
                "payment provider gives for it");
  }
  const bool cash = payment.tender == Tender::kCash;
  const bool stored = payment.tender == Tender::kGiftCard || payment.tender == Tender::kStoreCredit;
  if (stored && !Uuid::parse(payment.token)) {
    return fail(ErrorCode::kInvalid, "bad_token", "say by which gift card or store credit");
  }
  if (payment.token.empty() != cash) {
    return fail(ErrorCode::kInvalid, "bad_token",
                cash ? "cash has no token" : "say by which card or account it is paid");
  }
  if (payment.token.size() > kTokenMost || !is_printable(payment.token)) {
    return fail(ErrorCode::kInvalid, "bad_token",
                fmt::format("a token has 1 to {} printable characters without blanks", kTokenMost));
  }
  if (payment.offline && payment.tender != Tender::kCard) {
    return fail(ErrorCode::kInvalid, "bad_token", "only a card can be let pass offline");
  }
  return payment;
}

Result<PaymentEvent> decide(const Payment& payment, const PaymentCommand& command) {
  if (payment.open_question() != nullptr) {
    return fail(ErrorCode::kConflict, "question_open",
                "what was asked before has no certain answer yet; nothing was changed, look at the "
                "payment and try again");
  }
  const auto& row = payment_table().at(static_cast<std::size_t>(payment.status));
  const std::string_view refusal = row.at(command.index());
  if (!refusal.empty()) {
    return fail(ErrorCode::kRejected, std::string(refusal), refused(payment));
  }
  return std::visit([&payment](const auto& each) { return decide_one(payment, each); }, command);
}

Result<PaymentAnswered> decide(const Payment& payment, const AnswerQuestion& command) {
  const PaymentAnswered& answer = command.answer;
  const PaymentQuestion* const open = payment.open_question();
  if (open == nullptr || open->asked.no != answer.no) {
    return fail(ErrorCode::kConflict, "not_asked",
                fmt::format("there is no open question {} of this payment", answer.no));
  }
  if (answer.reference.size() > kReferenceMost || !is_printable(answer.reference) ||
      answer.detail.size() > kDetailMost || !is_utf8(answer.detail)) {
    return fail(ErrorCode::kInvalid, "bad_answer", "the provider's words are too long or no text");
  }
  PaymentAnswered bounded = answer;
  if (bounded.expires) bounded.expires->us = std::max<std::int64_t>(bounded.expires->us, 0);
  if (bounded.expires && !is_recordable(*bounded.expires)) bounded.expires.reset();
  return bounded;
}

}  // namespace cairn::domain
