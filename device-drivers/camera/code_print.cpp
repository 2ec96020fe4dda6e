#include "device-drivers/camera/code_print.h"

#include "core/gs1/upc_e.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace cairn::devices {
namespace {

/// Modules, bar = 1, most significant first.
using Digit = std::uint8_t;
constexpr int kDigitModules = 7;
constexpr std::array<Digit, 10> kOdd = {0b0001101, 0b0011001, 0b0010011, 0b0111101, 0b0100011,
                                        0b0110001, 0b0101111, 0b0111011, 0b0110111, 0b0001011};

constexpr Digit right_hand(Digit odd) { return odd ^ 0b1111111; }
constexpr Digit even(Digit odd) {
  Digit found = 0;
  for (int i = 0; i < kDigitModules; ++i) {
    if (((right_hand(odd) >> i) & 1) != 0) found |= static_cast<Digit>(1 << (6 - i));
  }
  return found;
}

/// Which of the six left digits are even, most significant first, by the first digit of an EAN-13.
constexpr std::array<std::uint8_t, 10> kFirstDigit = {0b000000, 0b001011, 0b001101, 0b001110,
                                                      0b010011, 0b011001, 0b011100, 0b010101,
                                                      0b010110, 0b011010};
/// The same of a UPC-E by its check digit, for number system 0; of 1 they are turned around.
constexpr std::array<std::uint8_t, 10> kUpcECheck = {0b111000, 0b110100, 0b110010, 0b110001,
                                                     0b101100, 0b100110, 0b100011, 0b101010,
                                                     0b101001, 0b100101};

using Modules = CodePrint::Modules;

Modules modules_of(Digit pattern) {
  Modules found;
  for (int i = kDigitModules - 1; i >= 0; --i) {
    found.push_back(static_cast<std::uint8_t>((pattern >> i) & 1));
  }
  return found;
}

void add(CodePrint& print, std::string_view modules) {
  for (const char c : modules) print.modules.push_back(c == '1' ? 1 : 0);
}
void add(CodePrint& print, const Modules& modules) {
  print.modules.insert(print.modules.end(), modules.begin(), modules.end());
}

/// A digit of the left half is odd or even, and could be any of both.
void add_left(CodePrint& print, char digit, bool is_even) {
  const Digit odd = kOdd[static_cast<std::size_t>(digit - '0')];
  const Digit claimed = is_even ? even(odd) : odd;
  CodePrint::Place place{print.modules.size(), {}};
  for (const Digit other : kOdd) {
    if (other != claimed) place.others.push_back(modules_of(other));
    if (even(other) != claimed) place.others.push_back(modules_of(even(other)));
  }
  print.places.push_back(std::move(place));
  add(print, modules_of(claimed));
}

void add_right(CodePrint& print, char digit) {
  const Digit claimed = right_hand(kOdd[static_cast<std::size_t>(digit - '0')]);
  CodePrint::Place place{print.modules.size(), {}};
  for (const Digit other : kOdd) {
    if (right_hand(other) != claimed) place.others.push_back(modules_of(right_hand(other)));
  }
  print.places.push_back(std::move(place));
  add(print, modules_of(claimed));
}

constexpr std::string_view kGuard = "101";
constexpr std::string_view kMiddle = "01010";
constexpr std::string_view kUpcEEnd = "010101";

CodePrint two_halves(std::string_view digits, unsigned even_ones) {
  CodePrint print;
  add(print, kGuard);
  const std::size_t half = digits.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    add_left(print, digits[i], ((even_ones >> (half - 1 - i)) & 1) != 0);
  }
  add(print, kMiddle);
  for (std::size_t i = half; i < digits.size(); ++i) add_right(print, digits[i]);
  add(print, kGuard);
  return print;
}

