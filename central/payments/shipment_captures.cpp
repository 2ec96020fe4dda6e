#include "central/payments/shipment_captures.h"

#include "central/payments/payment_book.h"
#include "core/storage/projections/held_orders.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/payments.h"
#include "core/storage/projections/ship_groups.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace cairn::central {
namespace {

using domain::PaymentAction;
using domain::PaymentOutcome;

constexpr std::size_t kGroupsMost = 10'000;  // of one order

/// To the nearest minor unit, half up.
Result<std::int64_t> worth(const Money& unit_price, std::int64_t milli) {
  const auto total = unit_price.times(milli);
  if (!total) return fail(total.error());
  return (total->minor + kMilliPerUnit / 2) / kMilliPerUnit;
}

/// What left in the group, at its own prices.
Result<std::int64_t> worth_of(const domain::ShipGroup& group) {
  std::int64_t sum = 0;
  for (const domain::ShipGroupLineState& line : group.lines) {
    const auto part =
        worth(line.line.unit_price,
              line.in.shipped_milli + line.in.handed_over_milli + line.in.returned_milli);
    if (!part) return part;
    sum += *part;
  }
  return sum;
}

bool is_capture_of(const domain::PaymentQuestion& question, ShipGroupId group) {
  return question.asked.action == PaymentAction::kCapture && question.asked.group == group;
}

/// What was not moved by it for certain.
bool failed(const domain::PaymentQuestion& question) {
  return !question.open() && !question.done();
}

/// Captures that were asked for the group and did not fail.
std::int64_t asked_for(const std::vector<domain::Payment>& payments, ShipGroupId group) {
  std::int64_t sum = 0;
  for (const domain::Payment& payment : payments) {
    for (const domain::PaymentQuestion& each : payment.questions) {
      if (is_capture_of(each, group) && !failed(each)) sum += each.asked.amount.minor;
    }
  }
  return sum;
}

/// The payment can be asked for the group now: it was not asked before, or its time was over.
bool may_ask(const domain::Payment& payment, ShipGroupId group) {
  const bool asked = std::ranges::any_of(payment.questions, [group](const auto& each) {
    return is_capture_of(each, group) &&
           !(each.answer && each.answer->outcome == PaymentOutcome::kExpired);
  });
  return !asked && payment.open_question() == nullptr && payment.held_minor() > 0;
}

/// Services of the order, as long as nothing was taken for any group.
Result<std::int64_t> services_due(storage::UnitOfWork& work, OrderId order,
                                  const std::vector<domain::Payment>& payments, ShipGroupId first) {
  for (const domain::Payment& payment : payments) {
    for (const domain::PaymentQuestion& each : payment.questions) {
      const bool capture = each.asked.action == PaymentAction::kCapture && !failed(each);
      if (capture && each.asked.group != first) return 0;
    }
  }
  std::int64_t sum = 0;
  for (const storage::OrderLineRow& row : storage::order_lines(work.connection(), order)) {
    if (!row.line.service) continue;
    const auto part =
        worth(row.line.unit_price, row.progress.ordered_milli - row.progress.cancelled_milli);
    if (!part) return part;
    sum += *part;
  }
  return sum;
}

/// One group after the other: what is asked for the first is not there for the second.
Result<std::size_t> capture_group(storage::UnitOfWork& work, OrderId order, ShipGroupId group) {
  const auto payments = storage::payments_of(work.connection(), order);
  const auto goods = worth_of(work.replica().ship_group(group));
  if (!goods) return fail(goods.error());
  const auto services = services_due(work, order, payments, group);
  if (!services) return fail(services.error());
  std::int64_t rest = *goods + *services - asked_for(payments, group);
  std::size_t asked = 0;
  for (const domain::Payment& payment : payments) {
    if (rest <= 0) break;
    if (!may_ask(payment, group)) continue;
    const std::int64_t minor = std::min(rest, payment.held_minor());
    const domain::CapturePayment command{payment.money(minor), group, false};
    if (auto ok = ask_payment(work, payment.opened.payment, command, UserId{}); !ok) {
      return fail(ok.error());
    }
    rest -= minor;
    ++asked;
  }
  return asked;
}

/// Nothing more of it will leave: something has left, or all was cancelled.
bool is_over(storage::UnitOfWork& work, OrderId order, bool something_left) {
  std::vector<domain::LineProgress> progress;
  for (const storage::OrderLineRow& row : storage::order_lines(work.connection(), order)) {
    progress.push_back(row.progress);
  }
  const domain::OrderStatus status = domain::status_of(progress);
  return status == domain::OrderStatus::kCancelled ||
         (status == domain::OrderStatus::kCompleted && something_left);
}

Result<std::size_t> give_up_rest(storage::UnitOfWork& work, OrderId order) {
  std::size_t asked = 0;
  for (const domain::Payment& payment : storage::payments_of(work.connection(), order)) {
    const bool refused = std::ranges::any_of(payment.questions, failed);
    if (refused || payment.open_question() != nullptr || payment.held_minor() == 0) continue;
    const auto given_up =
        ask_payment(work, payment.opened.payment, domain::VoidPayment{}, UserId{});
    if (!given_up) return fail(given_up.error());
    ++asked;
  }
  return asked;
}

}  // namespace

Result<std::size_t> capture_shipped(storage::UnitOfWork& work, OrderId order) {
  storage::ShipGroupFilter filter;
  filter.order = order;
  filter.limit = kGroupsMost;
  filter.statuses = {"SHIPPED", "HANDED_OVER"};
  const auto left = storage::ship_groups(work.connection(), filter);
  std::size_t asked = 0;
  for (const storage::ShipGroupRow& row : left) {
    const auto part = capture_group(work, order, row.id);
    if (!part) return part;
    asked += *part;
  }
  if (!is_over(work, order, !left.empty())) return asked;
  const auto given_up = give_up_rest(work, order);
  if (!given_up) return given_up;
  return asked + *given_up;
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
    env_.log.error("captures_not_looked_for", {{"why", failure.message}});
  }
}

void ShipmentCaptures::look(OrderId order) {
  if (!due_.insert(order).second) return;
  writer_->submit<std::size_t>(
      [this, order](storage::UnitOfWork& work) {
        due_.erase(order);  // what is committed together with this has its own turn
        return capture_shipped(work, order);
      },
      [this, order](const Result<std::size_t>& asked) {
        if (asked) return;
        due_.erase(order);
        env_.log.error("shipment_not_captured",
                       {{"order", order.value().text()}, {"why", asked.error().message}});
      });
}

/// Once at the start, for what was committed and not looked at before a kill.
void ShipmentCaptures::look_at_all() {
  try {
    for (const OrderId order : storage::held_orders(*connection_)) look(order);
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("captures_not_looked_for", {{"why", failure.message}});
  }
}

}  // namespace cairn::central
