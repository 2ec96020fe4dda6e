#pragma once
// Generations of the hub (docs/protocol.md, generations). Each start of a hub's process begins one,
// so that the positions given out in a generation are one sequence, whatever is done to the
// database between two starts. How much of a copy is still the hub's own feed follows from where
// its feeds stood when generations began. Writer connection, loop only; errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"
#include "core/wire/message.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

/// How a hub came to know that its database had been put back.
enum class Noticed : std::uint8_t {
  kNot,      ///< it was not, as far as anybody knows
  kByGuard,  ///< the guard file names records that the database lacks
  kByNode,   ///< a node has been told of records that the database lacks
};

/// "", "GUARD", "NODE".
std::string_view name_of(Noticed noticed);

struct Generation {
  HubGeneration gen;
  UtcTime begun;
  Noticed noticed = Noticed::kNot;
  std::uint64_t given_back = 0;  ///< records that nodes returned to it
};

// ---- at the hub ----

/// In their order; the last one is now.
std::vector<Generation> generations(Connection& connection);
/// The hub was put back at some time, as far as anybody has noticed.
bool was_put_back(Connection& connection);
/// From now on `fresh` is. Changes meta and the feeds, too.
void begin_generation(Connection& writer, HubGeneration fresh, Noticed noticed, UtcTime now);
/// Keeps what was noticed first.
void note_put_back(Connection& writer, HubGeneration gen, Noticed noticed);
void count_given_back(Connection& writer, HubGeneration gen, std::uint64_t records);
/// All records of all authors that were ever here: it only grows.
std::uint64_t records_held(Connection& connection);
/// So far a copy of the feed is the feed as it is now. `copy`: the cursors of it, earlier
/// generations first; `head`: where the feed stands.
std::uint64_t common_position(Connection& connection, const std::string& feed, std::uint64_t head,
                              const std::vector<wire::FeedCursor>& copy);

// ---- at a site ----

/// Earlier generations of all feeds, the earliest of a feed first.
std::vector<wire::FeedCursor> past_cursors(Connection& connection);
/// The feed is not followed under `left` any more; what was taken of it beyond `common` is taken
/// back.
void leave_generation(Connection& writer, const std::string& feed, HubGeneration left,
                      std::uint64_t common);

}  // namespace cairn::storage
