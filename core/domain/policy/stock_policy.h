#pragma once
// What a ship group's or a return's event means for the stock: follow-up facts that the author
// writes in the same transaction. Pure; never on replay or for somebody else's record.

#include "core/domain/fulfilment/ship_group.h"
#include "core/domain/returns/return_ledger.h"
#include "core/domain/stock/stock.h"

#include <vector>

namespace cairn::domain {

/// `group` as it was before the event.
std::vector<StockEvent> stock_events_of(const ShipGroup& group, const ShipGroupEvent& event);

std::vector<StockEvent> stock_events_of(const ReturnTaken& taken);

}  // namespace cairn::domain
