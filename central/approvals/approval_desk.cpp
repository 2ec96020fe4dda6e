#include "central/approvals/approval_desk.h"

#include "central/payments/payment_book.h"
#include "central/payments/stored_value_book.h"
#include "core/storage/projections/payments.h"

#include <utility>

namespace cairn::central {
namespace {

using storage::ApprovalAct;
using storage::ApprovalKind;
using storage::ApprovalRow;
using storage::ApprovalState;
using storage::UnitOfWork;

domain::RefundPayment refund_of(const ApprovalAct& act) { return {act.amount, act.reason}; }

domain::CreditStoredValue top_up_of(const ApprovalAct& act) {
  return {{act.amount, domain::CreditReason::kTopUp, {}, 0}};
}

/// What the payment has given back then.
Result<std::int64_t> refunded_with(UnitOfWork& work, const ApprovalAct& act) {
  const auto payment = storage::find_payment(work.connection(), PaymentId(act.subject));
  if (!payment) {
    return fail(ErrorCode::kNotFound, "no_such_payment", "there is no such payment");
  }
  if (auto ok = decide(*payment, domain::PaymentCommand(refund_of(act))); !ok) {
    return fail(ok.error());
  }
  return payment->refunded_minor + act.amount.minor;
}

/// What the stored value is worth then, wherever it can be spent: what a site has in escrow comes
/// back.
Result<std::int64_t> worth_with(UnitOfWork& work, StoredValueId id, const ApprovalAct& act) {
  const auto value = storage::find_stored_value(work.connection(), id);
  if (!value) {
    if (act.kind != ApprovalKind::kTopUp) return act.amount.minor;
    return fail(ErrorCode::kNotFound, "no_such_stored_value",
                "there is no such gift card or store credit");
  }
  if (auto ok = decide(*value, domain::StoredValueCommand(top_up_of(act))); !ok) {
    return fail(ok.error());
  }
  return value->balance_minor + value->in_escrow_minor() + act.amount.minor;
}

Result<> perform(UnitOfWork& work, const ApprovalRow& row) {
  const ApprovalAct& act = row.act;
  switch (act.kind) {
    case ApprovalKind::kRefund:
      return ask_payment(work, PaymentId(act.subject), refund_of(act), row.asked_by);
    case ApprovalKind::kGiftCard: {
      const auto issued =
          open_gift_card(work, StoredValueId(act.subject), act.hint, act.amount, row.asked_by);
      if (!issued) return fail(issued.error());
      return {};
    }
    case ApprovalKind::kStoreCredit: {
      const auto issued = issue_store_credit(work, act.customer, act.amount, row.asked_by);
      if (!issued) return fail(issued.error());
      return {};
    }
    case ApprovalKind::kTopUp:
      return change_stored_value(work, StoredValueId(act.subject), top_up_of(act), row.asked_by);
  }
  return fail(ErrorCode::kInternal, "bad_approval", "nobody knows what was approved");
}

Result<> check_decider(const ApprovalRow& row, const runtime::Principal& decider, UtcTime now) {
  if (decider.session == SessionId{}) {
    return fail(ErrorCode::kDenied, "person_needed",
                "an API key cannot be the second person; nothing was done. Sign in and decide");
  }
  if (decider.person == row.answerable) {
    return fail(ErrorCode::kDenied, "same_person",
                "who asked for it cannot decide it; nothing was done. Somebody else has to");
  }
  switch (row.state_at(now)) {
    case ApprovalState::kPending:
      return {};
    case ApprovalState::kExpired:
      return fail(ErrorCode::kConflict, "approval_expired",
                  "it was asked for too long ago; nothing was done. Ask for it again");
    case ApprovalState::kDone:
    case ApprovalState::kRejected:
      break;
  }
  return fail(ErrorCode::kConflict, "approval_settled",
              "it was decided before; nothing was done this time");
}

}  // namespace

Result<bool> needs_approval(UnitOfWork& work, const ApprovalRules& rules, const ApprovalAct& act) {
  const bool refund = act.kind == ApprovalKind::kRefund;
  const auto limit = refund ? rules.refund_over_minor : rules.stored_value_over_minor;
  if (!limit) return false;
  if (refund) {
    const auto refunded = refunded_with(work, act);
    if (!refunded) return fail(refunded.error());
    return *refunded > *limit;
  }
  const StoredValueId id = act.kind == ApprovalKind::kStoreCredit
                               ? store_credit_id(act.customer, act.amount.currency)
                               : StoredValueId(act.subject);
  const auto worth = worth_with(work, id, act);
  if (!worth) return fail(worth.error());
  return *worth > *limit;
}

ApprovalRow ask_approval(UnitOfWork& work, IdSource& ids, const ApprovalRules& rules,
                         ApprovalAct act, const runtime::Principal& asker) {
  ApprovalRow row;
  row.id = storage::ApprovalId(ids.next());
  row.act = std::move(act);
  row.asked_by = asker.user;
  row.asked_by_name = asker.name;
  row.answerable = asker.person;
  row.asked_at = work.now();
  row.expires_at = {row.asked_at.us + rules.lives.count()};
  storage::add_approval(work.connection(), row);
  return row;
}

Result<ApprovalRow> decide_approval(UnitOfWork& work, storage::ApprovalId id,
                                    const ApprovalDecision& decision,
                                    const runtime::Principal& decider) {
  auto row = storage::find_approval(work.connection(), id);
  if (!row) {
    return fail(ErrorCode::kNotFound, "no_such_approval", "nobody asked for such an approval");
  }
  if (auto ok = check_decider(*row, decider, work.now()); !ok) return fail(ok.error());
  if (decision.approve) {
    if (auto ok = perform(work, *row); !ok) return fail(ok.error());
  }
  row->state = decision.approve ? ApprovalState::kDone : ApprovalState::kRejected;
  row->decided_by = decider.user;
  row->decided_by_name = decider.name;
  row->decided_at = work.now();
  row->note = decision.note;
  storage::settle_approval(work.connection(), *row);
  return *std::move(row);
}

}  // namespace cairn::central
