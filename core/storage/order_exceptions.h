#pragma once
// Ship groups and orders that do not fit together any more, because the hub lost what it knew of
// the order when its database was put back. At the hub; a person settles them. Any connection.

#include "core/storage/projections/ship_groups.h"

#include <optional>
#include <vector>

namespace cairn::storage {

/// ORDER_UNKNOWN: a group whose order is not here: it has to be sent again. ORDER_OVERFILLED: units
/// of a line that sites were given too much of, with the last of its groups. None at a site's
/// replica. The cause is the group's allocation.
std::vector<ShipGroupExceptionRow> order_exceptions(Connection& connection,
                                                    const std::optional<SiteId>& site);

}  // namespace cairn::storage
