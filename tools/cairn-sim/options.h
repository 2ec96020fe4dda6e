#pragma once
// The command line: which devices to play. The argument library is known to options.cpp only.

#include "core/base/result.h"
#include "tools/cairn-sim/virtual_scanner.h"

#include <string_view>
#include <variant>
#include <vector>

namespace cairn::simulator {

struct Options {
  std::vector<VirtualScannerConfig> scanners;  ///< at least one, names unique
};

/// The program is to end with this exit code: help was printed, or what is wrong with the
/// arguments.
enum class ExitCode : int {};

std::variant<Options, ExitCode> parse_options(int argc, const char* const* argv);

/// "name=DIR/link[,suffix=cr|lf|crlf][,aim][,baud=9600]". Errors: kInvalid "bad_scanner".
Result<VirtualScannerConfig> parse_scanner(std::string_view text);

}  // namespace cairn::simulator
