#pragma once
// How far each author's log is also in a verified second copy of the hub's database. Writer
// connection, loop only; errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/storage/sqlite/connection.h"

#include <vector>

namespace cairn::storage {

/// Marks of all authors; `seq` is the last record that is safe.
std::vector<EventRef> safe_marks(Connection& connection);
/// Replaces the author's mark: whoever calls it knows why it may fall (another hub generation).
void save_safe_mark(Connection& writer, const EventRef& mark);

}  // namespace cairn::storage
