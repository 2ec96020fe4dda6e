#pragma once
// After a migration that dropped views: makes them anew from the log, once, before anything else is
// done with the database. Killed half way it begins anew at the next start.

#include "core/storage/replica.h"

namespace cairn::storage {

/// Does nothing unless a migration asked for it (meta.rebuild). Errors: kUnavailable
/// "storage_failed", kCorrupt "database_corrupt".
Result<> rebuild_views_if_asked(Replica& replica, Log& log);

}  // namespace cairn::storage
