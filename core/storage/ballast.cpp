#include "core/storage/ballast.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cairn::storage {
namespace {

constexpr std::uint64_t kBallastBlock = 512;  // of st_blocks, whatever the file system's own

}  // namespace

bool Ballast::held() const {
  struct stat file{};
  if (size_ == 0 || ::stat(path_.c_str(), &file) != 0) return false;
  return static_cast<std::uint64_t>(file.st_blocks) * kBallastBlock >= size_;
}

Result<> Ballast::hold() const {
  if (size_ == 0 || held()) return {};
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const int problem = file < 0 ? errno : ::posix_fallocate(file, 0, static_cast<off_t>(size_));
  if (file >= 0) ::close(file);
  if (problem == 0) return {};
  ::unlink(path_.c_str());
  return fail(ErrorCode::kUnavailable, "no_ballast",
              fmt::format("cannot reserve {} octets in {}: {}", size_, path_,
                          std::generic_category().message(problem)));
}

bool Ballast::release() const {
  struct stat file{};
  const bool there = ::stat(path_.c_str(), &file) == 0 && file.st_blocks > 0;
  return ::unlink(path_.c_str()) == 0 && there;
}

}  // namespace cairn::storage
