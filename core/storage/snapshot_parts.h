#pragma once
// Parts of a snapshot that a site has fetched and not installed yet, by their hash: so they outlast
// a restart, and what two snapshots have in common is fetched once. Writer connection, loop only;
// errors as in sqlite/connection.h.

#include "core/crypto/hash.h"
#include "core/storage/sqlite/connection.h"

#include <optional>
#include <set>

namespace cairn::storage {

std::set<crypto::Hash128> held_parts(Connection& connection);
/// Nothing if it is not here.
std::optional<Bytes> read_part(Connection& connection, const crypto::Hash128& hash);
/// `octets` have this hash.
void save_part(Connection& writer, const crypto::Hash128& hash, const Bytes& octets);
void drop_part(Connection& writer, const crypto::Hash128& hash);
void drop_parts(Connection& writer);

}  // namespace cairn::storage
