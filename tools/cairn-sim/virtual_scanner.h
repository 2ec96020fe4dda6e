#pragma once
// A barcode scanner that exists only as its serial line. It sends what a real one sends: AIM
// identifier (if set up so), code, suffix, at the line's speed. One thread.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "tools/cairn-sim/pty.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::simulator {

/// Lets time pass. Errors: kUnavailable "stopped", at once, when the program has to end.
using Pause = std::function<Result<>(Duration)>;

struct VirtualScannerConfig {
  std::string name;
  std::string link;
  std::string suffix = "\r";
  bool aim = false;                   ///< sends AIM symbology identifiers (ISO/IEC 15424)
  std::optional<std::uint32_t> baud;  ///< speed of the line; at once if not given, like USB
};

/// What is printed on the paper.
struct Label {
  std::optional<std::string> aim;  ///< e.g. "]C1"; otherwise what the form of the code suggests
  Bytes code;
};

class VirtualScanner {
 public:
  VirtualScanner(VirtualScannerConfig config, Pause pause);

  [[nodiscard]] const VirtualScannerConfig& config() const { return config_; }

  /// Errors: kConflict "plugged", and those of Pty::create().
  Result<> plug();
  /// Errors: kConflict "unplugged".
  Result<> unplug();

  /// Reads a label and returns the octets it sent.
  /// Errors: kInvalid "no_code", kConflict "no_aim", and those of send().
  Result<Bytes> scan(const Label& label);

  /// Sends octets as they are. Errors: kConflict "unplugged", kUnavailable "not_open" (as with a
  /// real scanner the octets are lost then), "not_read", "stopped".
  Result<> send(BytesView octets);

 private:
  VirtualScannerConfig config_;
  Pause pause_;
  std::unique_ptr<Pty> pty_;  // none: unplugged
};

}  // namespace cairn::simulator
