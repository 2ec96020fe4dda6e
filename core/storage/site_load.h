#pragma once
// What sites were given to fill, for rules that look at their load. Any connection. Errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <map>

namespace cairn::storage {

/// Orders of which a site was given a ship group at `since` or later.
std::map<SiteId, std::int64_t> orders_given(Connection& connection, UtcTime since);
/// Units of an article that sites were given at `since` or later, less those short or cancelled.
std::map<SiteId, std::int64_t> milli_given(Connection& connection, const Sku& sku, UtcTime since);

}  // namespace cairn::storage
