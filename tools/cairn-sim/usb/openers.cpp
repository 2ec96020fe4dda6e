#include "tools/cairn-sim/usb/openers.h"

#include "core/base/numbers.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace cairn::simulator {

int openers_of(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const std::string self = fmt::format("{}", ::getpid());
  int count = 0;
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const std::string name = process.path().filename().string();
    if (name == self || !parse_unsigned(name)) continue;
    for (const auto& open : fs::directory_iterator(process.path() / "fd", ignored)) {
      count += fs::read_symlink(open.path(), ignored) == file ? 1 : 0;
    }
  }
  return count;
}

}  // namespace cairn::simulator
