#pragma once
// A routing run without rules (rule_based_run.h has them): every order with waiting units, in the
// order they were placed, is offered to the nearest sites. The decision and its reservation are one
// transaction, so nothing is promised twice. Loop only.

#include "core/base/id_source.h"
#include "core/domain/routing/routing.h"
#include "core/storage/projections/orders.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <vector>

namespace cairn::central {

struct RoutingOutcome {
  std::int64_t orders_seen = 0;
  std::int64_t orders_routed = 0;   ///< of these: nothing of them waits any more
  std::int64_t orders_partly = 0;   ///< of these: some lines went, some wait
  std::int64_t orders_waiting = 0;  ///< of these: nothing could go
  std::int64_t groups_opened = 0;
  std::int64_t last_rank = 0;  ///< where the next part of the run goes on
  bool more = false;           ///< orders are left for another part
};

/// Routes at most `limit` orders placed after `after_rank`.
Result<RoutingOutcome> run_routing(storage::UnitOfWork& work, IdSource& ids,
                                   domain::PartialOrders partial, std::int64_t after_rank,
                                   std::size_t limit, UserId actor);

/// Somebody has said that the order waits for people: no run takes it by itself.
bool is_on_hold(storage::Connection& connection, OrderId order);

/// What of one order waits is offered to the nearest sites. Inside a job. Errors: those of
/// open_groups().
Result<domain::RoutingDecision> route_order(storage::UnitOfWork& work, IdSource& ids,
                                            const storage::OrderRow& order,
                                            domain::PartialOrders partial, UserId actor);

/// Only what of the order is to be picked up, at its pickup site: no rule decides about that.
/// Inside a job. Errors: those of open_groups().
Result<domain::RoutingDecision> route_pickup(storage::UnitOfWork& work, IdSource& ids,
                                             const storage::OrderRow& order,
                                             domain::PartialOrders partial, UserId actor);

/// More of an article is wanted than all sites have that may fill it.
struct Shortage {
  Sku sku;
  std::int64_t wanted_milli = 0;
  std::int64_t available_milli = 0;  ///< at all sites together
};
/// Why an order waits, by article. Any connection.
std::vector<Shortage> shortages_of(storage::Connection& connection, OrderId order);

/// What the nearest sites could do for an order now. Any connection.
struct RoutingPreview {
  domain::RoutingDecision decision;
  std::vector<Shortage> shortages;
};
RoutingPreview preview_routing(storage::Connection& connection, OrderId order,
                               domain::PartialOrders partial);

}  // namespace cairn::central
