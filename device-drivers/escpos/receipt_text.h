#pragma once
// Texts in columns. A column is a character; receipt printers have no others. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices {

/// The characters of UTF-8, which must be well-formed.
std::u32string characters_of(std::string_view utf8);

/// In columns.
int width_of_text(std::string_view utf8);

/// One line of plain text: control characters, line separators and what turns the direction of
/// text around are blanks.
std::string one_line(std::string_view utf8);

/// Broken between words into lines of at most so many columns (at least 1); a word that is longer
/// is broken where it must. At least one line, which may be empty.
std::vector<std::string> wrapped(std::string_view utf8, int columns);

/// `left` and `right` at the two ends of a line of so many columns. `left` is cut if both do not
/// fit with a blank between them.
std::string at_both_ends(std::string_view left, std::string_view right, int columns);

std::string_view without_end_blanks(std::string_view text);

}  // namespace cairn::devices
