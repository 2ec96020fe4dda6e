#include "central/payments/shipment_captures.h"

#include "central/payments/order_debt.h"
#include "central/payments/payment_book.h"
#include "core/storage/projections/held_orders.h"
#include "core/storage/projections/payments.h"

#include <algorithm>
#include <ranges>
#include <utility>
#include <vector>

namespace cairn::central {
namespace {

using domain::PaymentAction;
using domain::PaymentOutcome;
using domain::PaymentStatus;

constexpr Duration kRepeatPause = std::chrono::seconds(30);  // after what failed here

/// The holder of the money said no.
bool said_no(const domain::PaymentQuestion& question) {
  return question.answer && (question.answer->outcome == PaymentOutcome::kDeclined ||
                             question.answer->outcome == PaymentOutcome::kRefused);
}

/// The payment can be asked for the group now: something is held, and nobody said no before.
bool may_ask(const domain::Payment& payment, ShipGroupId group) {
  const bool refused = std::ranges::any_of(payment.questions, [group](const auto& each) {
    return each.asked.action == PaymentAction::kCapture && each.asked.group == group &&
           said_no(each);
  });
  return !refused && payment.open_question() == nullptr && payment.held_minor() > 0;
}

/// `most_minor`: what is not taken of the whole order.
Result<std::int64_t> capture_group(storage::UnitOfWork& work, OrderId order, const GroupDebt& group,
                                   std::int64_t most_minor, std::size_t& asked) {
  std::int64_t rest = std::min(group.due_minor - group.taken_minor, most_minor);
  std::int64_t taken = 0;
  for (const domain::Payment& payment : storage::payments_of(work.connection(), order)) {
    if (rest <= 0) break;
    if (!may_ask(payment, group.group)) continue;
    const std::int64_t minor = std::min(rest, payment.held_minor());
    const domain::CapturePayment command{payment.money(minor), group.group, false, true};
    if (auto ok = ask_payment(work, payment.opened.payment, command, UserId{}); !ok) {
      return fail(ok.error());
    }
    rest -= minor;
    taken += minor;
    ++asked;
  }
  return taken;
}

/// The holder of the money would not let it be taken or given up, since it was held last.
bool needs_person(const domain::Payment& payment) {
  for (const domain::PaymentQuestion& each : payment.questions | std::views::reverse) {
    const PaymentAction action = each.asked.action;
    if (action == PaymentAction::kAuthorize && each.done()) return false;
    const bool about_held = action == PaymentAction::kCapture || action == PaymentAction::kVoid;
    if (about_held && said_no(each)) return true;
  }
  return false;
}

/// Something is held, or may still be asked for.
bool is_unfinished(const domain::Payment& payment) {
  switch (payment.status) {
    case PaymentStatus::kNotAuth:
    case PaymentStatus::kOfflinePending:
    case PaymentStatus::kAuthorized:
    case PaymentStatus::kAuthExpired:
    case PaymentStatus::kPartiallyCaptured:
      return true;
    case PaymentStatus::kSettled:
    case PaymentStatus::kRefunded:
    case PaymentStatus::kCancelled:
    case PaymentStatus::kDeclined:
      break;
  }
  return false;
}

Result<std::size_t> give_up_rest(storage::UnitOfWork& work, OrderId order) {
  std::size_t asked = 0;
  for (const domain::Payment& payment : storage::payments_of(work.connection(), order)) {
    const bool waits = payment.open_question() != nullptr || needs_person(payment);
    if (waits || !is_unfinished(payment)) continue;
    const auto given_up =
        ask_payment(work, payment.opened.payment, domain::VoidPayment{}, UserId{});
    if (!given_up) return fail(given_up.error());
    ++asked;
  }
  return asked;
}

}  // namespace

Result<ShipmentCapture> capture_shipped(storage::UnitOfWork& work, OrderId order) {
  const auto debt = debt_of(work, order);
  if (!debt) return fail(debt.error());
  ShipmentCapture done;
  std::int64_t rest = debt->rest_minor();
  for (const GroupDebt& group : debt->groups) {
    const auto taken = capture_group(work, order, group, rest, done.asked);
    if (!taken) return fail(taken.error());
    rest -= *taken;
  }
  // Cash and gift cards have answered; a card's capture may yet be declined, and then the rest of
  // another tender is wanted.
  const auto after = debt_of(work, order);
  if (!after) return fail(after.error());
  if (!after->waiting) done.unpaid_minor = after->rest_minor();
  if (!after->done()) return done;
  const auto given_up = give_up_rest(work, order);
  if (!given_up) return fail(given_up.error());
  done.asked += *given_up;
  return done;
}

ShipmentCaptures::ShipmentCaptures(Env env, storage::Writer& writer,
                                   storage::Connection& connection)
    : env_(env), writer_(&writer), connection_(&connection) {}

Result<> ShipmentCaptures::start() {
  writer_->on_commit([this](const storage::Changes& changes) { note(changes); });
  return env_.executor.post([this] { look_at_all(); });
}

void ShipmentCaptures::note(const storage::Changes& changes) {
  try {
    for (const OrderId order : storage::held_orders(
             *connection_, {changes.orders, changes.ship_groups, changes.payments})) {
      look(order);
    }
  } catch (const storage::SqlFailure& failure) {
    look_at_all_later(failure.message);
  }
}

void ShipmentCaptures::look(OrderId order) {
  if (!due_.insert(order).second) return;
  writer_->submit<ShipmentCapture>(
      [this, order](storage::UnitOfWork& work) {
        due_.erase(order);  // what is committed together with this has its own turn
        return capture_shipped(work, order);
      },
      [this, order](const Result<ShipmentCapture>& done) {
        if (done && done->unpaid_minor == 0) return;
        if (done) {
          env_.log.warn("shipped_and_unpaid", {{"order", order.value().text()},
                                               {"minor", std::to_string(done->unpaid_minor)}});
          return;
        }
        due_.erase(order);
        env_.log.error("shipment_not_captured",
                       {{"order", order.value().text()}, {"why", done.error().message}});
        env_.executor.after(kRepeatPause, [this, order] { look(order); });
      });
}

/// At the start, for what was committed and not looked at before a kill.
void ShipmentCaptures::look_at_all() {
  try {
    for (const OrderId order : storage::held_orders(*connection_)) look(order);
  } catch (const storage::SqlFailure& failure) {
    look_at_all_later(failure.message);
  }
}

void ShipmentCaptures::look_at_all_later(const std::string& why) {
  env_.log.error("captures_not_looked_for", {{"why", why}});
  env_.executor.after(kRepeatPause, [this] { look_at_all(); });
}

}  // namespace cairn::central