/// The six printed digits of the UPC-E that an EAN-13 of "00..." or "01..." stands for.
std::optional<std::string> suppressed(std::string_view text) {
  for (int last = 0; last <= 9; ++last) {
    // GS1 General Specifications 5.2.2.4, backwards: try each way and see whether it comes back.
    std::string six;
    const std::string_view maker = text.substr(2, 5);
    const std::string_view item = text.substr(7, 5);
    switch (last) {
      case 0:
      case 1:
      case 2:
        six.append(maker.substr(0, 2)).append(item.substr(2, 3));
        break;
      case 3:
        six.append(maker.substr(0, 3)).append(item.substr(3, 2));
        break;
      case 4:
        six.append(maker.substr(0, 4)).append(item.substr(4, 1));
        break;
      default:
        six.append(maker);
        break;
    }
    six += static_cast<char>('0' + last);
    std::string whole(text.substr(1, 1));
    whole.append(six).append(text.substr(12, 1));
    if (const auto expanded = gs1::expand_upc_e(whole); expanded && *expanded == text.substr(1)) {
      return six;
    }
  }
  return std::nullopt;
}

/// Which of the five bars or spaces of a digit are wide (ISO/IEC 16390, table 1).
constexpr std::array<std::uint8_t, 10> kWide = {0b00110, 0b10001, 0b01001, 0b11000, 0b00101,
                                                0b10100, 0b01100, 0b00011, 0b10010, 0b01010};
constexpr int kHalves = 2;
/// How wide the wide ones are, in halves of a narrow one: two to three times as wide.
constexpr std::array<int, 3> kWideHalves = {4, 5, 6};

/// One digit in bars, the other in the spaces between them.
Modules interleaved_pair(std::size_t bars, std::size_t spaces, int wide) {
  Modules found;
  for (int i = 4; i >= 0; --i) {
    const auto width = [&](std::size_t digit) {
      return ((kWide[digit] >> i) & 1) != 0 ? wide : kHalves;
    };
    found.insert(found.end(), static_cast<std::size_t>(width(bars)), 1);
    found.insert(found.end(), static_cast<std::size_t>(width(spaces)), 0);
  }
  return found;
}

CodePrint interleaved_print(std::string_view text, int wide) {
  CodePrint print;
  print.scale = kHalves;
  add(print, "11001100");
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const auto bars = static_cast<std::size_t>(text[i] - '0');
    const auto spaces = static_cast<std::size_t>(text[i + 1] - '0');
    CodePrint::Place place{print.modules.size(), {}};
    for (std::size_t other = 0; other < kWide.size(); ++other) {
      if (other != bars) place.others.push_back(interleaved_pair(other, spaces, wide));
      if (other != spaces) place.others.push_back(interleaved_pair(bars, other, wide));
    }
    print.places.push_back(std::move(place));
    add(print, interleaved_pair(bars, spaces, wide));
  }
  print.modules.insert(print.modules.end(), static_cast<std::size_t>(wide), 1);
  add(print, "0011");
  return print;
}

std::optional<CodePrint> print_of(Symbology symbology, std::string_view text) {
  const auto number = [&](std::size_t at) { return static_cast<std::size_t>(text[at] - '0'); };
  constexpr std::size_t kEan13 = 13;
  constexpr std::size_t kEan8 = 8;
  switch (symbology) {
    case Symbology::kEan13:
    case Symbology::kUpcA:
      if (text.size() != kEan13) return std::nullopt;
      return two_halves(text.substr(1), kFirstDigit[number(0)]);
    case Symbology::kEan8:
      if (text.size() != kEan8) return std::nullopt;
      return two_halves(text, 0);
    case Symbology::kUpcE: {
      if (text.size() != kEan13) return std::nullopt;
      const auto six = suppressed(text);
      if (!six) return std::nullopt;
      CodePrint print;
      add(print, kGuard);
      unsigned even_ones = kUpcECheck[number(kEan13 - 1)];
      if (text[1] == '1') even_ones ^= 0b111111;
      for (std::size_t i = 0; i < six->size(); ++i) {
        add_left(print, (*six)[i], ((even_ones >> (5 - i)) & 1) != 0);
      }
      add(print, kUpcEEnd);
      return print;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::vector<CodePrint> prints_of(Symbology symbology, std::string_view text) {
  std::vector<CodePrint> prints;
  if (symbology == Symbology::kItf) {
    for (const int wide : kWideHalves) prints.push_back(interleaved_print(text, wide));
  } else if (auto print = print_of(symbology, text)) {
    prints.push_back(std::move(*print));
  }
  return prints;
}

}  // namespace cairn::devices
