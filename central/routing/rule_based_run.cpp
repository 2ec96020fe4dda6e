#include "central/routing/rule_based_run.h"

#include "central/orders/order_queue_book.h"
#include "central/routing/read_facts.h"
#include "core/domain/routing/order_selection.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kOrdersOfCommit = 25;

}  // namespace

RuleBasedRun::RuleBasedRun(storage::Writer& writer, IdSource& ids, const SiteAges& ages,
                           Settings settings, Done done)
    : writer_(&writer),
      ids_(&ids),
      ages_(&ages),
      settings_(std::move(settings)),
      done_(std::move(done)),
      routings_(domain::active_routings(settings_.rules.rules.run)) {}

void RuleBasedRun::start() { select(); }

void RuleBasedRun::select() {
  writer_->submit<Orders>(
      [self = shared_from_this()](storage::UnitOfWork& work) { return self->selected(work); },
      [self = shared_from_this()](const Result<Orders>& orders) {
        if (!orders) return self->done_(fail(orders.error()));
        self->orders_ = *orders;
        self->next_ = 0;
        self->next_part();
      });
}

void RuleBasedRun::next_part() {
  if (next_ >= orders_.size()) {
    if (step_++ == routings_.size()) return done_(outcome());
    return select();
  }
  writer_->submit<Part>(
      [self = shared_from_this()](storage::UnitOfWork& work) { return self->route_part(work); },
      [self = shared_from_this()](const Result<Part>& part) {
        if (!part) return self->done_(fail(part.error()));
        self->add(*part);
        self->next_ += kOrdersOfCommit;
        self->next_part();
      });
}

/// Of pickups in the order in which they were placed; of a routing by its sorts.
Result<RuleBasedRun::Orders> RuleBasedRun::selected(storage::UnitOfWork& work) const {
  storage::Connection& connection = work.connection();
  std::vector<domain::WaitingOrder> waiting;
  Orders orders;
  storage::OrderPage all;
  all.only_waiting = true;
  all.limit = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  for (const storage::OrderRow& order : storage::orders(connection, all)) {
    if (step_ == 0) {
      const bool pickup = order.method == domain::FulfilmentMethod::kPickup;
      if (pickup && !is_on_hold(connection, order.id)) orders.push_back(order.id);
      continue;
    }
    const auto queue = storage::queue_of(connection, order.id);
    if (!queue) continue;
    waiting.push_back(
        waiting_order(order, storage::order_lines(connection, order.id), *queue, work.now()));
  }
  if (step_ == 0) return orders;
  for (const std::size_t index : domain::select_orders(routings_[step_ - 1], waiting)) {
    if (!waiting[index].needs.empty()) orders.push_back(waiting[index].order);
  }
  return orders;
}

Result<RuleBasedRun::Part> RuleBasedRun::route_part(storage::UnitOfWork& work) {
  Part part;
  const std::size_t end = std::min(next_ + kOrdersOfCommit, orders_.size());
  for (std::size_t index = next_; index < end; ++index) {
    const auto decision = route_one(work, orders_[index]);
    if (!decision) return fail(decision.error());
    if (*decision) part.push_back({orders_[index], **decision});
  }
  return part;
}

Result<std::optional<RuleDecision>> RuleBasedRun::route_one(storage::UnitOfWork& work,
                                                            OrderId order) {
  if (step_ > 0) {
    return route_by_rules(work, *ids_, order,
                          {settings_.rules, routings_[step_ - 1], *ages_, settings_.actor});
  }
  const auto row = storage::find_order(work.connection(), order);
  if (!row || row->standing.hold || is_on_hold(work.connection(), order)) return std::nullopt;
  const auto picked_up = route_pickup(work, *ids_, *row, settings_.partial, settings_.actor);
  if (!picked_up) return fail(picked_up.error());
  if (auto ok = unpark_if_done(work, order, settings_.actor); !ok) return fail(ok.error());
  return RuleDecision{static_cast<std::int64_t>(picked_up->groups.size()),
                      !picked_up->waiting.empty()};
}

void RuleBasedRun::add(const Part& part) {
  for (const Looked& looked : part) {
    RuleDecision& sum = looked_[looked.order];
    sum.groups += looked.decision.groups;
    sum.waits = looked.decision.waits;
  }
}

RoutingOutcome RuleBasedRun::outcome() const {
  RoutingOutcome sum;
  for (const auto& [order, decision] : looked_) {
    ++sum.orders_seen;
    sum.groups_opened += decision.groups;
    ++(!decision.waits       ? sum.orders_routed
       : decision.groups > 0 ? sum.orders_partly
                             : sum.orders_waiting);
  }
  return sum;
}

}  // namespace cairn::central
