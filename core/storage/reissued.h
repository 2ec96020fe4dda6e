#pragma once
// Where this device's own records are after its log was repaired (docs/protocol.md, repair). Any
// connection; errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/identity.h"
#include "core/storage/sqlite/connection.h"

namespace cairn::storage {

/// The number under which an own record was written again last; its own if it was not, or if
/// another device wrote it.
EventRef present_number(Connection& connection, const Identity& self, EventRef record);

}  // namespace cairn::storage
