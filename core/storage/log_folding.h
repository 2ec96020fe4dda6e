#pragma once
// Folds old records of the log into segments (docs/protocol.md, retention): their rows leave, their
// octets stay. Writer connection, inside a job, loop only; errors as in sqlite/connection.h.

#include "core/base/time.h"
#include "core/storage/event_log.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace cairn::storage {

struct FoldRule {
  Duration after = std::chrono::hours(24 * 14);  ///< younger records stay rows
  /// A segment has so many, or as many as there are before one that has to stay a row.
  std::size_t records = wire::kSegmentRecordsMost;
  /// Of an author that has been silent for so long, too, a smaller run folds as well: this many.
  std::size_t least = 64;
  /// Only what a feed confirms. False at the hub, which confirms by itself.
  bool confirmed_only = true;
};

/// Up to which number an author's records may fold, whatever their age.
using FoldLimit = std::function<std::uint64_t(const Author&)>;

/// A run of one author's records that may fold.
struct FoldRun {
  Author author;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool chained = true;  ///< false: of the hub's log, where only some of it is seen
};

/// The next run of the author that may fold: all of it confirmed, within `limit`, old, and nothing
/// of it in quarantine. The author's last record is never in it.
std::optional<FoldRun> run_to_fold(Connection& connection, const Author& author,
                                   std::uint64_t limit, const FoldRule& rule, UtcTime now);

/// Makes a segment of the run. Returns how many records have left their rows; 0 if the rows are not
/// what their chain says, a verification tells which, or if the segment cannot be read back.
std::size_t fold(Connection& writer, const FoldRun& run, const FoldRule& rule, UtcTime now);

/// What a look at some authors has done.
struct FoldStep {
  std::size_t records = 0;     ///< that were folded
  std::int64_t looked_at = 0;  ///< local number of the last author looked at; 0: there are no more
  std::vector<FoldRun> stuck;  ///< may fold by their age and cannot: see fold()
};
/// Looks at some authors whose local numbers come after `after`, and folds the first run that may.
FoldStep fold_some(Connection& writer, std::int64_t after, const FoldLimit& limit,
                   const FoldRule& rule, UtcTime now);

}  // namespace cairn::storage
