#include "core/runtime/log_sink.h"

#include "core/json/value.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace cairn::runtime {
namespace {

constexpr std::size_t kMaxValue = 4096;
constexpr int kPatienceMs = 1000;
constexpr std::array<std::string_view, 4> kOurs = {"ts", "level", "event", "program"};

/// False if the line, or its end, could not be written.
bool write_all(int fd, std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(fd, line.data(), line.size());
    if (written >= 0) {
      line.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    pollfd full{fd, POLLOUT, 0};  // a pipe that somebody made non-blocking
    if (errno != EAGAIN || ::poll(&full, 1, kPatienceMs) <= 0) return false;
  }
  return true;
}

}  // namespace

JsonLog::JsonLog(int fd, const Clock& clock, std::string program, LogLevel minimum)
    : fd_(fd), clock_(clock), program_(std::move(program)), minimum_(minimum) {}

void JsonLog::write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < minimum_) return;
  auto line = json::Value::object();
  line.set("ts", clock_.utc_now().text());
  line.set("level", name_of(level));
  line.set("event", event);
  line.set("program", program_);
  for (const auto& [name, value] : fields) {
    const bool taken = std::ranges::find(kOurs, name) != kOurs.end();
    const std::string_view text = value;
    line.set(taken ? "_" + std::string(name) : std::string(name),
             text.size() > kMaxValue ? std::string(text.substr(0, kMaxValue)) + "..." : value);
  }
  const std::string text = line.dump();
  const std::scoped_lock lock(mutex_);
  if (!write_all(fd_, text + "\n")) ++lost_;
  if (kept_.size() == kKept) kept_.pop_front();
  kept_.push_back(text);
}

std::vector<std::string> JsonLog::recent(std::size_t lines) const {
  const std::scoped_lock lock(mutex_);
  const std::size_t count = std::min(lines, kept_.size());
  return {kept_.end() - static_cast<std::ptrdiff_t>(count), kept_.end()};
}

}  // namespace cairn::runtime
