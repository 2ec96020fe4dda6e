#pragma once
// A copy of the live database, made page by page between commits (SQLite's online backup on the
// writer's own connection): what is committed meanwhile gets into the copy, too, and nobody waits.
// Writer connection, loop only.

#include "core/base/result.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3_backup;

namespace cairn::storage {

class OnlineCopy {
 public:
  /// Begins a copy as a new file; one that is there is overwritten. `source` outlives this.
  /// Errors: kUnavailable "copy_failed".
  static Result<OnlineCopy> begin(Connection& source, const std::string& path);

  OnlineCopy(OnlineCopy&&) noexcept = default;
  OnlineCopy& operator=(OnlineCopy&&) noexcept = default;

  /// Copies at most `pages` more. True: the file is complete and closed; it is not synced yet.
  /// Outside a transaction. Errors: kUnavailable "copy_failed", and the copy is void.
  Result<bool> step(int pages);

  /// Pages of the database and how many are not copied yet, as of the last step.
  [[nodiscard]] std::int64_t pages() const { return pages_; }
  [[nodiscard]] std::int64_t remaining() const { return remaining_; }

 private:
  struct Finish {
    void operator()(sqlite3_backup* handle) const;
  };
  OnlineCopy(Connection target, sqlite3_backup* handle);

  std::unique_ptr<Connection> target_;  ///< behind a pointer: the handle below refers to it
  std::unique_ptr<sqlite3_backup, Finish> handle_;
  std::int64_t pages_ = 0;
  std::int64_t remaining_ = 0;
};

}  // namespace cairn::storage
