#include "core/domain/payment/stored_value.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<StoredValueKind, std::string_view>, 2> kStoredKinds = {{
    {StoredValueKind::kGiftCard, "GIFT_CARD"},
    {StoredValueKind::kStoreCredit, "STORE_CREDIT"},
}};

constexpr std::array<std::pair<CreditReason, std::string_view>, 4> kCreditReasons = {{
    {CreditReason::kIssue, "ISSUE"},
    {CreditReason::kTopUp, "TOP_UP"},
    {CreditReason::kRefund, "REFUND"},
    {CreditReason::kRelease, "RELEASE"},
}};

void credit(StoredValue& value, std::int64_t minor) {
  value.balance_minor += std::clamp<std::int64_t>(minor, 0, kMaxMinor - value.balance_minor);
}

void debit(StoredValue& value, std::int64_t minor) {
  value.balance_minor -= std::clamp<std::int64_t>(minor, 0, value.balance_minor);
}

Escrow* find(StoredValue& value, std::uint32_t no) {
  const auto found =
      std::ranges::find(value.escrows, no, [](const Escrow& each) { return each.granted.no; });
  return found == value.escrows.end() ? nullptr : &*found;
}

void apply(std::optional<StoredValue>& value, const StoredValueOpened& e) {
  if (!value) value = StoredValue{e, 0, {}};
}

void apply(std::optional<StoredValue>& value, const StoredValueCredited& e) {
  if (value) credit(*value, e.amount.minor);
}

void apply(std::optional<StoredValue>& value, const StoredValueDebited& e) {
  if (value) debit(*value, e.amount.minor);
}

void apply(std::optional<StoredValue>& value, const EscrowGranted& e) {
  if (!value || e.amount.minor > value->balance_minor || find(*value, e.no) != nullptr) return;
  debit(*value, e.amount.minor);
  value->escrows.push_back({e, std::nullopt});
}

void apply(std::optional<StoredValue>& value, const EscrowClosed& e) {
  Escrow* const escrow = value ? find(*value, e.no) : nullptr;
  if (escrow == nullptr || escrow->spent_minor) return;
  escrow->spent_minor = std::clamp<std::int64_t>(e.spent.minor, 0, escrow->granted.amount.minor);
  credit(*value, escrow->granted.amount.minor - *escrow->spent_minor);
}

Result<> check_amount(const StoredValue& value, const Money& amount, std::int64_t least = 1) {
  if (amount.minor < least || amount.minor > kMaxMinor) {
    return fail(ErrorCode::kInvalid, "bad_amount",
                fmt::format("an amount is {} to {} minor units", least, kMaxMinor));
  }
  if (amount.currency == value.opened.currency) return {};
  return fail(ErrorCode::kInvalid, "currency_mismatch",
              fmt::format("this one is in {}", value.opened.currency.text()));
}

Result<> check_balance(const StoredValue& value, const Money& amount) {
  if (auto ok = check_amount(value, amount); !ok) return ok;
  if (amount.minor <= value.balance_minor) return {};
  return fail(ErrorCode::kRejected, "insufficient_balance",
              fmt::format("{} are wanted, {} are there; nothing was changed", amount.text(),
                          value.money(value.balance_minor).text()));
}

Result<StoredValueEvent> decide_one(const StoredValue& value, const CreditStoredValue& command) {
  const Money& amount = command.credit.amount;
  if (auto ok = check_amount(value, amount); !ok) return fail(ok.error());
  // What is in escrow may come back.
  if (amount.minor > kMaxMinor - value.balance_minor - value.in_escrow_minor()) {
    return fail(ErrorCode::kRejected, "balance_too_large",
                fmt::format("it would be worth more than {} minor units", kMaxMinor));
  }
  return command.credit;
}

Result<StoredValueEvent> decide_one(const StoredValue& value, const RedeemStoredValue& command) {
  if (auto ok = check_balance(value, command.debit.amount); !ok) return fail(ok.error());
  return command.debit;
}

