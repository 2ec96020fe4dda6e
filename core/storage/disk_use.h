#pragma once
// How much room a data directory takes, and how much there is. Any thread.

#include "core/base/result.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::storage {

struct DiskUse {
  std::uint64_t used = 0;  ///< octets on the disk of the folder's files
  std::uint64_t free = 0;  ///< octets that may still be written
  /// Of the used ones, those inside the database that it writes again before it grows.
  std::uint64_t reusable = 0;
};

/// Octets of free pages in a database's file, for DiskUse::reusable. Any connection; errors as in
/// sqlite/connection.h.
std::uint64_t reusable_bytes(Connection& connection);

/// `except`: the name of a file that does not count as used. Nothing is taken for reusable. Errors:
/// kUnavailable "data_dir_unavailable".
Result<DiskUse> disk_use(const std::string& folder, std::string_view except);

/// How pressing it is; each level begins at the share of the room named behind it.
enum class DiskLevel : std::uint8_t {
  kAmple,
  kTight,     ///< 70 %
  kShort,     ///< 85 %
  kCritical,  ///< 95 %: what nobody waits for is refused
  kFull,      ///< a commit found the disk full; the ballast is given up, or gone
};

/// "ample", "tight", "short", "critical", "full".
std::string_view name_of(DiskLevel level);

/// The room there is: `budget` octets, or what the disk has if that is less; `budget` 0: the disk.
std::uint64_t room_of(const DiskUse& use, std::uint64_t budget);
/// What is reusable counts as free. Never kFull: that is learnt from a commit.
DiskLevel level_of(const DiskUse& use, std::uint64_t budget);

}  // namespace cairn::storage
