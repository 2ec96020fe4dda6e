#include "device-drivers/escpos/receipt_text.h"

#include <algorithm>

namespace cairn::devices {
namespace {

constexpr bool begins_character(char octet) {
  return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U;
}

/// The octets of the first so many columns.
std::string_view first_columns(std::string_view utf8, int columns) {
  std::size_t at = 0;
  while (at < utf8.size() && (columns > 0 || !begins_character(utf8[at]))) {
    if (begins_character(utf8[at])) --columns;
    ++at;
  }
  return utf8.substr(0, at);
}

bool is_blank_on_paper(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

}  // namespace

std::string_view without_end_blanks(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::u32string characters_of(std::string_view utf8) {
  std::u32string out;
  for (const char c : utf8) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80U) {
      out.push_back(octet);
    } else if (!begins_character(c)) {
      if (!out.empty()) out.back() = out.back() << 6U | (octet & 0x3FU);
    } else {
      out.push_back(octet >= 0xF0U   ? octet & 0x07U
                    : octet >= 0xE0U ? octet & 0x0FU
                                     : octet & 0x1FU);
    }
  }
  return out;
}

int width_of_text(std::string_view utf8) {
  return static_cast<int>(std::ranges::count_if(utf8, begins_character));
}

std::string one_line(std::string_view utf8) {
  std::string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::string_view character = first_columns(utf8.substr(at), 1);
    out += is_blank_on_paper(characters_of(character).front()) ? std::string_view(" ") : character;
    at += character.size();
  }
  return out;
}

std::vector<std::string> wrapped(std::string_view utf8, int columns) {
  std::vector<std::string> lines{""};
  while (!utf8.empty()) {
    std::string_view word = utf8.substr(0, utf8.find(' '));
    utf8.remove_prefix(std::min(word.size() + 1, utf8.size()));
    if (word.empty()) continue;
    const int used = width_of_text(lines.back());
    if (used > 0 && used + 1 + width_of_text(word) <= columns) {
      lines.back() += ' ';
    } else if (used > 0) {
      lines.emplace_back();
    }
    while (width_of_text(word) > columns) {
      const std::string_view piece = first_columns(word, columns);
      lines.back() = piece;
      lines.emplace_back();
      word.remove_prefix(piece.size());
    }
    lines.back() += word;
  }
  return lines;
}

std::string at_both_ends(std::string_view left, std::string_view right, int columns) {
  const int room = std::max(columns - width_of_text(right) - 1, 0);
  std::string line(first_columns(left, room));
  const int blanks = std::max(columns - width_of_text(line) - width_of_text(right), 0);
  line.append(static_cast<std::size_t>(blanks), ' ');
  line += right;
  return line;
}

}  // namespace cairn::devices
