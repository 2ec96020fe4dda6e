#pragma once
// Orders as docs/api/hub.openapi.yaml shows them. Any connection.

#include "core/json/value.h"
#include "core/storage/projections/orders.h"

#include <optional>
#include <vector>

namespace cairn::central {

json::Value order_json(storage::Connection& connection, const storage::OrderRow& order,
                       const std::vector<storage::OrderLineRow>& lines);

/// "kit": what the line is part of, or null.
void set_kit(json::Value& object, const domain::OrderLine& line);

/// With its lines, its ship groups and what is short. Nothing: there is no such order.
std::optional<json::Value> order_detail_json(storage::Connection& connection, OrderId id);

}  // namespace cairn::central
