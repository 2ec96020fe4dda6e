#pragma once
// Where an order's units wait that no site has (core/domain/routing/parking_queue.h); at the hub.
// Written by Orders. Any connection. Errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/domain/routing/parking_queue.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

struct OrderQueue {
  domain::ParkingQueue queue = domain::ParkingQueue::kBrokering;
  std::optional<UtcTime> auto_cancel_at;
  bool said = false;  ///< by a person or a rule; else it follows from what became of the order
  friend bool operator==(const OrderQueue&, const OrderQueue&) = default;
};

/// SQL: the number of the queue of customer_order `o`, NULL if nothing of it waits. Where nobody
/// has said it: REJECTED_ITEM_PARKING if a site was short of it, else BROKERING. Units for whose
/// pickup the customer has to choose wait in PICKUP_REJECTED, if nothing else of the order waits.
const std::string& queue_expression();

/// SQL: whether customer_order `o` has units to be given to a site and is not held. It is answered
/// from what waits, not from all orders there ever were.
inline constexpr std::string_view kIsRoutable =
    "o.hold = '' AND o.id IN (SELECT w.order_id FROM order_line w WHERE w.waiting_milli > 0)";

/// Nothing: no unit of it waits.
std::optional<OrderQueue> queue_of(Connection& connection, OrderId order);

/// Whether a unit of it waits for a site; those for whose pickup the customer has to choose do not.
bool is_waiting(Connection& connection, OrderId order);

/// Where somebody has said that it waits, though perhaps nothing of it waits any more.
std::optional<domain::ParkingQueue> said_queue(Connection& connection, OrderId order);
/// When what waits of it is to be cancelled; nothing: never.
std::optional<UtcTime> auto_cancel_of(Connection& connection, OrderId order);

/// Orders whose time has come and that nobody holds, the earliest first, whether anything of them
/// waits or not.
std::vector<OrderId> orders_to_cancel(Connection& connection, UtcTime now, std::size_t limit);

}  // namespace cairn::storage
