#pragma once
// Commands on a payment, checked against the table and then the rules of money. Pure: the same
// question gets the same answer. What is decided is an intention; whoever holds the money is asked
// when it is on the disk.

#include "core/domain/payment/payment.h"

#include <array>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::domain {

struct OpenPayment {
  PaymentOpened payment;
};
/// Errors: kInvalid "bad_amount", "bad_token" (too long, or it looks like a card's number, or there
/// is one where there must be none).
Result<PaymentOpened> decide(const OpenPayment& command);

/// Hold the amount, or what is left of it after the authorisation expired.
struct AuthorizePayment {};
/// Take some of what is held, once for each ship group.
struct CapturePayment {
  Money amount;
  ShipGroupId group;  ///< nil: for none
  bool last = false;
  bool more = false;  ///< for a group for which some was taken: the amount is what is missing
};
/// Give up what is held and was not taken.
struct VoidPayment {};
/// Of the oldest capture that was not given back whole. What it does not cover is the question's
/// rest: to be asked for when this part was done.
struct RefundPayment {
  Money amount;
  std::string reason;  ///< at most kDetailMost octets of UTF-8
};
/// The time of the authorisation is over.
struct ExpireAuthorization {
  UtcTime now;
};

using PaymentCommand =
    std::variant<AuthorizePayment, CapturePayment, VoidPayment, RefundPayment, ExpireAuthorization>;
inline constexpr std::size_t kPaymentCommands = std::variant_size_v<PaymentCommand>;

/// THE table: by status, then by command (index in PaymentCommand), the reason of the refusal;
/// empty: allowed, if the rules agree.
using PaymentTable = std::array<std::array<std::string_view, kPaymentCommands>, kPaymentStatuses>;
const PaymentTable& payment_table();

/// Errors, beside the reasons of the table (kRejected): kConflict "question_open" (the outcome of
/// the one before is not known yet: nothing is decided until it is); kInvalid "bad_amount",
/// "bad_reason", "currency_mismatch"; kRejected "over_capture", "over_refund", "already_captured"
/// (for this ship group), "not_expired".
Result<PaymentEvent> decide(const Payment& payment, const PaymentCommand& command);

struct AnswerQuestion {
  PaymentAnswered answer;
};
/// A time that no record can hold (core/base/hlc.h: beyond the year 6429) is never; one before 1970
/// is 1970. Errors: kConflict "not_asked" (there is no such open question); kInvalid "bad_answer".
Result<PaymentAnswered> decide(const Payment& payment, const AnswerQuestion& command);

/// Whether `text` could be the number of a payment card: 12 to 19 digits, blanks and dashes between
/// them left out, whose check digit is right (ISO/IEC 7812-1, annex B).
bool looks_like_card_number(std::string_view text);

}  // namespace cairn::domain
