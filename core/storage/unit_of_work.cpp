#include "core/storage/unit_of_work.h"

#include "core/crypto/hash.h"
#include "core/domain/invariants.h"
#include "core/domain/policy/stock_policy.h"

#include <utility>

namespace cairn::storage {

Result<EventRef> UnitOfWork::record_with_stock(const NewEvent& event,
                                               const std::vector<domain::StockEvent>& stock) {
  const auto cause = record(event);
  if (!cause) return cause;
  std::uint32_t back = 1;
  for (const domain::StockEvent& follow_up : stock) {
    const auto written = record({follow_up, {}, event.site, event.actor, {back++}, {}});
    if (!written) return written;
  }
  return cause;
}

Result<std::vector<EventRef>> UnitOfWork::perform(ShipGroupId group,
                                                  const domain::ShipGroupCommand& command,
                                                  UserId actor, const Bytes& biz_key) {
  const domain::ShipGroup before = replica_->ship_group(group);
  const NodeId node = replica_->identity().node;
  const auto events = domain::decide(before, command, {node, actor, now()});
  if (!events) return fail(events.error());
  std::vector<EventRef> written;
  for (const domain::ShipGroupEvent& event : *events) {
    const auto cause = record_with_stock({event,
                                          domain::ship_group_key(group),
                                          before.site,
                                          actor,
                                          {},
                                          written.empty() ? biz_key : Bytes()},
                                         domain::stock_events_of(before, event));
    if (!cause) return fail(cause.error());
    written.push_back(*cause);
  }
  if (auto ok = domain::check_unit_buckets(replica_->ship_group(group)); !ok) {
    return fail(ok.error());
  }
  return written;
}

Result<EventRef> UnitOfWork::take_return(const domain::TakeReturn& command, const SiteId& site,
                                         UserId actor, Bytes biz_key) {
  auto taken = domain::decide(replica_->return_ledger(command.group, site), command, actor);
  if (!taken) return fail(taken.error());
  taken->group_untold = replica_->ship_group(command.group).site != site;
  const Bytes refund_key = crypto::derived_uuid("refund", {taken->id.value().bytes()}).bytes();
  const auto cause = record_with_stock({domain::ReturnEvent(*taken),
                                        domain::return_ledger_key(taken->group, site),
                                        site,
                                        actor,
                                        {},
                                        refund_key},
                                       domain::stock_events_of(*taken));
  if (!cause) return cause;
  if (taken->group_untold) return cause;
  for (const domain::ReturnedLine& line : taken->lines) {
    const domain::UnitsReturned returned{line.line, line.quantity.milli, *cause};
    const auto written = record({domain::ShipGroupEvent(returned),
                                 domain::ship_group_key(taken->group),
                                 site,
                                 actor,
                                 {},
                                 std::exchange(biz_key, {})});
    if (!written) return written;
  }
  return cause;
}

}  // namespace cairn::storage
