#pragma once
// Payments at the hub: what is asked is recorded before anybody is asked. Money that the hub itself
// holds or that lies in a till (stored value, cash) moves in the same transaction; a card's waits
// for its provider (provider_desk.h). Each function runs inside a job of the writer. Loop only.

#include "core/domain/payment/payment_decide.h"
#include "core/storage/unit_of_work.h"

#include <string>
#include <vector>

namespace cairn::central {

/// Opens a payment of an order and asks for its authorisation. What is left empty of `payment`: its
/// token for a gift card is the code on it, for store credit the customer's reference; neither is
/// recorded. Errors: those of domain::decide(); kNotFound "no_such_order"; kInvalid
/// "currency_mismatch" (the order's is another).
Result<> open_payment(storage::UnitOfWork& work, domain::PaymentOpened payment, UserId actor);

/// Decides and records what is asked next. Errors: those of domain::decide(); kNotFound
/// "no_such_payment", "no_such_group" (the payment's order has no such ship group).
Result<> ask_payment(storage::UnitOfWork& work, PaymentId id, const domain::PaymentCommand& command,
                     UserId actor);

/// What a provider answered; of a refund that spans captures the next part is asked for. Errors:
/// those of domain::decide(); kNotFound "no_such_payment".
Result<> answer_payment(storage::UnitOfWork& work, PaymentId id,
                        const domain::PaymentAnswered& answer);

/// Questions that nobody answered before the hub was stopped are unknown from now on. Returns all
/// payments with a question that has no certain answer.
Result<std::vector<PaymentId>> note_interrupted(storage::UnitOfWork& work);

/// Authorisations whose time is over are noted, and asked for again where money is still wanted:
/// something left and was not taken, or the order is not over. So are those that the provider
/// called expired or would not renew, `pause` after they were asked for last. Where none is wanted
/// they are given up. 100 of both at most. Returns how many.
Result<std::size_t> renew_authorizations(storage::UnitOfWork& work, Duration pause);

}  // namespace cairn::central
