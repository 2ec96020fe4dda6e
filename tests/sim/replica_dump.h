#pragma once
// The rows of a replica as text, in a canonical order: equal texts, equal replicas. Column names
// are read from the database, so that no new column is forgotten.

#include "core/base/ids.h"
#include "core/storage/log_reader.h"
#include "core/storage/sqlite/connection.h"

#include <string>
#include <vector>

namespace cairn::sim {

/// Everything that follows from the site's feed and the catalogue: equal at the hub and on every
/// device of the site.
std::string dump_site(storage::Connection& connection, const SiteId& site);

/// What a device is told of itself: equal at the hub and on this device alone.
std::string dump_node(storage::Connection& connection, NodeId node);

/// All records that a replica holds, by author and number, whether they are rows or folded.
std::vector<storage::LogRow> all_records(storage::Connection& connection);

/// Orders; at the hub only.
std::string dump_orders(storage::Connection& connection);

/// The first lines of two dumps that are not the same.
std::string first_difference(const std::string& ours, const std::string& theirs);

}  // namespace cairn::sim
