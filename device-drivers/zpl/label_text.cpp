#include "device-drivers/zpl/label_text.h"

#include <fmt/format.h>

namespace cairn::devices {
namespace {

constexpr std::string_view kCut = "...";

bool continues_character(char octet) {
  return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U;
}

/// Hundredths of the font's height that the character takes which begins with this octet.
int width_of(char octet) {
  constexpr std::string_view kNarrow = " !'(),./:;I[]fijlrt|";
  constexpr std::string_view kWide = "%&-@MWmw";
  if (continues_character(octet)) return 0;
  if ((static_cast<unsigned char>(octet) & 0x80U) != 0) {
    // Umlauts have two octets; what has more is as wide as high in most scripts.
    return static_cast<unsigned char>(octet) < 0xE0U ? 60 : 100;
  }
  if (kNarrow.find(octet) != std::string_view::npos) return 36;
  if (kWide.find(octet) != std::string_view::npos) return 84;
  return octet >= 'A' && octet <= 'Z' ? 62 : 54;
}

int width_of(std::string_view text, int height) {
  int hundredths = 0;
  for (const char octet : text) hundredths += width_of(octet);
  return hundredths * height / 100;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain =
        octet >= 0x20U && octet < 0x7FU && c != '^' && c != '~' && c != '_' && c != '\\';
    if (octet < 0x20U || octet == 0x7FU) {
      out += ' ';
    } else if (plain) {
      out += c;
    } else {
      out += fmt::format("_{:02X}", octet);
    }
  }
  return out;
}

FittedText fit(std::string_view text, int dots, std::initializer_list<int> heights) {
  for (const int height : heights) {
    if (width_of(text, height) <= dots) return {height, std::string(text)};
  }
  const int height = *(heights.end() - 1);
  std::size_t size = text.size();
  while (size > 0 && width_of(text.substr(0, size), height) + width_of(kCut, height) > dots) {
    do {
      --size;
    } while (size > 0 && continues_character(text[size]));
  }
  return {height, std::string(text.substr(0, size)) + std::string(kCut)};
}

}  // namespace cairn::devices
