#pragma once
// How a scanner in keyboard mode misbehaves. Pure.

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::simulator {

struct WedgeFault {
  enum class Kind : std::uint8_t {
    kNone,
    kDrop,         ///< the middle of its next code is lost on the way (SYN_DROPPED)
    kStuck,        ///< the first key of its next code does not come up again, until "none"
    kUnplugAfter,  ///< the plug is pulled after that many more keys
  };
  Kind kind = Kind::kNone;
  std::size_t number = 0;

  /// "none", "drop", "stuck", "unplug_after=N". Errors: kInvalid "bad_fault".
  static Result<WedgeFault> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

}  // namespace cairn::simulator
