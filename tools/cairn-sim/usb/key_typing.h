#pragma once
// The keys that a scanner in keyboard mode presses to make octets, by the layout it is set to: the
// way back from the one its reader goes. Pure.

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cairn::simulator {

/// A key goes down or up (linux/input-event-codes.h).
struct Keystroke {
  std::uint16_t code = 0;
  bool down = false;
};

struct TypingStyle {
  std::string layout = "us";  ///< of the X keyboard database, "de" or "de(nodeadkeys)"
  bool alt = false;           ///< everything as Alt and the octet's number on the numeric pad
  bool f8 = false;            ///< GS as F8, else as Ctrl and ]
};

class KeyTyping {
 public:
  /// Errors: kInvalid "bad_layout".
  static Result<KeyTyping> create(const TypingStyle& style);

  /// CR is Enter, HT is Tab. What the layout does not have is typed as by `alt`.
  [[nodiscard]] std::vector<Keystroke> strokes(BytesView octets) const;

 private:
  using Strokes = std::vector<Keystroke>;
  std::array<Strokes, 256> by_octet_;
};

}  // namespace cairn::simulator
