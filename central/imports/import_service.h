#pragma once
// Imports under way: a slice of rows a commit, so that everything else gets its turn, and figures
// to watch. Kept in memory: after a restart a file is simply imported again, what is in stays.

#include "central/imports/import.h"
#include "core/base/env.h"
#include "core/storage/writer.h"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cairn::central {

struct ImportStatus {
  enum class State : std::uint8_t { kRunning, kDone, kFailed };

  Uuid id;
  ImportKind kind = ImportKind::kProducts;
  bool dry_run = false;
  State state = State::kRunning;
  std::string message;  ///< why it failed
  std::int64_t rows_total = 0;
  std::int64_t rows_done = 0;
  std::int64_t created = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
  std::int64_t without_effect = 0;
};

/// "running", "done", "failed".
std::string_view name_of(ImportStatus::State state);

class ImportService {
 public:
  using Progress = std::function<void(const ImportStatus&)>;

  /// `on_progress` is called on the loop after each slice.
  ImportService(Env env, storage::Writer& writer, Progress on_progress)
      : env_(env), writer_(&writer), on_progress_(std::move(on_progress)) {}

  /// Reads the file in the calling thread, then runs in the background. Any thread.
  /// Errors: kInvalid "bad_csv"; kUnavailable "import_running" (one at a time), "loop_full".
  Result<ImportStatus> begin(ImportKind kind, std::string_view csv, const ImportOptions& options);

  /// The last ones, newest first. Any thread.
  [[nodiscard]] std::vector<ImportStatus> list() const;
  [[nodiscard]] std::optional<ImportStatus> find(Uuid id) const;
  /// Rows to look at, from the `after`-th on. Nothing for an unknown import. Any thread.
  [[nodiscard]] std::optional<std::vector<RowProblem>> problems(Uuid id, std::size_t after,
                                                                std::size_t limit) const;

 private:
  struct Run {
    ImportStatus status;
    std::vector<RowProblem> problems;
    CsvTable table;
    std::unique_ptr<Importer> importer;
    std::size_t next = 0;
  };
  struct Slice {
    std::vector<std::pair<std::int64_t, RowResult>> results;  ///< line and what became of it
  };

  void advance(const std::shared_ptr<Run>& run);
  void note(Run& run, const Slice& slice);
  std::shared_ptr<Run> find_run(Uuid id) const;

  Env env_;
  storage::Writer* writer_;
  Progress on_progress_;
  mutable std::mutex mutex_;               ///< guards runs_ and every run's status and problems
  std::deque<std::shared_ptr<Run>> runs_;  // shared: the loop works on one while others look
};

}  // namespace cairn::central
