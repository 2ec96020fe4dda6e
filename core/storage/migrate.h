#pragma once
// Brings a database to this program's schema: each file of schema/ is one step in one transaction,
// and PRAGMA user_version counts them. A new one gets what they come to at once. Loop only, before
// anything else.

#include "core/base/result.h"
#include "core/storage/sqlite/connection.h"

namespace cairn::storage {

/// "CRN1" in PRAGMA application_id: whose file this is.
inline constexpr std::int32_t kApplicationId = 0x43524E31;

/// Number of the newest schema.
int schema_version();

/// Errors: kCorrupt "not_ours" (another program's file), "database_too_new" (written by a newer
/// version: nothing is changed, install that version), kUnavailable (a step failed and was rolled
/// back).
Result<> migrate(Connection& writer);

}  // namespace cairn::storage
