#include "core/storage/disk_use.h"

#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace cairn::storage {
namespace {

constexpr std::uint64_t kStatBlock = 512;  // of st_blocks

tl::unexpected<Error> not_measured(const std::string& folder, const std::string& why) {
  return fail(ErrorCode::kUnavailable, "data_dir_unavailable",
              fmt::format("cannot measure {}: {}", folder, why));
}

}  // namespace

Result<DiskUse> disk_use(const std::string& folder, std::string_view except) {
  struct statvfs disk{};
  if (::statvfs(folder.c_str(), &disk) != 0) {
    return not_measured(folder, std::generic_category().message(errno));
  }
  DiskUse use;
  use.free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    struct stat file{};
    if (entries->path().filename().string() == except) continue;
    // A file that has gone meanwhile takes no room.
    if (::stat(entries->path().c_str(), &file) != 0) continue;
    if (S_ISREG(file.st_mode)) use.used += static_cast<std::uint64_t>(file.st_blocks) * kStatBlock;
  }
  if (error) return not_measured(folder, error.message());
  return use;
}

std::uint64_t reusable_bytes(Connection& connection) {
  std::uint64_t bytes = 1;
  for (const char* const pragma : {"PRAGMA freelist_count", "PRAGMA page_size"}) {
    Statement& select = connection.prepare(pragma);
    bytes *= select.bind().step() ? select.unsigned_integer(0) : 0;
    select.reset();
  }
  return bytes;
}

std::string_view name_of(DiskLevel level) {
  constexpr std::array<std::string_view, 5> kNames = {"ample", "tight", "short", "critical",
                                                      "full"};
  return kNames.at(static_cast<std::size_t>(level));
}

std::uint64_t room_of(const DiskUse& use, std::uint64_t budget) {
  const std::uint64_t disk = use.used + use.free;
  return budget == 0 ? disk : std::min(budget, disk);
}

DiskLevel level_of(const DiskUse& use, std::uint64_t budget) {
  const std::uint64_t room = room_of(use, budget);
  const std::uint64_t filled = use.used - std::min(use.used, use.reusable);
  const auto reached = [&](std::uint64_t percent) { return filled * 100 >= room * percent; };
  if (reached(95)) return DiskLevel::kCritical;
  if (reached(85)) return DiskLevel::kShort;
  return reached(70) ? DiskLevel::kTight : DiskLevel::kAmple;
}

}  // namespace cairn::storage
