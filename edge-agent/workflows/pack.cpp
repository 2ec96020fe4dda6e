#include "edge-agent/workflows/pack.h"

#include "core/domain/fulfilment/package_plan.h"

namespace cairn::agent {
namespace {

Result<EventRef> perform_one(storage::UnitOfWork& work, ShipGroupId group,
                             const domain::ShipGroupCommand& command, const Operator& by) {
  const auto done = work.perform(group, command, by.user);
  if (!done) return fail(done.error());
  return done->front();
}

}  // namespace

Result<NextPackage> plan_package(storage::UnitOfWork& work, ShipGroupId group) {
  const domain::ShipGroup& view = work.replica().ship_group(group);
  if (view.status() == domain::ShipGroupStatus::kNone) {
    return fail(ErrorCode::kNotFound, "no_such_group", "there is no such ship group here");
  }
  NextPackage next;
  next.lines = domain::next_package(view);
  next.weight = domain::weigh_check(view, next.lines, 0);
  return next;
}

Result<EventRef> close_package(storage::UnitOfWork& work, ShipGroupId group,
                               const domain::ClosePackage& package, const Operator& by) {
  domain::ClosePackage close = package;
  if (close.lines.empty()) close.lines = domain::next_package(work.replica().ship_group(group));
  return perform_one(work, group, close, by);
}

Result<EventRef> ship(storage::UnitOfWork& work, ShipGroupId group, const Operator& by) {
  return perform_one(work, group, domain::ShipGroupOut{}, by);
}

}  // namespace cairn::agent
