#include "core/storage/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace cairn::storage {
namespace {

/// Octets of a file that are on the disk when this returns true; errno tells otherwise.
bool write_through(const std::string& path, std::string_view text, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  const bool written =
      text.empty() || ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = ::fsync(file) == 0;
  return ::close(file) == 0 && written && synced;
}

}  // namespace

Result<> replace_file(const std::string& file, std::string_view text) {
  const std::string fresh = file + ".new";
  const std::string folder = std::filesystem::path(file).parent_path().string();
  const bool done = write_through(fresh, text, O_WRONLY | O_CREAT | O_TRUNC) &&
                    ::rename(fresh.c_str(), file.c_str()) == 0 &&
                    write_through(folder.empty() ? "." : folder, "", O_RDONLY | O_DIRECTORY);
  if (done) return {};
  return fail(ErrorCode::kUnavailable, "file_not_written",
              fmt::format("cannot write {}: {}", file, std::generic_category().message(errno)));
}

std::optional<std::string> read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) return std::nullopt;
  std::ostringstream text;
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace cairn::storage
