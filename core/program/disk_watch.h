#pragma once
// Keeps an eye on the room a program has: measures it, says how pressing it is, holds the ballast
// and gives it up when a commit finds the disk full. Loop, but status(): any thread.

#include "core/base/env.h"
#include "core/storage/ballast.h"
#include "core/storage/disk_use.h"
#include "core/storage/writer.h"

#include <cstdint>
#include <mutex>
#include <string>

namespace cairn::program {

struct StorageConfig {
  std::uint64_t budget = 0;   ///< octets the data directory may take; 0: what the disk has
  std::uint64_t ballast = 0;  ///< octets; 0: none
  Duration fold_after = std::chrono::hours(24 * 14);  ///< older records are folded (log_fold.h)
};

struct DiskStatus {
  storage::DiskLevel level = storage::DiskLevel::kAmple;
  storage::DiskUse use;
  std::uint64_t room = 0;  ///< octets `use.used` may reach
  bool ballast_held = false;

  /// For people: what the level means for them.
  [[nodiscard]] std::string sentence() const;
};

class DiskWatch {
 public:
  DiskWatch(Env env, std::string folder, StorageConfig config);

  /// Before the database is opened: gives the ballast up if nothing else is left, since opening
  /// needs some room, too.
  void before_open();
  /// From now on the writer's full disk is ours to deal with. Measures at once, then every ten
  /// seconds. Outlives the loop's run.
  void start(storage::Writer& writer);

  [[nodiscard]] DiskStatus status() const;

 private:
  void tick();
  void measure();
  bool make_room();
  void note(DiskStatus status);

  Env env_;
  std::string folder_;
  StorageConfig config_;
  storage::Ballast ballast_;
  storage::Writer* writer_ = nullptr;
  bool full_ = false;  ///< a commit failed for it, and no room came back since
  mutable std::mutex mutex_;
  DiskStatus status_;
};

}  // namespace cairn::program
