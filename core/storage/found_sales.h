#pragma once
// Sales that the hub was asked for, because somebody brought back what another site sold.
// Local: never replicated, kept so that the return can be taken without a network. Inside a job;
// errors as in sqlite/connection.h.

#include "core/base/time.h"
#include "core/domain/returns/sale.h"
#include "core/storage/sqlite/connection.h"

#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// Replaces what was known of it. `asked`: what the hub was asked, e.g. the number on a label.
void save_found_sale(Connection& writer, const domain::Sale& sale, const std::string& asked,
                     UtcTime now);
/// Any connection.
std::optional<domain::Sale> found_sale(Connection& connection, ShipGroupId group);
/// Those of an order's number, or found by this question; the last one first. Any connection.
std::vector<domain::Sale> found_sales(Connection& connection, const std::string& text);

}  // namespace cairn::storage
