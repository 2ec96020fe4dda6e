#pragma once
// Plain text as it may stand on a label. Pure.

#include <initializer_list>
#include <string>
#include <string_view>

namespace cairn::devices {

/// For ^FD behind ^FH: everything that ZPL could take for more than a letter as its octets; control
/// characters as blanks.
std::string escaped(std::string_view text);

/// A line of text in the printer's scalable font (^A0).
struct FittedText {
  int height = 0;  ///< in dots; the width is the same
  std::string text;
};

/// `text` (UTF-8) in the first of the heights, largest first, in which it is at most `dots` wide;
/// if it is in none, its beginning and "..." in the last. Widths are estimates on the safe side.
FittedText fit(std::string_view text, int dots, std::initializer_list<int> heights);

}  // namespace cairn::devices
