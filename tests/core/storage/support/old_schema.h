#pragma once
// Databases as an earlier version of this program left them.

#include "core/storage/sqlite/connection.h"

#include <string>

namespace cairn::storage::test {

/// Brings an empty database to schema `version` by the files of core/storage/schema alone.
void make_old_database(Connection& connection, int version);

/// Fills a database of schema 5 with the log, the catalogue and the stock of the database in
/// `path`. What later versions made of them is not there.
void copy_log(Connection& to, const std::string& path);

}  // namespace cairn::storage::test
