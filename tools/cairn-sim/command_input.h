#pragma once
// Commands from a file descriptor, line by line, for as long as no signal asks the program to end.

#include "core/base/result.h"
#include "tools/cairn-sim/stop_signal.h"

#include <optional>
#include <string>

namespace cairn::simulator {

class CommandInput {
 public:
  static constexpr std::size_t kMaxLine = 65'536;

  CommandInput(int fd, const StopSignal& stop) : fd_(fd), stop_(stop) {}

  /// The next line without its end, also a last one that has none; nothing at the end of input or
  /// when the program has to end. Errors: kInvalid "line_too_long"; that line is skipped.
  std::optional<Result<std::string>> next();

 private:
  bool fill();

  int fd_;
  const StopSignal& stop_;
  std::string waiting_;
  bool at_end_ = false;
  bool skipping_ = false;  // the rest of a line that is too long
};

}  // namespace cairn::simulator
