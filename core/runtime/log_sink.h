#pragma once
// The log of a program: one JSON object a line on a file descriptor, which the supervisor stores.
// Fields follow the members ts, level, event and program; one that bears such a name gets a '_' in
// front.

#include "core/base/log.h"
#include "core/base/time.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::runtime {

class JsonLog final : public Log {
 public:
  /// `fd` stays the caller's, e.g. 1. Lines below `minimum` are not written.
  JsonLog(int fd, const Clock& clock, std::string program, LogLevel minimum = LogLevel::kInfo);

  /// One line, one write(2), so that lines of several processes do not mix. Any thread. A value of
  /// more than 4 KiB is cut: what peers send must not fill the disk.
  void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) override;

  /// Any thread.
  void set_minimum(LogLevel minimum) { minimum_ = minimum; }
  /// The last lines that were written, the oldest first; at most kKept are kept. Any thread.
  [[nodiscard]] std::vector<std::string> recent(std::size_t lines) const;
  static constexpr std::size_t kKept = 200;
  /// Lines that could not be written: nobody can be told in another way.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  const int fd_;
  const Clock& clock_;
  const std::string program_;
  std::atomic<LogLevel> minimum_;
  std::atomic<std::uint64_t> lost_ = 0;
  mutable std::mutex mutex_;
  std::deque<std::string> kept_;  ///< guarded by mutex_; without line ends
};

}  // namespace cairn::runtime
