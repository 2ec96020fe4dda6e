#include "central/payments/stored_value_book.h"

#include "core/crypto/hash.h"
#include "core/storage/projections/payments.h"

#include <array>
#include <utility>

namespace cairn::central {
namespace {

/// Crockford's Base32: no I, L, O, U.
constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeLength = 16;
constexpr std::size_t kGroup = 4;

Result<> record(storage::UnitOfWork& work, StoredValueId id, const domain::StoredValueEvent& event,
                UserId actor) {
  const auto written = work.record({event, domain::stored_value_key(id), SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

Result<> open(storage::UnitOfWork& work, domain::StoredValueOpened value, UserId actor) {
  const auto opened = decide(domain::OpenStoredValue{std::move(value)});
  if (!opened) return fail(opened.error());
  return record(work, opened->id, *opened, actor);
}

}  // namespace

StoredValueId gift_card_id(std::string_view code) {
  // As people write it: in groups or not, in capitals or not, O for 0.
  std::string plain;
  for (char c : code) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    plain += c;
  }
  return StoredValueId(crypto::derived_uuid("gift_card", {plain}));
}

StoredValueId store_credit_id(std::string_view customer, const Currency& currency) {
  return StoredValueId(crypto::derived_uuid("store_credit", {customer, currency.text()}));
}

StoredValueId stored_value_of_token(const std::string& token) {
  const auto id = Uuid::parse(token);
  return id ? StoredValueId(*id) : StoredValueId{};
}

std::string make_gift_card_code(Random& random) {
  std::string code;
  std::uint64_t chance = 0;
  for (std::size_t at = 0; at < kCodeLength; ++at) {
    if (at % 8 == 0) chance = random.next();
    if (at > 0 && at % kGroup == 0) code += '-';
    code += kLetters[chance % kLetters.size()];
    chance /= kLetters.size();
  }
  return code;
}

Result<StoredValueId> issue_gift_card(storage::UnitOfWork& work, std::string_view code,
                                      const Money& amount, UserId actor) {
  return open_gift_card(work, gift_card_id(code), gift_card_hint(code), amount, actor);
}

std::string gift_card_hint(std::string_view code) {
  return std::string(code.substr(code.size() - std::min(code.size(), kGroup)));
}

Result<StoredValueId> open_gift_card(storage::UnitOfWork& work, StoredValueId id,
                                     const std::string& hint, const Money& amount, UserId actor) {
  if (storage::find_stored_value(work.connection(), id)) {
    return fail(ErrorCode::kConflict, "gift_card_exists",
                "there is a gift card with this code; nothing was changed");
  }
  if (auto ok =
          open(work, {id, domain::StoredValueKind::kGiftCard, amount.currency, "", hint}, actor);
      !ok) {
    return fail(ok.error());
  }
  const domain::StoredValueCredited credit{amount, domain::CreditReason::kIssue, {}, 0};
  if (auto ok = change_stored_value(work, id, domain::CreditStoredValue{credit}, actor); !ok) {
    return fail(ok.error());
  }
  return id;
}

Result<StoredValueId> issue_store_credit(storage::UnitOfWork& work, const std::string& customer,
                                         const Money& amount, UserId actor) {
  const StoredValueId id = store_credit_id(customer, amount.currency);
  const bool known = storage::find_stored_value(work.connection(), id).has_value();
  if (!known) {
    const domain::StoredValueOpened value{id, domain::StoredValueKind::kStoreCredit,
                                          amount.currency, customer, ""};
    if (auto ok = open(work, value, actor); !ok) return fail(ok.error());
  }
  const auto reason = known ? domain::CreditReason::kTopUp : domain::CreditReason::kIssue;
  const domain::CreditStoredValue credit{{amount, reason, {}, 0}};
  if (auto ok = change_stored_value(work, id, credit, actor); !ok) return fail(ok.error());
  return id;
}

Result<> change_stored_value(storage::UnitOfWork& work, StoredValueId id,
                             const domain::StoredValueCommand& command, UserId actor) {
  const auto value = storage::find_stored_value(work.connection(), id);
  if (!value) {
    return fail(ErrorCode::kNotFound, "no_such_stored_value",
                "there is no such gift card or store credit");
  }
  const auto decided = decide(*value, command);
  if (!decided) return fail(decided.error());
  return record(work, id, *decided, actor);
}

Result<> redeem(storage::UnitOfWork& work, const StoredMove& move, const Money& amount) {
  return change_stored_value(
      work, move.id, domain::RedeemStoredValue{{amount, move.payment, move.no}}, move.actor);
}

Result<> give_back(storage::UnitOfWork& work, const StoredMove& move, const Money& amount,
                   domain::CreditReason reason) {
  return change_stored_value(work, move.id,
                             domain::CreditStoredValue{{amount, reason, move.payment, move.no}},
                             move.actor);
}

}  // namespace cairn::central
