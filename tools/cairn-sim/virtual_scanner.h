#pragma once
// A barcode scanner that exists only as its serial line. It sends what a real one sends: AIM
// identifier (if set up so), code, suffix, at the line's speed. Any thread.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/pty.h"
#include "tools/cairn-sim/virtual_device.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
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

/// A real scanner knows the symbology from the bars. We go by the form: EAN-13, EAN-8, else Code
/// 128.
std::string_view usual_aim(BytesView code);

class VirtualScanner final : public VirtualDevice, public PlayedScanner {
 public:
  VirtualScanner(VirtualScannerConfig config, Pause pause);

  Result<> plug() override;
  /// Also in the middle of a code: what was not sent yet is lost.
  Result<> unplug() override;
  void tell_place(json::Value& into) const override;
  void tell_state(json::Value& into) const override;

  Result<Bytes> scan(const Label& label) override;
  /// Errors, too: kUnavailable "not_read", "stopped".
  Result<> send(BytesView octets) override;

 private:
  Result<> send_portion(BytesView octets);

  const VirtualScannerConfig config_;
  const Pause pause_;
  std::mutex sending_;        // one code at a time
  mutable std::mutex wire_;   // guards what follows
  std::unique_ptr<Pty> pty_;  // none: unplugged
  std::deque<std::string> recent_;
};

}  // namespace cairn::simulator
