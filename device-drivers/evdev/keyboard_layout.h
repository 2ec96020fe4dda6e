#pragma once
// Which character a key is: the layout that a scanner in keyboard mode is set to, by the names of
// the X keyboard database (xkeyboard-config). Pure.

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace cairn::devices::evdev {

struct KeyboardLayout {
  std::string name = "us";  ///< "us", "de", "fr", "gb", …
  std::string variant;      ///< "nodeadkeys"; empty: the usual one

  /// "de" or "de(nodeadkeys)". Says nothing of whether the database has it: KeyDecoder::create().
  /// Errors: kInvalid "bad_layout".
  static Result<KeyboardLayout> parse(std::string_view text);
  /// As it is parsed.
  [[nodiscard]] std::string text() const;
};

/// kInvalid "bad_layout": there is none of that name.
Error bad_layout(std::string_view text);

}  // namespace cairn::devices::evdev
