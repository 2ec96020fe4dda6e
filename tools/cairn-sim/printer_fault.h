#pragma once
// How a printer's network side misbehaves, each as a real one was seen to. Pure.

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::simulator {

struct PrinterFault {
  enum class Kind : std::uint8_t {
    kNone,
    kMute,   ///< takes and prints everything, and never answers ~HS
    kDeaf,   ///< accepts connections and never reads
    kClose,  ///< closes connections without reading
    kReset,  ///< resets a connection after some octets
    kSlow,   ///< answers ~HS late and in pieces
  };
  Kind kind = Kind::kNone;
  std::size_t reset_after = 0;  ///< kReset: octets of a connection that are still taken

  /// "none", "mute", "deaf", "close", "slow", "reset_after=N". Errors: kInvalid "bad_fault".
  static Result<PrinterFault> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

}  // namespace cairn::simulator
