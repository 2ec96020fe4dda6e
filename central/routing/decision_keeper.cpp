#include "central/routing/decision_keeper.h"

#include "central/orders/order_holds.h"
#include "core/storage/projections/orders.h"

#include <string>

namespace cairn::central {
namespace {

constexpr std::size_t kDecisionsOfLook = 50;

bool is_over(storage::Connection& connection, OrderId order) {
  const auto row = storage::find_order(connection, order);
  if (!row) return true;
  const auto status = status_of(*row, storage::order_lines(connection, order));
  return status != domain::OrderStatus::kApproved && status != domain::OrderStatus::kHold;
}

}  // namespace

DecisionsLooked drop_old_decisions(storage::Connection& connection, UtcTime before,
                                   const storage::DecisionMark& after) {
  DecisionsLooked looked;
  const auto old = storage::decisions_before(connection, before, after, kDecisionsOfLook);
  for (const storage::OldDecision& decision : old) {
    if (!is_over(connection, decision.order)) continue;
    storage::drop_decision(connection, decision.mark.id);
    ++looked.dropped;
  }
  if (old.size() == kDecisionsOfLook) looked.next = old.back().mark;
  return looked;
}

DecisionKeeper::DecisionKeeper(Env env, storage::Writer& writer, Duration keep)
    : env_(env), writer_(&writer), keep_(keep) {}

Result<> DecisionKeeper::start() {
  if (keep_.count() == 0) return {};
  return env_.executor.post([this] { look(); });
}

void DecisionKeeper::look() {
  writer_->submit<DecisionsLooked>(
      [this](storage::UnitOfWork& work) -> Result<DecisionsLooked> {
        const UtcTime before{work.now().us - keep_.count()};
        return drop_old_decisions(work.connection(), before, after_);
      },
      [this](const Result<DecisionsLooked>& looked) {
        if (!looked) {
          env_.log.error("decisions_not_dropped", {{"why", looked.error().message}});
        } else if (looked->dropped > 0) {
          env_.log.info("decisions_dropped", {{"count", std::to_string(looked->dropped)}});
        }
        const bool more = looked && looked->next;
        after_ = more ? *looked->next : storage::DecisionMark{};
        env_.executor.after(more ? kStep : kPause, [this] { look(); });
      });
}

}  // namespace cairn::central
