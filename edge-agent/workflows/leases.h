#pragma once
// The leases of this device: what is asked back, or is over by its clock that never goes back, is
// given back. Inside a job of the writer. Loop only.

#include "core/storage/unit_of_work.h"

#include <optional>

namespace cairn::agent {

/// Gives back what is to be given back, and says when the next lease is over; nothing: there is
/// none. Errors: those of UnitOfWork::record().
Result<std::optional<UtcTime>> settle_leases(storage::UnitOfWork& work);

}  // namespace cairn::agent
