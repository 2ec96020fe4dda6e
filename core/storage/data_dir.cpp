#include "core/storage/data_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace cairn::storage {
namespace {

tl::unexpected<Error> unavailable(const std::string& path, const std::string& why) {
  return fail(ErrorCode::kUnavailable, "data_dir_unavailable",
              fmt::format("cannot use the data directory {}: {}", path, why));
}

/// Creates the folder, and the ones above it that are missing. Their names are on the disk when
/// this returns: else a power loss would take all that is saved in them along.
std::error_code create_synced(const std::filesystem::path& path) {
  std::error_code error;
  if (path.empty() || std::filesystem::is_directory(path, error)) return {};
  const std::filesystem::path above = path.parent_path();
  if (above != path) error = create_synced(above);
  if (!error) std::filesystem::create_directory(path, error);
  if (error) return error;
  const int folder =
      ::open(above.empty() ? "." : above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return {};  // it may be one that we must not read: nothing to be done about it
  const bool synced = fsync(folder) == 0;
  const std::error_code why(errno, std::system_category());
  close(folder);
  return synced ? std::error_code() : why;
}

std::string why_errno() { return std::error_code(errno, std::system_category()).message(); }

}  // namespace

Result<DataDir> DataDir::open(const std::string& path) {
  const std::error_code error = create_synced(path);
  if (error) return unavailable(path, error.message());
  if (chmod(path.c_str(), S_IRWXU) != 0) return unavailable(path, why_errno());
  const std::string lock_path = path + "/lock";
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) return unavailable(path, why_errno());
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    const std::string why = why_errno();
    close(lock);
    if (!held) return unavailable(path, why);
    return fail(
        ErrorCode::kConflict, "data_dir_in_use",
        fmt::format("another process runs on {}: stop it first, or ask it over HTTP", path));
  }
  return DataDir(path, lock);
}

Result<DataDir> DataDir::open_existing(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(DataDir(path, -1).database(), error)) {
    return fail(ErrorCode::kNotFound, "no_database",
                fmt::format("there is no database in {}", path));
  }
  return open(path);
}

DataDir::DataDir(DataDir&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir& DataDir::operator=(DataDir&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

DataDir::~DataDir() {
  if (lock_ >= 0) close(lock_);
}

}  // namespace cairn::storage
