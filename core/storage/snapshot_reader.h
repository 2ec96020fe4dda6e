#pragma once
// Port for reads that take too long for the loop. Programs read on a thread of their own, the
// simulator where it stands.

#include "core/storage/sqlite/connection.h"

#include <functional>

namespace cairn::storage {

class SnapshotReader {
 public:
  /// Runs on a snapshot of the last commit, perhaps on another thread: it owns what it touches.
  using Query = std::function<void(Connection&)>;
  using Done = std::function<void(const Result<>&)>;

  virtual ~SnapshotReader() = default;

  /// `done` runs on the loop, after the query. Loop only. Errors given to `done`: kUnavailable
  /// "storage_failed", "database_unavailable", "reader_busy".
  virtual void read(Query query, Done done) = 0;
};

}  // namespace cairn::storage
