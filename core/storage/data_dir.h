#pragma once
// The data directory of one process: private to it (mode 0700), locked while it runs. Nobody else
// opens the database in it; tools ask the running process. Main thread.

#include "core/base/result.h"

#include <string>

namespace cairn::storage {

class DataDir {
 public:
  /// Creates the directory if needed and takes its lock. Errors: kConflict "data_dir_in_use"
  /// (another process runs on it), kUnavailable "data_dir_unavailable".
  static Result<DataDir> open(const std::string& path);
  /// The same for one that must be there with its database. Errors: also kNotFound "no_database".
  static Result<DataDir> open_existing(const std::string& path);

  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&& other) noexcept;
  ~DataDir();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string database() const { return path_ + "/cairn.sqlite"; }
  /// What a device remembers of configurations that head office wanted.
  [[nodiscard]] std::string remote_config() const { return path_ + "/remote-config.json"; }

 private:
  DataDir(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_ = -1;  ///< file descriptor that holds the lock
};

}  // namespace cairn::storage
