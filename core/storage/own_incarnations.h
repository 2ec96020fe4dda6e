#pragma once
// The incarnations of this device (docs/protocol.md, repair): the last one writes, the ones before
// are still sent to the hub as far as it lacks them. Site only, writer connection, loop only.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

/// Why an incarnation was begun.
enum class Beginning : std::uint8_t {
  kFirst,     ///< the device's first start
  kRestored,  ///< its database is older than what it sent, or than its guard file says
  kForked,    ///< the hub holds other records under its numbers
};

/// "FIRST", "RESTORED", "FORKED".
std::string_view name_of(Beginning why);

struct OwnIncarnation {
  Incarnation inc;
  Beginning why = Beginning::kFirst;
  std::uint64_t acked = 0;  ///< greatest hwm the hub has told, as saved
  bool settled = false;     ///< the hub has all that it will get of it
  UtcTime begun;
};

/// In their order; the last one writes.
std::vector<OwnIncarnation> own_incarnations(Connection& connection);

/// From now on `fresh` writes. Changes meta, too: the next start knows it.
void begin_incarnation(Connection& writer, Incarnation fresh, Beginning why, UtcTime now);

/// Records of an earlier incarnation came back from a neighbour, beyond what was known of it: the
/// hub may lack them, so it is not settled (any more). One that a restored database does not know
/// gets its place before the one that writes.
void adopt_incarnation(Connection& writer, Incarnation earlier, UtcTime now);

void save_acked(Connection& writer, Incarnation inc, std::uint64_t acked);
void settle_incarnation(Connection& writer, Incarnation inc);
/// The hub may have lost some of what it had: each is compared with it again.
void unsettle_incarnations(Connection& writer);

}  // namespace cairn::storage
