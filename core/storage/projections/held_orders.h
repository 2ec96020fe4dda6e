#pragma once
// Orders with money that is held and not taken. Any connection; errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/sqlite/connection.h"

#include <set>
#include <vector>

namespace cairn::storage {

/// All of them, in the order in which their payments were opened; none twice.
std::vector<OrderId> held_orders(Connection& connection);
/// Those of them that these ship groups and payments are of.
std::vector<OrderId> held_orders(Connection& connection, const std::set<ShipGroupId>& groups,
                                 const std::set<PaymentId>& payments);

}  // namespace cairn::storage
