#pragma once
// Everything that happened to an order, over all sites, from the event log. Any thread.

#include "core/json/value.h"
#include "core/storage/projections/orders.h"

#include <optional>

namespace cairn::central {

/// The order's events, its ship groups' and its returns', by their stamps: a list of what, when,
/// where and by whom. `hub`: this process. Nothing: there is no such order.
std::optional<json::Value> order_timeline(storage::Connection& connection, OrderId order,
                                          NodeId hub);

}  // namespace cairn::central