Result<StoredValueEvent> decide_one(const StoredValue& value, const GrantEscrow& command) {
  if (command.site.empty()) {
    return fail(ErrorCode::kInvalid, "bad_site", "say which site may spend it");
  }
  if (auto ok = check_balance(value, command.amount); !ok) return fail(ok.error());
  const std::uint32_t before = value.escrows.empty() ? 0 : value.escrows.back().granted.no;
  return EscrowGranted{before + 1, command.site, command.amount};
}

Result<StoredValueEvent> decide_one(const StoredValue& value, const CloseEscrow& command) {
  if (auto ok = check_amount(value, command.spent, 0); !ok) return fail(ok.error());
  const auto escrow = std::ranges::find(value.escrows, command.no,
                                        [](const Escrow& each) { return each.granted.no; });
  if (escrow == value.escrows.end()) {
    return fail(ErrorCode::kNotFound, "no_such_escrow",
                fmt::format("there is no escrow {}", command.no));
  }
  if (escrow->spent_minor) {
    return fail(ErrorCode::kRejected, "escrow_closed",
                fmt::format("escrow {} was closed before, {} of it were spent", command.no,
                            value.money(*escrow->spent_minor).text()));
  }
  if (command.spent.minor > escrow->granted.amount.minor) {
    return fail(ErrorCode::kRejected, "over_escrow",
                fmt::format("{} cannot have been spent of {}", command.spent.text(),
                            escrow->granted.amount.text()));
  }
  return EscrowClosed{command.no, command.spent};
}

}  // namespace

std::string_view name_of(StoredValueKind kind) {
  const auto* const found =
      std::ranges::find(kStoredKinds, kind, &decltype(kStoredKinds)::value_type::first);
  return found == kStoredKinds.end() ? std::string_view() : found->second;
}

Result<StoredValueKind> parse_stored_value_kind(std::string_view text) {
  for (const auto& [value, name] : kStoredKinds) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_kind", "stored value is a GIFT_CARD or a STORE_CREDIT");
}

std::string_view name_of(CreditReason reason) {
  const auto* const found =
      std::ranges::find(kCreditReasons, reason, &decltype(kCreditReasons)::value_type::first);
  return found == kCreditReasons.end() ? std::string_view() : found->second;
}

Result<CreditReason> parse_credit_reason(std::string_view text) {
  for (const auto& [value, name] : kCreditReasons) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_reason",
              "it is worth more by an ISSUE, a TOP_UP, a REFUND or a RELEASE");
}

std::int64_t StoredValue::in_escrow_minor() const {
  std::int64_t sum = 0;
  for (const Escrow& escrow : escrows) sum += escrow.spent_minor ? 0 : escrow.granted.amount.minor;
  return sum;
}

std::optional<StoredValue> evolve(std::optional<StoredValue> value, const StoredValueEvent& event) {
  std::visit([&value](const auto& e) { apply(value, e); }, event);
  return value;
}

Result<StoredValueOpened> decide(const OpenStoredValue& command) {
  const StoredValueOpened& value = command.value;
  const auto text_ok = [](const std::string& text, std::size_t most) {
    return text.size() <= most && is_utf8(text);
  };
  if (!text_ok(value.holder, 64) || !text_ok(value.hint, 4)) {
    return fail(ErrorCode::kInvalid, "bad_stored_value",
                "the holder has at most 64 octets of UTF-8, the hint 4");
  }
  if (value.kind == StoredValueKind::kStoreCredit && value.holder.empty()) {
    return fail(ErrorCode::kInvalid, "bad_stored_value", "store credit is some customer's");
  }
  return value;
}

Result<StoredValueEvent> decide(const StoredValue& value, const StoredValueCommand& command) {
  return std::visit([&value](const auto& each) { return decide_one(value, each); }, command);
}

}  // namespace cairn::domain
