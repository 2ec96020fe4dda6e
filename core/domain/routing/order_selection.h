#pragma once
// Which orders a routing takes from its queues, and in which order. Pure.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/domain/routing/rules.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::domain {

/// Units of an order that wait in one queue, with what filters and sorts look at.
struct WaitingOrder {
  OrderId order;
  ParkingQueue queue = ParkingQueue::kBrokering;
  std::string shipping_method;
  std::int64_t priority = 0;  ///< the lower the sooner
  std::string sales_channel;
  std::vector<std::string> product_categories;  ///< of all its lines
  std::vector<std::string> origin_groups;
  UtcTime ordered_at;
  UtcTime ship_after;
  UtcTime ship_by;
  std::int64_t delivery_days = 0;  ///< of its shipping method
  std::int64_t promise_days = 0;   ///< until it was promised to arrive
  std::string country;             ///< ISO 3166-1 alpha-2
  bool hazmat = false;             ///< dangerous goods are among it
  std::optional<UtcTime> auto_cancel_at;
  std::vector<CostNeed> needs;
};

bool matches(const OrderFilters& filters, const WaitingOrder& order);

/// Indexes of the orders that wait in one of the routing's queues and match its filters, by its
/// sorts, then by order date, then by id. What waits in PICKUP_REJECTED is never among them.
std::vector<std::size_t> select_orders(const OrderRouting& routing,
                                       const std::vector<WaitingOrder>& orders);

}  // namespace cairn::domain
