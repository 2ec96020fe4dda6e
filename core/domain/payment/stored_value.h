#pragma once
// Stored value: what a gift card or a customer's store credit is worth. The merchant owes it, so it
// is a ledger: every entry says why, and the balance is the sum of the entries. A site that has to
// take it without a network is given some of it in escrow beforehand: as much as it can then spend
// is not there for anybody else, so that the balance is never below zero, whoever is offline. What
// it did not spend comes back when it says so, and not before.
//
// Merge rule: single writer, the hub.

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/time.h"
#include "core/domain/envelope.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class StoredValueKind : std::uint8_t { kGiftCard = 1, kStoreCredit = 2 };
/// "GIFT_CARD", "STORE_CREDIT"; empty for a number that is neither.
std::string_view name_of(StoredValueKind kind);
/// Errors: kInvalid "bad_kind".
Result<StoredValueKind> parse_stored_value_kind(std::string_view text);

/// Why it is worth more. Numbers are stored: never reused.
enum class CreditReason : std::uint8_t {
  kIssue = 1,    ///< it was sold or given
  kTopUp = 2,    ///< more was paid onto it
  kRefund = 3,   ///< money for goods that came back, or were paid by it
  kRelease = 4,  ///< held for a payment, and not taken
};
/// "ISSUE", "TOP_UP", "REFUND", "RELEASE"; empty for a number that is none of them.
std::string_view name_of(CreditReason reason);
/// Errors: kInvalid "bad_reason".
Result<CreditReason> parse_credit_reason(std::string_view text);

struct StoredValueOpened {
  static constexpr std::uint32_t kTypeId = 140;
  StoredValueId id;
  StoredValueKind kind = StoredValueKind::kGiftCard;
  Currency currency;
  std::string holder;  ///< a customer's reference, never a name; may be empty; 64 octets at most
  std::string hint;    ///< the end of a card's code, for people: 4 characters at most
  friend bool operator==(const StoredValueOpened&, const StoredValueOpened&) = default;
};

struct StoredValueCredited {
  static constexpr std::uint32_t kTypeId = 141;
  Money amount;
  CreditReason reason = CreditReason::kIssue;
  PaymentId payment;     ///< whose money it was; nil: no payment's
  std::uint32_t no = 0;  ///< the payment's question; 0: none
  friend bool operator==(const StoredValueCredited&, const StoredValueCredited&) = default;
};

/// It was redeemed.
struct StoredValueDebited {
  static constexpr std::uint32_t kTypeId = 142;
  Money amount;
  PaymentId payment;
  std::uint32_t no = 0;  ///< the payment's question
  friend bool operator==(const StoredValueDebited&, const StoredValueDebited&) = default;
};

/// The site can spend so much of it without asking.
struct EscrowGranted {
  static constexpr std::uint32_t kTypeId = 143;
  std::uint32_t no = 0;  ///< of this ledger's, from 1
  SiteId site;
  Money amount;
  friend bool operator==(const EscrowGranted&, const EscrowGranted&) = default;
};

/// The site spends no more of it. What it did not spend is there for everybody again.
struct EscrowClosed {
  static constexpr std::uint32_t kTypeId = 144;
  std::uint32_t no = 0;
  Money spent;
  friend bool operator==(const EscrowClosed&, const EscrowClosed&) = default;
};

using StoredValueEvent = std::variant<StoredValueOpened, StoredValueCredited, StoredValueDebited,
                                      EscrowGranted, EscrowClosed>;

// ---- state ----

struct Escrow {
  EscrowGranted granted;
  std::optional<std::int64_t> spent_minor;  ///< nothing: it is still with the site
  friend bool operator==(const Escrow&, const Escrow&) = default;
};

/// Invariant: 0 <= balance <= kMaxMinor.
struct StoredValue {
  StoredValueOpened opened;
  std::int64_t balance_minor = 0;  ///< what can be spent here; what is in escrow is not
  std::vector<Escrow> escrows;     ///< by number

  /// Minor units that sites may spend.
  [[nodiscard]] std::int64_t in_escrow_minor() const;
  [[nodiscard]] Money money(std::int64_t minor) const { return {minor, opened.currency}; }
  friend bool operator==(const StoredValue&, const StoredValue&) = default;
};

/// Nothing before StoredValueOpened. Total: an event that does not fit changes nothing.
std::optional<StoredValue> evolve(std::optional<StoredValue> value, const StoredValueEvent& event);

// ---- commands ----

struct OpenStoredValue {
  StoredValueOpened value;
};
/// Errors: kInvalid "bad_stored_value".
Result<StoredValueOpened> decide(const OpenStoredValue& command);

struct CreditStoredValue {
  StoredValueCredited credit;
};
struct RedeemStoredValue {
  StoredValueDebited debit;
};
struct GrantEscrow {
  SiteId site;
  Money amount;
};
struct CloseEscrow {
  std::uint32_t no = 0;
  Money spent;  ///< 0 to what was granted
};

using StoredValueCommand =
    std::variant<CreditStoredValue, RedeemStoredValue, GrantEscrow, CloseEscrow>;

/// Errors: kInvalid "bad_amount", "currency_mismatch", "bad_site"; kNotFound "no_such_escrow";
/// kRejected "insufficient_balance" (nothing was changed), "balance_too_large", "over_escrow",
/// "escrow_closed".
Result<StoredValueEvent> decide(const StoredValue& value, const StoredValueCommand& command);

}  // namespace cairn::domain
