#pragma once
// What a fulfilment event does to stock: follow-up facts, decided once, by the event's author, in
// the same unit of work. Never on replay and never on a peer's event. Pure.

#include "core/domain/fulfilment/ship_group.h"
#include "core/domain/stock/stock.h"

#include <vector>

namespace cairn::domain {

/// `group`: the state before the event.
std::vector<StockMoved> stock_moves_of(const ShipGroup& group, const ShipGroupEvent& event);

}  // namespace cairn::domain
