#include "core/base/utf8.h"

#include <cstdint>

namespace cairn {
namespace {

struct Lead {
  int continuation;
  std::uint32_t bits;
  std::uint32_t least;
};

/// What the lead octet announces; continuation < 0: not a lead octet.
Lead lead_of(unsigned char octet) {
  if (octet != 0 && octet < 0x80U) return {0, octet, 0};
  if (octet >= 0xC2U && octet < 0xE0U) return {1, octet & 0x1FU, 0x80};
  if (octet >= 0xE0U && octet < 0xF0U) return {2, octet & 0x0FU, 0x800};
  if (octet >= 0xF0U && octet < 0xF5U) return {3, octet & 0x07U, 0x10000};
  return {-1, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Lead lead = lead_of(static_cast<unsigned char>(text[i]));
    if (lead.continuation < 0) return false;
    std::uint32_t point = lead.bits;
    for (int k = 0; k < lead.continuation; ++k) {
      if (++i >= text.size()) return false;
      const auto next = static_cast<unsigned char>(text[i]);
      if ((next & 0xC0U) != 0x80U) return false;
      point = (point << 6U) | (next & 0x3FU);
    }
    if (point < lead.least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
      return false;
  }
  return true;
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return std::string(text);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  std::size_t end = kMost;
  while (end > 0 && continues(text[end])) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace cairn
