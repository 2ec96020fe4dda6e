#pragma once
// What the hub does when a site has taken goods back: it alone knows every site's returns, so it
// contests what was refunded before elsewhere, and tells the site that filled the group. Loop only.

#include "core/domain/returns/return_ledger.h"
#include "core/storage/unit_of_work.h"

namespace cairn::central {

/// In the transaction that took the record. Errors: "record_too_large".
Result<> on_return_taken(storage::UnitOfWork& work,
                         const domain::Recorded<domain::ReturnTaken>& taken);

/// What a site knew before the hub has come (storage::Replica::ledgers_caught_up): compares again
/// what came back of the group at the site with what was sold of it, and contests what is too much.
/// Errors: "record_too_large".
Result<> contest_excess(storage::UnitOfWork& work, ShipGroupId group, const SiteId& site);

/// Units of the group have left. Goods of it that came back elsewhere before the hub heard of that
/// are compared again, and the site that filled it is told now. Errors: "record_too_large".
Result<> on_units_left(storage::UnitOfWork& work, ShipGroupId group);

/// A hand-over was a mistake, and somebody who had not heard so took units of it back, or has
/// since: what came back and was not sold is contested, other sites' first. Errors:
/// "record_too_large".
Result<> on_hand_over_undone(storage::UnitOfWork& work, const EventRef& undone);

}  // namespace cairn::central
