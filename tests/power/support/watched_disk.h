#pragma once
// Watches what SQLite does to one database and its journals, from the first WatchedDisk on through
// a VFS that stands before the machine's own and is the default of the process. Product code
// is opened on it unchanged. The files are real ones: everything that was written is in them, and
// what a power loss would leave is in the model.

#include "tests/power/support/disk_model.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cairn::power {

class WatchedDisk {
 public:
  /// Watches the database at `path`; what is there counts as synced. To be made before it is
  /// opened, and to be dropped after it was closed. With `traced` operations are kept, too.
  explicit WatchedDisk(const std::string& path, bool traced = false);
  WatchedDisk(const WatchedDisk&) = delete;
  WatchedDisk& operator=(const WatchedDisk&) = delete;
  ~WatchedDisk();

  /// What was there at first.
  [[nodiscard]] const Image& first() const { return first_; }
  /// Names are "" (the database), "-wal" and "-journal".
  [[nodiscard]] const DiskModel& model() const { return model_; }
  [[nodiscard]] const std::vector<DiskOp>& trace() const { return trace_; }
  /// Operations so far.
  [[nodiscard]] std::uint64_t operations() const { return operations_; }

  /// The power fails after so many more operations: from then on every one is an I/O error.
  void cut_after(std::uint64_t operations) { left_ = operations; }
  /// Unless it has failed, it does not.
  void stay_on() {
    if (!is_cut()) left_.reset();
  }
  [[nodiscard]] bool is_cut() const { return left_ == 0; }

  /// The database at `path` becomes this image, its shared memory is gone.
  static void put(const std::string& path, const Image& image);
  static Image take(const std::string& path);

  // For the VFS.
  /// False: the power is off, nothing happens.
  bool happens(DiskOp op);
  [[nodiscard]] bool has(const std::string& name) const;

 private:
  std::string path_;
  Image first_;
  mutable std::mutex mutex_;
  DiskModel model_;
  bool traced_;
  std::vector<DiskOp> trace_;
  std::uint64_t operations_ = 0;
  std::optional<std::uint64_t> left_;
};

}  // namespace cairn::power
