#pragma once
// Looks into a write-ahead log without SQLite, which takes the first frame with a wrong checksum
// for the end: after a power loss it is, in a log that was harmed it is not.

#include <cstdint>
#include <set>
#include <string>

namespace cairn::storage {

struct WalLook {
  std::set<std::uint32_t> pages;  ///< numbers of the pages that SQLite would read from it
  /// Behind what SQLite reads there is a commit that was whole once: another frame was written
  /// after it, which happens only when it was synced. The last commit of a log has no such
  /// witness: harmed, it looks like one that was never answered.
  bool commits_lost = false;
};

/// Of the log of a database that nobody has open; a missing one is empty.
WalLook look_at_wal(const std::string& wal_path);

}  // namespace cairn::storage
