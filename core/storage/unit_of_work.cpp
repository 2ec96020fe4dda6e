#include "core/storage/unit_of_work.h"

#include "core/domain/invariants.h"
#include "core/domain/policy/stock_policy.h"

namespace cairn::storage {

Result<std::vector<EventRef>> UnitOfWork::perform(ShipGroupId group,
                                                  const domain::ShipGroupCommand& command,
                                                  UserId actor) {
  const domain::ShipGroup before = replica_->ship_group(group);
  const NodeId node = replica_->identity().node;
  const auto events = domain::decide(before, command, {node, actor});
  if (!events) return fail(events.error());
  std::vector<EventRef> written;
  for (const domain::ShipGroupEvent& event : *events) {
    const auto cause = record({event, domain::ship_group_key(group), before.site, actor, {}, {}});
    if (!cause) return fail(cause.error());
    written.push_back(*cause);
    for (const domain::StockMoved& moved : domain::stock_moves_of(before, event)) {
      const auto back = static_cast<std::uint32_t>(written.back().seq - cause->seq + 1);
      const auto follow = record({domain::StockEvent(moved), {}, before.site, actor, {back}, {}});
      if (!follow) return fail(follow.error());
      written.push_back(*follow);
    }
  }
  if (auto ok = domain::check_unit_buckets(replica_->ship_group(group)); !ok) {
    return fail(ok.error());
  }
  return written;
}

}  // namespace cairn::storage
