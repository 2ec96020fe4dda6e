#pragma once
// Who this process is: written into its database at the first start and never changed, but for a
// site's incarnation (own_incarnations.h). Loop only.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>

namespace cairn::storage {

enum class Role : std::uint8_t { kSite, kHub };

struct Identity {
  Role role = Role::kSite;
  NodeId node;
  Incarnation inc;  ///< the hub's is its generation
  SiteId site;      ///< empty at the hub
  NodeId hub;       ///< the hub's node id; at a site nil until it was first heard of
};

/// The identity in the database; at the first start `wanted` becomes it.
/// Errors: kConflict "wrong_data_dir": the directory belongs to another node, site or role.
Result<Identity> establish_identity(Connection& writer, const Identity& wanted);

/// Reads what may have changed since the first start again: the incarnation and the hub.
void reload_identity(Connection& connection, Identity& identity);

/// Remembers the hub at a site.
void save_hub(Connection& writer, NodeId hub);

/// The hub's secret by which it knows records that it wrote: made at its first start, 32 octets.
Bytes seal_key(Connection& writer, Random& random);

/// A small value of this process that is not in the log, e.g. the greatest hwm the hub has told.
std::optional<std::uint64_t> load_number(Connection& writer, std::string_view name);
void save_number(Connection& writer, std::string_view name, std::uint64_t value);
void forget_number(Connection& writer, std::string_view name);

/// The hub's last stamp (Hlc) when this database was first in conversation with the hub; forgotten
/// when it was restored or copied: what came before may have been done by another. A stamp, not a
/// time: the hub's clock may be put back, its stamps go up.
inline constexpr std::string_view kDatabaseSince = "database_since_hlc";
/// The hub's clock was here at some time, in microseconds since 1970.
inline constexpr std::string_view kHubTimeFloor = "hub_time_floor";

}  // namespace cairn::storage
