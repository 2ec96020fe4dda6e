#pragma once
// Second copies of the hub's database: made page by page while it works, read back and verified in
// a thread of their own, kept in a folder. Only what a verified copy holds is told to devices as
// safe (docs/protocol.md, retention). Loop, but status(): any thread.

#include "core/base/env.h"
#include "core/runtime/side_thread.h"
#include "core/storage/copy_folder.h"
#include "core/storage/second_copy.h"
#include "core/storage/writer.h"

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cairn::central {

struct BackupConfig {
  enum class Kind : std::uint8_t {
    kUnset,   ///< nobody said anything: nothing is ever safe
    kWaived,  ///< "none": the hub's own copy has to do
    kFolder,
  };
  Kind kind = Kind::kUnset;
  std::string dir;
  Duration every = std::chrono::hours(24);
  std::size_t keep = 7;  ///< copies, from 1
};

/// "unset", "none", "folder".
std::string_view name_of(BackupConfig::Kind kind);

struct BackupStatus {
  bool running = false;
  std::optional<UtcTime> last;  ///< when the newest copy was made
  std::string problem;          ///< why the last attempt failed; empty: it did not
  bool same_disk = false;       ///< the copies are lost together with the database
  /// Something a person should change; empty: all is well.
  std::string warning;
};

class BackupService {
 public:
  enum class Verify : std::uint8_t { kOwnThread, kOnLoop };
  /// The marks of a verified copy are committed.
  using Safe = std::function<void(const std::vector<EventRef>&)>;

  BackupService(Env env, storage::Writer& writer, storage::Connection& source, BackupConfig config,
                Verify verify, Safe on_safe);

  /// Removes what a crash left half made and plans the next copy. Errors: kInvalid
  /// "bad_backup_dir".
  Result<> start(const std::string& data_dir);
  /// Begins a copy now. Errors: kConflict "no_backup_dir", kUnavailable "backup_running",
  /// "copy_failed".
  Result<> begin();

  [[nodiscard]] BackupStatus status() const;
  [[nodiscard]] const BackupConfig& config() const { return config_; }
  /// Finished copies, newest first; none without a folder. Any thread.
  [[nodiscard]] std::vector<storage::CopyFile> files() const;

 private:
  void plan(Duration delay);
  void go_on();
  void copied();
  void await_verdict();
  void verified(const Result<std::vector<EventRef>>& heads);
  void ended(const std::string& problem);
  [[nodiscard]] std::string warning_of(const BackupStatus& status) const;

  Env env_;
  storage::Writer* writer_;
  storage::Connection* source_;
  BackupConfig config_;
  storage::CopyFolder folder_;
  Verify verify_;
  Safe on_safe_;
  std::optional<storage::OnlineCopy> copy_;
  std::string file_;  ///< what the copy under way will be
  std::optional<Executor::TimerId> planned_;
  mutable std::mutex mutex_;
  BackupStatus status_;
  std::optional<Result<std::vector<EventRef>>> verdict_;  ///< on the last copy, until it is seen
  runtime::SideThread verifier_;                          ///< last: it uses the others
};

}  // namespace cairn::central
