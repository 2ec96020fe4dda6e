#include "central/routing/nearest_run.h"

#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kRoutedAtOnce = 25;  // orders a commit, so that others get their turn

}  // namespace

NearestRun::NearestRun(storage::Writer& writer, IdSource& ids, domain::PartialOrders partial,
                       UserId actor, Done done)
    : writer_(&writer), ids_(&ids), partial_(partial), actor_(actor), done_(std::move(done)) {}

void NearestRun::next() {
  writer_->submit<RoutingOutcome>(
      [self = shared_from_this()](storage::UnitOfWork& work) {
        return run_routing(work, *self->ids_, self->partial_, self->sum_.last_rank, kRoutedAtOnce,
                           self->actor_);
      },
      [self = shared_from_this()](const Result<RoutingOutcome>& part) { self->add(part); });
}

void NearestRun::add(const Result<RoutingOutcome>& part) {
  if (!part) return done_(part);
  sum_.orders_seen += part->orders_seen;
  sum_.orders_routed += part->orders_routed;
  sum_.orders_partly += part->orders_partly;
  sum_.orders_waiting += part->orders_waiting;
  sum_.groups_opened += part->groups_opened;
  sum_.last_rank = part->last_rank;
  if (part->more) return next();
  done_(sum_);
}

}  // namespace cairn::central
