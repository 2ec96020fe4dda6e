#include "core/storage/copy_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

namespace cairn::storage {
namespace {

constexpr std::string_view kCopyPrefix = "cairn-hub-";
constexpr std::string_view kCopySuffix = ".sqlite";

/// Sorts by time: cairn-hub-20261126T053000123Z.sqlite.
std::string copy_name(UtcTime time) {
  std::string digits;
  for (const char c : time.text()) {
    if (c != '-' && c != ':' && c != '.') digits += c;
  }
  return fmt::format("{}{}{}", kCopyPrefix, digits, kCopySuffix);
}

/// When the copy of that name was made; the beginning of time for a name that says nothing.
UtcTime time_of_copy(std::string_view name) {
  constexpr std::size_t kDigits = 19;  // 20261126T053000123Z
  name.remove_prefix(kCopyPrefix.size());
  name.remove_suffix(kCopySuffix.size());
  if (name.size() != kDigits) return {};
  std::string time(name);
  constexpr std::array<std::pair<std::size_t, char>, 5> kMarks = {
      {{4, '-'}, {7, '-'}, {13, ':'}, {16, ':'}, {19, '.'}}};
  for (const auto& [at, mark] : kMarks) time.insert(at, 1, mark);
  const auto parsed = UtcTime::parse(time);
  return parsed ? *parsed : UtcTime{};
}

std::optional<dev_t> disk_of(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? std::optional(found.st_dev) : std::nullopt;
}

}  // namespace

Result<> CopyFolder::prepare() const {
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (!error && ::chmod(path_.c_str(), S_IRWXU) != 0) error = {errno, std::generic_category()};
  if (error) {
    return fail(ErrorCode::kInvalid, "bad_backup_dir",
                fmt::format("cannot use backup.dir {}: {}", path_, error.message()));
  }
  remove_parts();
  return {};
}

std::vector<CopyFile> CopyFolder::files() const {
  std::vector<CopyFile> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kCopyPrefix) || !name.ends_with(kCopySuffix)) continue;
    std::error_code gone;
    const std::uintmax_t bytes = entry.file_size(gone);
    if (!gone) files.push_back({name, bytes, time_of_copy(name)});
  }
  std::ranges::sort(files, std::greater<>(), &CopyFile::name);
  return files;
}

std::string CopyFolder::file_for(UtcTime time) const {
  return fmt::format("{}/{}", path_, copy_name(time));
}

void CopyFolder::remove_parts() const {
  std::error_code error;
  std::vector<std::filesystem::path> parts;
  for (const auto& entry : std::filesystem::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    // SQLite may have had files of its own beside it.
    const bool part = name.find(kCopyPart) != std::string::npos;
    if (name.starts_with(kCopyPrefix) && part) parts.push_back(entry.path());
  }
  for (const auto& part : parts) std::filesystem::remove(part, error);
}

void CopyFolder::remove_all_but(std::size_t newest) const {
  const auto all = files();
  for (std::size_t old = newest; old < all.size(); ++old) {
    std::error_code error;
    std::filesystem::remove(std::filesystem::path(path_) / all[old].name, error);
  }
}

bool CopyFolder::same_disk_as(const std::string& path) const {
  return disk_of(path_) == disk_of(path);
}

}  // namespace cairn::storage
