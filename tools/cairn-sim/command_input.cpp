#include "tools/cairn-sim/command_input.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace cairn::simulator {

std::optional<Result<std::string>> CommandInput::next() {
  while (!stop_.is_raised()) {
    const auto end = waiting_.find('\n');
    if (end != std::string::npos) {
      std::string line = waiting_.substr(0, end);
      waiting_.erase(0, end + 1);
      if (!std::exchange(skipping_, false)) return line;
    } else if (waiting_.size() > kMaxLine) {
      waiting_.clear();
      if (!std::exchange(skipping_, true)) {
        return fail(ErrorCode::kInvalid, "line_too_long",
                    fmt::format("a command has at most {} octets", kMaxLine));
      }
    } else if (!fill()) {
      // Half a command at the end of a file counts, one that a signal cut short does not.
      if (waiting_.empty() || skipping_ || stop_.is_raised()) return std::nullopt;
      return std::exchange(waiting_, {});
    }
  }
  return std::nullopt;
}

/// False when nothing more will come.
bool CommandInput::fill() {
  if (at_end_) return false;
  stop_.wait_readable(fd_);
  if (stop_.is_raised()) return false;
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
  if (count > 0) waiting_.append(buffer.data(), static_cast<std::size_t>(count));
  at_end_ = count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
  return !at_end_;
}

}  // namespace cairn::simulator
