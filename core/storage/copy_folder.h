#pragma once
// The folder in which verified copies of a database are kept. Any thread.

#include "core/base/result.h"
#include "core/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

/// What a copy is called until it was verified: its name and this.
inline constexpr std::string_view kCopyPart = ".part";

/// A verified copy.
struct CopyFile {
  std::string name;
  std::uint64_t bytes = 0;
  UtcTime made;
};

class CopyFolder {
 public:
  explicit CopyFolder(std::string path) : path_(std::move(path)) {}

  /// Makes it, for nobody else to read, and removes what is half made. Errors: kInvalid
  /// "bad_backup_dir".
  [[nodiscard]] Result<> prepare() const;
  /// Newest first.
  [[nodiscard]] std::vector<CopyFile> files() const;
  /// Where a copy made at that time belongs.
  [[nodiscard]] std::string file_for(UtcTime time) const;
  void remove_parts() const;
  void remove_all_but(std::size_t newest) const;
  /// Both are lost together.
  [[nodiscard]] bool same_disk_as(const std::string& path) const;

 private:
  std::string path_;
};

}  // namespace cairn::storage
