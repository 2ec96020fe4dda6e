#include "core/gs1/character_sets.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::gs1 {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alnum(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }
bool is_one_of(std::string_view list, char c) { return list.find(c) != std::string_view::npos; }

bool in_set(CharacterSet set, char c) {
  switch (set) {
    case CharacterSet::kDigits:
      return is_digit(c);
    case CharacterSet::kSet82:
      return is_alnum(c) || is_one_of("!\"%&'()*+,-./:;<=>?_", c);
    case CharacterSet::kSet39:
      return is_digit(c) || is_upper(c) || is_one_of("#-/", c);
    case CharacterSet::kSet64:
      return is_alnum(c) || is_one_of("-_", c);
  }
  return false;
}

constexpr std::size_t kMostPadding = 2;
constexpr std::size_t kGroup = 3;  // of octets, as the standard's check has it

/// The text without its padding; nullopt: the padding is wrong.
std::optional<std::string_view> without_padding(std::string_view text) {
  const std::size_t end = text.find_last_not_of('=') + 1;  // npos + 1 is 0: nothing but padding
  const std::size_t padding = text.size() - end;
  if (padding > kMostPadding || (padding > 0 && text.size() % kGroup != 0)) return std::nullopt;
  return text.substr(0, end);
}

}  // namespace

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

int number_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<std::size_t> first_outside(CharacterSet set, std::string_view text) {
  if (set == CharacterSet::kSet64) {
    const auto unpadded = without_padding(text);
    if (!unpadded) return text.find_last_not_of('=') + 1;
    text = *unpadded;
  }
  const auto at = std::ranges::find_if(text, [set](char c) { return !in_set(set, c); });
  if (at == text.end()) return std::nullopt;
  return static_cast<std::size_t>(at - text.begin());
}

std::string shown(char octet) {
  if (octet > ' ' && octet <= '~') return fmt::format("'{}'", octet);
  return fmt::format("0x{:02X}", static_cast<unsigned char>(octet));
}

std::string shown(std::string_view data) {
  constexpr std::size_t kMost = 40;
  std::string text = "\"";
  for (const char c : data.substr(0, kMost)) {
    if (c >= ' ' && c <= '~') {
      text += c;
    } else {
      text += fmt::format("<{:02X}>", static_cast<unsigned char>(c));
    }
  }
  text += data.size() > kMost ? "…\"" : "\"";
  return text;
}

}  // namespace cairn::gs1
