#include "core/runtime/detail/secret_file.h"

#include "core/runtime/unique_fd.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace cairn::runtime {
namespace {

constexpr std::size_t kMaxSecret = 4096;

}  // namespace

Result<std::string> read_secret_file(const std::string& path) {
  // Non-blocking, because opening a pipe that nobody writes would wait for ever.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0) {
    return fail(ErrorCode::kNotFound, "no_secret",
                fmt::format("cannot read {}: {}", path, std::generic_category().message(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kInvalid, "bad_secret", fmt::format("{} is not a plain file", path));
  }
  if ((status.st_mode & 077U) != 0) {
    return fail(ErrorCode::kDenied, "secret_exposed",
                fmt::format("others than its owner may read {}; run: chmod 600 {}", path, path));
  }
  std::array<char, kMaxSecret + 1> content{};
  const ssize_t got = ::read(file.get(), content.data(), content.size());
  const std::string_view text(content.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.empty() || line.size() > kMaxSecret) {
    return fail(ErrorCode::kInvalid, "bad_secret",
                fmt::format("the first line of {} must have 1 to {} octets", path, kMaxSecret));
  }
  return std::string(line);
}

}  // namespace cairn::runtime
