#pragma once
// Orders with money that is held and not taken, or could be held yet. Any connection; errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
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

/// Payments whose authorisation expired and that wait for no answer, asked for last before
/// `asked_before`, in the order in which they were opened; `limit` at most.
std::vector<PaymentId> unheld_payments(Connection& connection, UtcTime asked_before,
                                       std::size_t limit);

}  // namespace cairn::storage
