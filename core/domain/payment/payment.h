#pragma once
// Payment: one tender of one order, from its authorisation to the last refund. An order that is
// paid in parts has one payment for each. Whoever holds the money (a provider, a gift card, a
// till) is asked by an intention that is written before the question and its outcome after the
// answer. A crash between the two leaves a question whose outcome is unknown: it is put again
// under the same number, so that nothing is taken twice and nothing is forgotten.
//
// No card number is ever in here: a card is a token of the provider (PCI DSS 3, requirement 3.4).
//
// Merge rule: single writer, the hub.

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/time.h"
#include "core/domain/envelope.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class Tender : std::uint8_t {
  kCard = 1,         ///< by a provider that is asked over the network
  kGiftCard = 2,     ///< the hub holds the money (stored_value.h)
  kStoreCredit = 3,  ///< the hub holds the money
  kCash = 4,         ///< into a till
};
/// "CARD", "GIFT_CARD", "STORE_CREDIT", "CASH"; empty for a number that is none of them.
std::string_view name_of(Tender tender);
/// Errors: kInvalid "bad_tender".
Result<Tender> parse_tender(std::string_view text);

/// What is asked. Numbers are stored: never reused.
enum class PaymentAction : std::uint8_t {
  kAuthorize = 1,  ///< hold the amount; again after the authorisation expired
  kCapture = 2,    ///< take some of what is held
  kVoid = 3,       ///< give up what is held and not taken
  kRefund = 4,     ///< give back some of what was taken
};
/// "AUTHORIZE", "CAPTURE", "VOID", "REFUND"; empty for a number that is none of them.
std::string_view name_of(PaymentAction action);

/// What became of a question. Numbers are stored: never reused.
enum class PaymentOutcome : std::uint8_t {
  kDone = 1,
  kDeclined = 2,  ///< the holder of the money says no; nothing was moved
  kExpired = 3,   ///< the authorisation is not good any more; nothing was moved
  kRefused = 4,   ///< the question itself was not understood or not allowed; nothing was moved
  kUnknown = 5,   ///< no answer: it may have been done, and has to be asked again
};
/// "DONE", "DECLINED", "EXPIRED", "REFUSED", "UNKNOWN"; empty for a number that is none of them.
std::string_view name_of(PaymentOutcome outcome);

inline constexpr std::size_t kTokenMost = 128;      ///< octets of a token
inline constexpr std::size_t kReferenceMost = 128;  ///< octets of a provider's reference
inline constexpr std::size_t kDetailMost = 200;     ///< octets of a reason or a detail

struct PaymentOpened {
  static constexpr std::uint32_t kTypeId = 120;
  PaymentId payment;
  OrderId order;
  Tender tender = Tender::kCard;
  Money amount;          ///< > 0, kMaxMinor at most
  std::string token;     ///< kCard: the provider's; stored value: its id; kCash: empty
  bool offline = false;  ///< a site let it pass while the provider could not be asked
  friend bool operator==(const PaymentOpened&, const PaymentOpened&) = default;
};

/// The intention: from now on it may have been done.
struct PaymentAsked {
  static constexpr std::uint32_t kTypeId = 121;
  std::uint32_t no = 0;  ///< of this payment's questions, from 1
  PaymentAction action = PaymentAction::kAuthorize;
  Money amount;
  ShipGroupId group;  ///< kCapture: what left; nil: none
  bool last = false;  ///< kCapture: nothing is taken after it, the rest of what is held is given up
  std::string reason;           ///< kRefund: why
  std::string authorization{};  ///< all but kAuthorize: the provider's reference to what it holds
  std::string capture{};        ///< kRefund: the provider's reference to what it took
  std::int64_t rest_minor = 0;  ///< kRefund: so much more is to be given back of later captures
  friend bool operator==(const PaymentAsked&, const PaymentAsked&) = default;
};

/// What became of it. kUnknown leaves the question open.
struct PaymentAnswered {
  static constexpr std::uint32_t kTypeId = 122;
  std::uint32_t no = 0;
  PaymentOutcome outcome = PaymentOutcome::kUnknown;
  std::string reference;             ///< the provider's, of what it did; may be empty
  std::string detail;                ///< why not, in the provider's word; may be empty
  std::optional<UtcTime> expires{};  ///< kAuthorize: until then it is held; nothing: for ever
  friend bool operator==(const PaymentAnswered&, const PaymentAnswered&) = default;
};

