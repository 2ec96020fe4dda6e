#include "central/payments/order_debt.h"

#include "core/storage/projections/orders.h"
#include "core/storage/projections/payments.h"
#include "core/storage/projections/ship_groups.h"

#include <algorithm>
#include <map>
#include <utility>

namespace cairn::central {
namespace {

using Lines = std::vector<storage::OrderLineRow>;
using Payments = std::vector<domain::Payment>;

constexpr std::size_t kGroupsMost = 10'000;  // of one order

/// To the nearest minor unit, half up.
Result<std::int64_t> worth(const Money& unit_price, std::int64_t milli) {
  const auto total = unit_price.times(milli);
  if (!total) return fail(total.error());
  return (total->minor + kMilliPerUnit / 2) / kMilliPerUnit;
}

/// Prices, discounts and taxes of an order's lines, as far as their units have left. Each part is
/// the difference of two sums: in whatever groups a line leaves, its parts add up to the cent.
/// Asked in the same order they are always the same.
class Shares {
 public:
  Shares(const Lines& lines, bool tax_added) {
    for (const storage::OrderLineRow& row : lines) {
      const domain::OrderLine& line = row.line;
      by_line_[line.line] = {
          line.unit_price,
          {(tax_added ? line.tax_minor : 0) - line.discount_minor - line.order_discount_minor,
           line.unit_price.currency},
          line.ordered.milli};
    }
  }
  /// Of so many more units of the line.
  Result<std::int64_t> of_more(LineNo line, std::int64_t milli) {
    const auto found = by_line_.find(line);
    if (found == by_line_.end() || found->second.ordered_milli <= 0) return 0;
    OfLine& of = found->second;
    of.gone_milli = std::min(of.gone_milli + milli, of.ordered_milli);
    const auto gross = worth(of.unit_price, of.gone_milli);
    if (!gross) return gross;
    const auto adjusted = of.adjustment.times(of.gone_milli);
    if (!adjusted) return fail(adjusted.error());
    const std::int64_t all = *gross + adjusted->minor / of.ordered_milli;
    return all - std::exchange(of.counted_minor, all);
  }

 private:
  struct OfLine {
    Money unit_price;
    Money adjustment;  ///< of the whole line
    std::int64_t ordered_milli = 0;
    std::int64_t gone_milli = 0;
    std::int64_t counted_minor = 0;
  };
  std::map<LineNo, OfLine> by_line_;
};

/// What left in the group, at its own prices.
Result<std::int64_t> worth_of(const domain::ShipGroup& group, Shares& shares) {
  std::int64_t sum = 0;
  for (const domain::ShipGroupLineState& line : group.lines) {
    const std::int64_t left =
        line.in.shipped_milli + line.in.handed_over_milli + line.in.returned_milli;
    const auto part = shares.of_more(line.line.line, left);
    if (!part) return part;
    sum += *part;
  }
  return sum;
}

Result<std::int64_t> worth_of_services(const Lines& lines, Shares& shares) {
  std::int64_t sum = 0;
  for (const storage::OrderLineRow& row : lines) {
    if (!row.line.service) continue;
    const std::int64_t charged = row.progress.ordered_milli - row.progress.cancelled_milli;
    const auto part = shares.of_more(row.line.line, charged);
    if (!part) return part;
    sum += *part;
  }
  return sum;
}

/// Captures that were done or may have been, in the order of the payments.
std::vector<domain::PaymentAsked> captures_of(const Payments& payments) {
  std::vector<domain::PaymentAsked> captures;
  for (const domain::Payment& payment : payments) {
    for (const domain::PaymentQuestion& each : payment.questions) {
      const bool counts = each.open() || each.done();
      if (counts && each.asked.action == domain::PaymentAction::kCapture) {
        captures.push_back(each.asked);
      }
    }
  }
  return captures;
}

bool is_over(const Lines& lines, bool something_left) {
  std::vector<domain::LineProgress> progress;
  for (const storage::OrderLineRow& row : lines) progress.push_back(row.progress);
  const domain::OrderStatus status = domain::status_of(progress);
  return status == domain::OrderStatus::kCancelled ||
         (status == domain::OrderStatus::kCompleted && something_left);
}

/// The group with which the services are due; null: they were taken with one that is not among
/// them, or nothing has left.
GroupDebt* with_services(std::vector<GroupDebt>& groups,
                         const std::vector<domain::PaymentAsked>& captures) {
  const auto first =
      std::ranges::find_if(captures, [](const auto& each) { return !each.group.value().is_nil(); });
  const auto found = first == captures.end()
                         ? groups.begin()
                         : std::ranges::find(groups, first->group, &GroupDebt::group);
  return found == groups.end() ? nullptr : &*found;
}

/// What was taken for no group pays for the first ones.
void spread(OrderDebt& debt, std::int64_t loose) {
  for (GroupDebt& group : debt.groups) {
    const std::int64_t missing = std::max<std::int64_t>(group.due_minor - group.taken_minor, 0);
    const std::int64_t part = std::min(missing, loose);
    group.taken_minor += part;
    loose -= part;
  }
}

void add_taken(OrderDebt& debt, const std::vector<domain::PaymentAsked>& captures) {
  std::int64_t loose = 0;
  for (const domain::PaymentAsked& each : captures) {
    const auto group = std::ranges::find(debt.groups, each.group, &GroupDebt::group);
    if (group != debt.groups.end()) group->taken_minor += each.amount.minor;
    if (group == debt.groups.end() && !each.group.value().is_nil()) continue;
    if (group == debt.groups.end()) loose += each.amount.minor;
    debt.taken_minor += each.amount.minor;
  }
  spread(debt, loose);
}

void look_at_questions(OrderDebt& debt, const Payments& payments) {
  for (const domain::Payment& payment : payments) {
    const domain::PaymentQuestion* const open = payment.open_question();
    if (open == nullptr) continue;
    debt.waiting = true;
    if (open->asked.action == domain::PaymentAction::kCapture) debt.capturing = true;
  }
}

}  // namespace

Result<OrderDebt> debt_of(storage::UnitOfWork& work, OrderId order) {
  storage::ShipGroupFilter filter;
  filter.order = order;
  filter.limit = kGroupsMost;
  filter.statuses = {"SHIPPED", "HANDED_OVER"};
  OrderDebt debt;
  const Lines lines = storage::order_lines(work.connection(), order);
  const auto placed = storage::find_order(work.connection(), order);
  Shares shares(lines, placed && placed->tax_added);
  for (const storage::ShipGroupRow& row : storage::ship_groups(work.connection(), filter)) {
    const auto goods = worth_of(work.replica().ship_group(row.id), shares);
    if (!goods) return fail(goods.error());
    debt.groups.push_back({row.id, *goods, 0});
  }
  const auto services = worth_of_services(lines, shares);
  if (!services) return fail(services.error());
  const Payments payments = storage::payments_of(work.connection(), order);
  const auto captures = captures_of(payments);
  if (GroupDebt* const group = with_services(debt.groups, captures)) group->due_minor += *services;
  for (const GroupDebt& group : debt.groups) debt.due_minor += group.due_minor;
  add_taken(debt, captures);
  look_at_questions(debt, payments);
  debt.over = is_over(lines, !debt.groups.empty());
  return debt;
}

}  // namespace cairn::central
