#pragma once
// What makes a copied database a second copy that may be counted on: read back whole, every log's
// chain recomputed, on the disk for good. Any thread; it takes as long as reading the file.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/storage/sqlite/online_copy.h"

#include <string>
#include <vector>

namespace cairn::storage {

/// Checks the database at `part` (integrity, the chains of all authors) and syncs it, then renames
/// it to `file` durably. Returns how far it holds each author's log. Errors: kCorrupt "bad_copy",
/// kUnavailable "copy_failed"; `part` is left as it is.
Result<std::vector<EventRef>> verify_copy(const std::string& part, const std::string& file);

}  // namespace cairn::storage
