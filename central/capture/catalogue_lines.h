#pragma once
// Lines of orders as the catalogue has their articles now. Any connection.

#include "core/domain/order/order.h"
#include "core/storage/unit_of_work.h"

#include <string_view>
#include <vector>

namespace cairn::central {

/// Fills in names and units of measure. A line that sells a kit is replaced by its parts where it
/// stands, with the numbers behind the last one; those of a single kit go together. `member`: of
/// the request that has the lines; `others`: what the order has beside them. Errors: kInvalid
/// "unknown_sku"; those of domain::parts_of().
Result<> fill_from_catalogue(storage::Connection& connection, std::vector<domain::OrderLine>& lines,
                             std::string_view member = "lines",
                             const std::vector<domain::OrderLine>& others = {});

/// The kits as they were resolved when the order was placed, whatever they are made of by now: as
/// far as the lines sell them for the same.
void resolve_kits_as(const std::vector<domain::OrderLine>& before,
                     std::vector<domain::OrderLine>& lines);

}  // namespace cairn::central
