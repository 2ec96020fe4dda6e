#pragma once
// One command's work: decide, append, follow-up facts, invariants; all of it inside the writer's
// transaction and undone together if anything is refused. Handlers get one of these; nobody else
// writes. Loop only.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "core/storage/replica.h"

#include <optional>
#include <vector>

namespace cairn::storage {

class UnitOfWork {
 public:
  explicit UnitOfWork(Replica& replica) : replica_(&replica) {}

  [[nodiscard]] Replica& replica() { return *replica_; }
  /// For queries of projections.
  [[nodiscard]] Connection& connection() { return replica_->connection(); }
  [[nodiscard]] UtcTime now() { return replica_->clock().now(); }

  /// Decides the command against the group's view, writes its events with their stock movements and
  /// checks the invariants. Returns the events written; none if nothing was to be done. Errors:
  /// those of domain::decide(), kInternal "invariant_broken". `biz_key`: of the first event.
  Result<std::vector<EventRef>> perform(ShipGroupId group, const domain::ShipGroupCommand& command,
                                        UserId actor, const Bytes& biz_key = {});

  /// Takes units back at `site`, with their stock movements. Where the group is of this site its
  /// units become "returned" in the same transaction, with `biz_key` if there is one. Errors: those
  /// of domain::decide().
  Result<EventRef> take_return(const domain::TakeReturn& command, const SiteId& site, UserId actor,
                               Bytes biz_key = {});

  /// Writes an event as it is. Errors: kInvalid "record_too_large".
  Result<EventRef> record(const NewEvent& event) { return replica_->append(event); }

 private:
  /// Writes an event and, caused by it, what it means for the stock.
  Result<EventRef> record_with_stock(const NewEvent& event,
                                     const std::vector<domain::StockEvent>& stock);

  Replica* replica_;
};

}  // namespace cairn::storage
