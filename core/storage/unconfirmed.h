#pragma once
// Records of others that no feed confirms (any more), in the order in which a hub that was put back
// can take them: its own first, then each node's in its order. Writer connection, loop only; errors
// as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/sqlite/connection.h"

#include <vector>

namespace cairn::storage {

std::vector<EventRef> unconfirmed_of_others(Connection& connection, NodeId own, NodeId hub);

}  // namespace cairn::storage
