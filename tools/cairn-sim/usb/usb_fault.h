#pragma once
// How a USB device's wire misbehaves. Pure.

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::simulator {

struct UsbFault {
  enum class Kind : std::uint8_t {
    kNone,
    kNak,          ///< takes nothing and says nothing, for as long as it lasts
    kNakAfter,     ///< the same once it has taken that many more octets
    kStall,        ///< its endpoints are halted until the host clears the halt
    kStallReset,   ///< … until the host resets the device
    kStallReopen,  ///< … until the host opens it anew
    kOverflow,     ///< its next message is longer than the host asked for
    kShort,        ///< its next message is cut in half
    kGarbage,      ///< its next message is noise
    kStale,        ///< when plugged in again it first repeats what it said last
    kSlow,         ///< everything takes that many milliseconds
    kUnplugAfter,  ///< the plug is pulled when that many more octets (messages, of a device that
                   ///< only sends) have passed
  };
  Kind kind = Kind::kNone;
  std::size_t number = 0;

  /// "none", "nak", "stall", "stall_reset", "stall_reopen", "overflow", "short", "garbage",
  /// "stale", "slow=MS", "nak_after=N", "unplug_after=N". Errors: kInvalid "bad_fault".
  static Result<UsbFault> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

}  // namespace cairn::simulator
