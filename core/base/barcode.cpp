#include "core/base/barcode.h"

#include <algorithm>

namespace cairn {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

std::optional<Gtin> number(std::string_view digits) {
  const auto gtin = Gtin::parse(digits);
  return gtin ? std::optional(*gtin) : std::nullopt;
}

bool carries_element_string(std::string_view symbology) {
  return symbology == "C1" || symbology == "d2" || symbology == "Q3" || symbology == "e0";
}

}  // namespace

Barcode parse_barcode(std::string_view sent, bool aim) {
  const bool has_aim =
      aim && sent.size() >= 3 && sent[0] == ']' && is_letter(sent[1]) && is_alnum(sent[2]);
  if (!has_aim) return {"", std::string(sent)};
  return {std::string(sent.substr(1, 2)), std::string(sent.substr(3))};
}

std::optional<Gtin> gtin_of(const Barcode& barcode) {
  const std::string_view data = barcode.data;
  if (carries_element_string(barcode.symbology)) {
    constexpr std::size_t kAiAndGtin = 2 + 14;
    if (data.size() < kAiAndGtin || !data.starts_with("01")) return std::nullopt;
    return number(data.substr(2, 14));
  }
  return number(data);
}

}  // namespace cairn
