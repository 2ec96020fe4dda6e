#pragma once
// Gift cards and store credit at the hub. A gift card is found by its code, which is told once and
// kept nowhere: its id follows from it. Each function runs inside a job of the writer. Loop only.

#include "core/base/random.h"
#include "core/domain/payment/stored_value.h"
#include "core/storage/unit_of_work.h"

#include <string>
#include <string_view>

namespace cairn::central {

StoredValueId gift_card_id(std::string_view code);
StoredValueId store_credit_id(std::string_view customer, const Currency& currency);
/// The id that a payment's token names; nil: it is none.
StoredValueId stored_value_of_token(const std::string& token);

/// Sixteen digits and letters in groups of four, without those that look alike: 80 bits of chance.
std::string make_gift_card_code(Random& random);

/// For which question of which payment money moves, and who asked.
struct StoredMove {
  StoredValueId id;
  PaymentId payment;
  std::uint32_t no = 0;
  UserId actor;
};

/// Opens a gift card that is worth `amount`. Errors: those of domain::decide(); kConflict
/// "gift_card_exists".
Result<StoredValueId> issue_gift_card(storage::UnitOfWork& work, std::string_view code,
                                      const Money& amount, UserId actor);
/// The same for a code of which only the id and the last characters (`hint`) are known.
Result<StoredValueId> open_gift_card(storage::UnitOfWork& work, StoredValueId id,
                                     const std::string& hint, const Money& amount, UserId actor);
/// The last characters of a code, for people to tell cards apart.
std::string gift_card_hint(std::string_view code);
/// The customer is owed so much more; the first time, the store credit is opened. Errors: those of
/// domain::decide().
Result<StoredValueId> issue_store_credit(storage::UnitOfWork& work, const std::string& customer,
                                         const Money& amount, UserId actor);
/// Decides and records. Errors: those of domain::decide(); kNotFound "no_such_stored_value".
Result<> change_stored_value(storage::UnitOfWork& work, StoredValueId id,
                             const domain::StoredValueCommand& command, UserId actor);

/// For a payment. Errors: those of change_stored_value().
Result<> redeem(storage::UnitOfWork& work, const StoredMove& move, const Money& amount);
Result<> give_back(storage::UnitOfWork& work, const StoredMove& move, const Money& amount,
                   domain::CreditReason reason);

}  // namespace cairn::central
