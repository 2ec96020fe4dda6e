#pragma once
// Six-digit codes for customers who come for their goods. The code itself is told once and kept
// nowhere; the ship group carries its salted hash, so that a site can check it without a network.
// Loop only.

#include "core/base/random.h"
#include "core/storage/unit_of_work.h"

#include <string>

namespace cairn::central {

/// A new code for the group; the old one is worth nothing from now on. Unlike every code that is
/// still good at the same site. Errors: those of domain::decide().
Result<std::string> mint_pickup_code(storage::UnitOfWork& work, Random& random, ShipGroupId group,
                                     UserId actor);

}  // namespace cairn::central
