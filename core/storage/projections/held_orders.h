#pragma once
// Orders with money that is held and not taken. Any connection; errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/sqlite/connection.h"

#include <set>
#include <vector>

namespace cairn::storage {

/// All of them, in the order in which their payments were opened; none twice.
std::vector<OrderId> held_orders(Connection& connection);
/// Of them these orders, and those that these ship groups and payments are of.
struct HeldOf {
  const std::set<OrderId>& orders;
  const std::set<ShipGroupId>& groups;
  const std::set<PaymentId>& payments;
};
std::vector<OrderId> held_orders(Connection& connection, const HeldOf& of);

}  // namespace cairn::storage
