#pragma once
// A thin RAII layer over the SQLite C API. sqlite3.h is known to this folder only.
//
// Statements throw SqlFailure; it never leaves the storage library: the two gates that run
// statements, Writer and ReadPool, catch it and turn it into an Error
// (docs/decisions/0007-storage-errors.md).
//
// Connection profile (docs/decisions/0006-one-writer.md): WAL, synchronous=FULL, one writer that
// alone checkpoints, readers that only read. A connection belongs to one thread at a time.

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace cairn::storage {

/// Reason of the error of a full disk.
inline constexpr const char* kDiskFull = "disk_full";

/// What SQLite reported, as far as the gates need to know.
struct SqlFailure {
  enum class Kind : std::uint8_t {
    kConstraint,  ///< a bug or hostile data: only the command that caused it fails
    kFull,        ///< the disk is full
    kCorrupt,     ///< the file is damaged, or no database
    kOther,       ///< I/O error, misuse: the whole transaction fails
  };
  Kind kind = Kind::kOther;
  std::string message;

  [[nodiscard]] Error error() const;
};

class Statement;
class OnlineCopy;

class Connection {
 public:
  enum class Durability : std::uint8_t {
    kFull,       ///< a COMMIT survives power loss
    kSimulated,  ///< no fsync: only where the test itself decides what survives
  };

  /// Creates the file if needed. Errors: kUnavailable "database_unavailable", kCorrupt.
  static Result<Connection> open_writer(const std::string& path, Durability durability);
  /// Sees the last commit at the time each transaction begins. Errors: kUnavailable, kCorrupt.
  static Result<Connection> open_reader(const std::string& path);
  /// A finished copy that nobody else has open: without a write-ahead log, one plain file, which
  /// stays one. The caller syncs it. Errors: kUnavailable, kCorrupt.
  static Result<Connection> open_copy(const std::string& path);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Prepared once for each text and kept. The reference is reset and ready to bind; it must not be
  /// used again while rows of its last run are still being read.
  Statement& prepare(std::string_view sql);
  /// Runs statements without parameters or rows.
  void execute(const char* sql);
  /// Ends a transaction that failed half-way; nothing to do if SQLite has ended it already.
  void roll_back();
  /// Writes the WAL back into the file; only the writer, when idle.
  void checkpoint();
  /// After a failed COMMIT: sees to it that what was told to be not saved is not found again at the
  /// next start. The writer only; nothing else is done with the connection afterwards.
  void void_failed_commit();
  /// Rows changed by the last INSERT, UPDATE or DELETE.
  [[nodiscard]] std::int64_t changes() const;
  /// Rows changed since it was opened, those that were rolled back, too.
  [[nodiscard]] std::int64_t total_changes() const;

 private:
  friend class OnlineCopy;
  struct Close {
    void operator()(sqlite3* handle) const;
  };

  explicit Connection(sqlite3* handle);
  static Result<Connection> open(const std::string& path, int flags, const std::string& pragmas);

  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
};

}  // namespace cairn::storage