/// What was held and not taken is free again: the time the provider gave is over.
struct AuthorizationExpired {
  static constexpr std::uint32_t kTypeId = 123;
  friend bool operator==(const AuthorizationExpired&, const AuthorizationExpired&) = default;
};

using PaymentEvent =
    std::variant<PaymentOpened, PaymentAsked, PaymentAnswered, AuthorizationExpired>;

// ---- state ----

enum class PaymentStatus : std::uint8_t {
  kNotAuth,            ///< nothing is held
  kOfflinePending,     ///< let pass without the provider: it has still to be asked
  kAuthorized,         ///< all of it is held
  kAuthExpired,        ///< what was held and not taken is free again
  kPartiallyCaptured,  ///< some was taken, the rest is held
  kSettled,            ///< nothing more will be taken
  kRefunded,           ///< all that was taken was given back
  kCancelled,          ///< nothing was taken and nothing is held
  kDeclined,
};
inline constexpr std::size_t kPaymentStatuses = 9;
/// "NOT_AUTH", "OFFLINE_PENDING", "AUTHORIZED", ... as on screens.
std::string_view name_of(PaymentStatus status);
/// Errors: kInvalid "bad_status" with the known ones.
Result<PaymentStatus> parse_payment_status(std::string_view text);

/// What moves a payment from one status to another.
enum class PaymentStep : std::uint8_t {
  kAuthorized,      ///< all of it is held
  kRestAuthorized,  ///< after something was taken: the rest is held again
  kDeclined,
  kCapturedPart,
  kCapturedAll,  ///< all that was held, or the last of it
  kVoided,
  kExpired,
  kRefundedPart,
  kRefundedAll,
};
inline constexpr std::size_t kPaymentSteps = 9;

/// THE table of transitions. Nothing: there is no such step from there.
std::optional<PaymentStatus> status_after(PaymentStatus from, PaymentStep step);

/// One question and what became of it.
struct PaymentQuestion {
  PaymentAsked asked;
  UtcTime asked_at;
  std::optional<PaymentAnswered> answer;  ///< the last one
  std::optional<UtcTime> answered_at;
  std::uint32_t unknown = 0;  ///< how often nobody knew what became of it

  /// It may have been done, and nobody knows.
  [[nodiscard]] bool open() const { return !answer || answer->outcome == PaymentOutcome::kUnknown; }
  [[nodiscard]] bool done() const { return answer && answer->outcome == PaymentOutcome::kDone; }
  friend bool operator==(const PaymentQuestion&, const PaymentQuestion&) = default;
};

/// Invariants: refunded <= captured <= authorized <= amount, all of them in minor units of the
/// amount's currency; only the last question may be open.
struct Payment {
  PaymentOpened opened;
  UtcTime opened_at;
  PaymentStatus status = PaymentStatus::kNotAuth;
  std::int64_t authorized_minor = 0;  ///< held once, whether it was taken, given up or is held
  std::int64_t captured_minor = 0;
  std::int64_t refunded_minor = 0;
  std::string authorization;       ///< the provider's reference to what is held
  std::optional<UtcTime> expires;  ///< of what is held; nothing: never, or nothing is held
  std::vector<PaymentQuestion> questions;

  [[nodiscard]] Money money(std::int64_t minor) const { return {minor, opened.amount.currency}; }
  /// Null: every question has its answer.
  [[nodiscard]] const PaymentQuestion* open_question() const;
  /// Minor units that are held and can still be taken.
  [[nodiscard]] std::int64_t held_minor() const;
  friend bool operator==(const Payment&, const Payment&) = default;
};

/// Nothing before PaymentOpened. Total: an event that does not fit changes nothing.
std::optional<Payment> evolve(std::optional<Payment> payment,
                              const Recorded<PaymentEvent>& recorded);

/// Under which a question of the payment is put to the provider, however often, at most 128
/// printable characters: "<payment>-CAPTURE-<ship group>-1", the last being which try of this
/// action for this ship group it is. It follows from what is meant and not from the number, so that
/// a hub that was put back from a backup does not use it for anything else.
std::string idempotency_key(const Payment& payment, const PaymentQuestion& question);

}  // namespace cairn::domain
