#include "central/payments/payment_book.h"

#include "central/payments/order_debt.h"
#include "central/payments/stored_value_book.h"
#include "core/storage/projections/held_orders.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/payments.h"
#include "core/storage/projections/ship_groups.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::central {
namespace {

using domain::PaymentAction;
using domain::PaymentOutcome;
using domain::Tender;

constexpr std::size_t kRenewedAtOnce = 100;

Result<domain::Payment> find(storage::UnitOfWork& work, PaymentId id) {
  auto payment = storage::find_payment(work.connection(), id);
  if (payment) return *std::move(payment);
  return fail(ErrorCode::kNotFound, "no_such_payment", "there is no such payment");
}

Result<> record(storage::UnitOfWork& work, PaymentId id, const domain::PaymentEvent& event,
                UserId actor) {
  const auto written = work.record({event, domain::payment_key(id), SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

/// What becomes of a question about money that the hub itself holds.
Result<domain::PaymentAnswered> move_stored_value(storage::UnitOfWork& work,
                                                  const domain::Payment& payment, UserId actor) {
  const domain::PaymentAsked& asked = payment.open_question()->asked;
  domain::PaymentAnswered answer{asked.no, PaymentOutcome::kDone, "", "", std::nullopt};
  const StoredValueId id = stored_value_of_token(payment.opened.token);
  const StoredMove move{id, payment.opened.payment, asked.no, actor};
  Result<> moved;
  switch (asked.action) {
    case PaymentAction::kAuthorize:
      moved = redeem(work, move, asked.amount);
      break;
    case PaymentAction::kCapture: {
      const Money rest = payment.money(payment.held_minor() - asked.amount.minor);
      if (asked.last && rest.minor > 0) {
        moved = give_back(work, move, rest, domain::CreditReason::kRelease);
      }
      break;
    }
    case PaymentAction::kVoid:
      if (asked.amount.minor > 0) {
        moved = give_back(work, move, asked.amount, domain::CreditReason::kRelease);
      }
      break;
    case PaymentAction::kRefund:
      moved = give_back(work, move, asked.amount, domain::CreditReason::kRefund);
      break;
  }
  if (moved) return answer;
  if (moved.error().code == ErrorCode::kInternal) return fail(moved.error());
  answer.outcome = PaymentOutcome::kDeclined;
  answer.detail = moved.error().reason;
  return answer;
}

/// Answers at once what no provider has to be asked.
Result<> settle_here(storage::UnitOfWork& work, PaymentId id, UserId actor) {
  const auto payment = find(work, id);
  if (!payment) return fail(payment.error());
  const domain::PaymentQuestion* const open = payment->open_question();
  if (open == nullptr) return {};
  const bool nothing_held =
      open->asked.action == PaymentAction::kVoid && payment->held_minor() == 0;
  switch (payment->opened.tender) {
    case Tender::kCard:
      if (!nothing_held) return {};
      break;
    case Tender::kGiftCard:
    case Tender::kStoreCredit: {
      const auto answer = move_stored_value(work, *payment, actor);
      if (!answer) return fail(answer.error());
      return record(work, id, *answer, actor);
    }
    case Tender::kCash:
      break;
  }
  return record(
      work, id,
      domain::PaymentAnswered{open->asked.no, PaymentOutcome::kDone, "", "", std::nullopt}, actor);
}

Result<> check_order(storage::UnitOfWork& work, const domain::PaymentOpened& payment) {
  const auto lines = storage::order_lines(work.connection(), payment.order);
  if (lines.empty()) {
    return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  }
  const Currency currency = lines.front().line.unit_price.currency;
  if (currency == payment.amount.currency) return {};
  return fail(ErrorCode::kInvalid, "currency_mismatch",
              fmt::format("the order is in {}", currency.text()));
}

/// The id of the gift card or store credit, in the words of the event. What a customer may be
/// called is what store credit can be issued to.
Result<std::string> stored_token(const domain::PaymentOpened& payment) {
  if (payment.token.empty() || payment.token.size() > domain::kTokenMost) {
    return fail(ErrorCode::kInvalid, "bad_token",
                "say by which gift card or store credit it is paid");
  }
  if (payment.tender == Tender::kGiftCard) return gift_card_id(payment.token).value().text();
  const StoredValueId id = store_credit_id(payment.token, payment.amount.currency);
  const domain::StoredValueOpened value{id, domain::StoredValueKind::kStoreCredit,
                                        payment.amount.currency, payment.token, ""};
  if (auto ok = decide(domain::OpenStoredValue{value}); !ok) return fail(ok.error());
  return id.value().text();
}

/// Money for a group of another order would not be counted as paid.
Result<> check_group(storage::UnitOfWork& work, const domain::Payment& payment,
                     const domain::PaymentCommand& command) {
  const auto* const capture = std::get_if<domain::CapturePayment>(&command);
  if (capture == nullptr || capture->group.value().is_nil()) return {};
  const auto group = storage::ship_group_row(work.connection(), capture->group);
  if (group && group->order == payment.opened.order) return {};
  return fail(ErrorCode::kNotFound, "no_such_group",
              "the payment's order has no such ship group; nothing was changed");
}

/// Asks again for what is held no more, or gives it up.
Result<> renew(storage::UnitOfWork& work, PaymentId id) {
  const auto payment = find(work, id);
  if (!payment) return fail(payment.error());
  const auto debt = debt_of(work, payment->opened.order);
  if (!debt) return fail(debt.error());
  if (debt->done()) return ask_payment(work, id, domain::VoidPayment{}, UserId{});
  return ask_payment(work, id, domain::AuthorizePayment{}, UserId{});
}

}  // namespace

Result<> open_payment(storage::UnitOfWork& work, domain::PaymentOpened payment, UserId actor) {
  if (auto ok = check_order(work, payment); !ok) return ok;
  // A code is a secret and a token is not: what is kept is what follows from it.
  if (payment.tender == Tender::kGiftCard || payment.tender == Tender::kStoreCredit) {
    auto token = stored_token(payment);
    if (!token) return fail(token.error());
    payment.token = *std::move(token);
  }
  if (auto ok = decide(domain::OpenPayment{payment}); !ok) return fail(ok.error());
  const PaymentId id = payment.payment;
  if (auto ok = record(work, id, payment, actor); !ok) return ok;
  return ask_payment(work, id, domain::AuthorizePayment{}, actor);
}

Result<> ask_payment(storage::UnitOfWork& work, PaymentId id, const domain::PaymentCommand& command,
                     UserId actor) {
  const auto payment = find(work, id);
  if (!payment) return fail(payment.error());
  if (auto ok = check_group(work, *payment, command); !ok) return ok;
  const auto decided = decide(*payment, command);
  if (!decided) return fail(decided.error());
  if (auto ok = record(work, id, *decided, actor); !ok) return ok;
  return settle_here(work, id, actor);
}

Result<> answer_payment(storage::UnitOfWork& work, PaymentId id,
                        const domain::PaymentAnswered& answer) {
  const auto payment = find(work, id);
  if (!payment) return fail(payment.error());
  const auto decided = decide(*payment, domain::AnswerQuestion{answer});
  if (!decided) return fail(decided.error());
  const domain::PaymentAsked asked = payment->open_question()->asked;
  if (auto ok = record(work, id, *decided, UserId{}); !ok) return ok;
  if (decided->outcome != PaymentOutcome::kDone || asked.rest_minor == 0) return {};
  // A refund that spans captures: the next part of it.
  return ask_payment(
      work, id, domain::RefundPayment{payment->money(asked.rest_minor), asked.reason}, UserId{});
}

Result<std::vector<PaymentId>> note_interrupted(storage::UnitOfWork& work) {
  auto in_question = storage::payments_in_question(work.connection());
  for (const PaymentId id : in_question) {
    const auto payment = find(work, id);
    if (!payment) return fail(payment.error());
    const domain::PaymentQuestion* const open = payment->open_question();
    if (open == nullptr || open->answer) continue;
    const domain::PaymentAnswered unknown{open->asked.no, PaymentOutcome::kUnknown, "",
                                          "the hub was stopped before the answer came",
                                          std::nullopt};
    if (auto ok = record(work, id, unknown, UserId{}); !ok) return fail(ok.error());
  }
  return in_question;
}

Result<std::size_t> renew_authorizations(storage::UnitOfWork& work, Duration pause) {
  const auto expired = storage::expired_payments(work.connection(), work.now(), kRenewedAtOnce);
  for (const PaymentId id : expired) {
    if (auto ok = record(work, id, domain::AuthorizationExpired{}, UserId{}); !ok) {
      return fail(ok.error());
    }
    if (auto ok = renew(work, id); !ok) return fail(ok.error());
  }
  const UtcTime asked_before{work.now().us - pause.count()};
  const auto unheld =
      storage::unheld_payments(work.connection(), asked_before, kRenewedAtOnce - expired.size());
  for (const PaymentId id : unheld) {
    if (auto ok = renew(work, id); !ok) return fail(ok.error());
  }
  return expired.size() + unheld.size();
}

}  // namespace cairn::central
