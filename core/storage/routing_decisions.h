#pragma once
// What routing decided by a rule set, with what it was made from; at the hub. Not a projection: the
// log has what followed (ship groups, queues), not why. Writing: loop only, in the transaction that
// reserves. Errors as in sqlite/connection.h.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/domain/routing/parking_queue.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// One order through the rules of one routing.
struct RoutingDecisionRow {
  std::int64_t id = 0;
  OrderId order;
  UtcTime decided_at;
  std::string rule_set;
  std::uint32_t version = 0;
  std::string routing;
  std::string outcome;  ///< "ROUTED", "PARTLY", "WAITS", "NOT_DECIDED"
  domain::ParkingQueue queue = domain::ParkingQueue::kBrokering;  ///< where the rest waits
  Bytes facts;                ///< wire::decode_routing_facts(); empty: too large to be kept
  std::vector<Bytes> traces;  ///< wire::decode_routing_trace(), by rule; empty: too large
};

/// Returns its number; `row.id` is not looked at. Of an order that still waits only the last
/// decision of the routing is kept, so that orders that wait for weeks do not fill the disk.
std::int64_t keep_decision(Connection& connection, const RoutingDecisionRow& row);

/// Of an order, the oldest first.
std::vector<RoutingDecisionRow> decisions_of(Connection& connection, OrderId order);
std::optional<RoutingDecisionRow> find_decision(Connection& connection, std::int64_t id);

struct DecisionSpan {
  UtcTime from;
  UtcTime to;  ///< itself not among it
};
struct DecisionOfOrder {
  std::int64_t id = 0;
  OrderId order;
};
/// Those made in a span, at most `limit`, the oldest first.
std::vector<DecisionOfOrder> decisions_in(Connection& connection, const DecisionSpan& span,
                                          std::size_t limit);

/// Where a walk through all decisions is.
struct DecisionMark {
  UtcTime at{0};
  std::int64_t id = 0;
  friend bool operator==(const DecisionMark&, const DecisionMark&) = default;
};
struct OldDecision {
  DecisionMark mark;
  OrderId order;
};
/// Those made before a moment and behind a mark, at most `limit`, the oldest first.
std::vector<OldDecision> decisions_before(Connection& connection, UtcTime before,
                                          const DecisionMark& after, std::size_t limit);
void drop_decision(Connection& connection, std::int64_t id);

}  // namespace cairn::storage
