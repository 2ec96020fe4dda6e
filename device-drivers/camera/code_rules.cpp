#include "device-drivers/camera/code_rules.h"

#include "core/base/gtin.h"
#include "core/gs1/application_identifier.h"
#include "core/gs1/element_string.h"
#include "core/gs1/upc_e.h"

#include <algorithm>
#include <array>

namespace cairn::devices {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

/// "(10)" at the beginning of `text`: the identifier in it.
std::optional<std::string_view> bracketed_identifier(std::string_view text) {
  if (!text.starts_with('(')) return std::nullopt;
  const std::size_t end = text.find(')');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(1, end - 1);
  return gs1::find_identifier(inside) != nullptr ? std::optional(inside) : std::nullopt;
}

/// Where the value at the beginning of `text` ends.
std::size_t value_end(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (bracketed_identifier(text.substr(i))) return i;
  }
  return text.size();
}

std::optional<Normalised> trade_item(Symbology symbology, std::string_view said) {
  constexpr std::size_t kUpcA = 12;
  constexpr std::size_t kEan13 = 13;
  std::string digits(said);
  if (symbology == Symbology::kUpcE && said.size() != kEan13 && said.size() != kUpcA) {
    auto expanded = gs1::expand_upc_e(said);
    if (!expanded) return std::nullopt;
    digits = std::move(*expanded);
  }
  if (digits.size() == kUpcA && symbology != Symbology::kEan13) digits.insert(0, 1, '0');
  if (digits.size() != kEan13 || !has_right_check_digit(digits)) return std::nullopt;
  if (symbology != Symbology::kUpcE) {
    symbology = digits.front() == '0' ? Symbology::kUpcA : Symbology::kEan13;
  } else if (digits.front() != '0') {
    return std::nullopt;
  }
  return Normalised{symbology, "]E0", std::move(digits)};
}

std::optional<Normalised> interleaved(std::string_view said) {
  constexpr std::size_t kShortest = 4;  // two digits are what any four wide stripes make
  constexpr std::size_t kCarton = 14;
  if (!all_digits(said) || said.size() % 2 != 0 || said.size() < kShortest) return std::nullopt;
  const bool carton = said.size() == kCarton && has_right_check_digit(said);
  return Normalised{Symbology::kItf, carton ? "]I1" : "]I0", std::string(said)};
}

std::optional<Normalised> databar(std::string_view said) {
  constexpr std::size_t kGtin = 14;
  if (said.size() == kGtin + 2 && said.starts_with("01")) said.remove_prefix(2);
  if (said.size() != kGtin || !has_right_check_digit(said)) return std::nullopt;
  return Normalised{Symbology::kDataBar, "]e0", "01" + std::string(said)};
}

std::optional<Normalised> databar_expanded(std::string_view said) {
  if (!said.starts_with('(')) {
    return Normalised{Symbology::kDataBarExpanded, "]e0", std::string(said)};
  }
  // A value may have brackets itself; what GS1 rules make of them comes first.
  const auto parsed = gs1::parse_bracketed(said);
  auto elements = parsed ? std::optional(gs1::element_string(*parsed)) : element_string(said);
  if (!elements) return std::nullopt;
  return Normalised{Symbology::kDataBarExpanded, "]e0", std::move(*elements)};
}

/// Without its start and stop letters, which an engine may leave on.
std::optional<Normalised> codabar(std::string_view said, std::string_view aim) {
  const auto is_end = [](char c) { return (c >= 'A' && c <= 'D') || (c >= 'a' && c <= 'd'); };
  if (said.size() > 2 && is_end(said.front()) && is_end(said.back())) {
    said = said.substr(1, said.size() - 2);
  }
  if (said.find_first_not_of("0123456789-$:/.+") != std::string_view::npos) return std::nullopt;
  return Normalised{Symbology::kCodabar, aim.empty() ? "]F0" : std::string(aim), std::string(said)};
}

std::string_view plain_aim(Symbology symbology) {
  switch (symbology) {
    case Symbology::kCode39:
      return "]A0";
    case Symbology::kCode93:
      return "]G0";
    case Symbology::kCode128:
      return "]C0";
    case Symbology::kQrCode:
      return "]Q1";
    case Symbology::kDataMatrix:
      return "]d1";
    case Symbology::kPdf417:
      return "]L2";
    case Symbology::kAztec:
      return "]z0";
    default:
      return "]X0";
  }
}

}  // namespace

std::string_view name_of(Symbology symbology) {
  constexpr std::array<std::string_view, kSymbologies> kNames = {
      "Aztec",   "Codabar",         "Code39",     "Code93", "Code128",
      "DataBar", "DataBarExpanded", "DataMatrix", "EAN-8",  "EAN-13",
      "ITF",     "PDF417",          "QRCode",     "UPC-A",  "UPC-E"};
  return kNames[static_cast<std::size_t>(symbology)];
}

bool is_linear(Symbology symbology) {
  switch (symbology) {
    case Symbology::kAztec:
    case Symbology::kDataMatrix:
    case Symbology::kPdf417:
    case Symbology::kQrCode:
      return false;
    default:
      return true;
  }
}

bool has_right_check_digit(std::string_view digits) {
  if (digits.size() < 2 || !all_digits(digits)) return false;
  return gs1_check_digit(digits.substr(0, digits.size() - 1)) == digits.back() - '0';
}

std::optional<std::string> element_string(std::string_view text) {
  std::string found;
  bool separate = false;
  while (!text.empty()) {
    const auto identifier = bracketed_identifier(text);
    if (!identifier) return std::nullopt;
    const gs1::ApplicationIdentifier& known = *gs1::find_identifier(*identifier);
    text.remove_prefix(identifier->size() + 2);
    const std::size_t length = known.predefined_length ? known.format.max() : value_end(text);
    if (length == 0 || length > text.size()) return std::nullopt;
    if (separate) found += gs1::kSeparator;
    found.append(*identifier).append(text.substr(0, length));
    separate = !known.predefined_length;
    text.remove_prefix(length);
  }
  return found.empty() ? std::nullopt : std::optional(found);
}

std::optional<Normalised> normalised(Symbology symbology, std::string_view said,
                                     std::string_view aim) {
  if (said.empty()) return std::nullopt;
  switch (symbology) {
    case Symbology::kEan13:
    case Symbology::kUpcA:
    case Symbology::kUpcE:
      return trade_item(symbology, said);
    case Symbology::kEan8: {
      constexpr std::size_t kEan8 = 8;
      if (said.size() != kEan8 || !has_right_check_digit(said)) return std::nullopt;
      return Normalised{symbology, "]E4", std::string(said)};
    }
    case Symbology::kItf:
      return interleaved(said);
    case Symbology::kDataBar:
      return databar(said);
    case Symbology::kDataBarExpanded:
      return databar_expanded(said);
    case Symbology::kCodabar:
      return codabar(said, aim);
    default:
      return Normalised{symbology, std::string(aim.empty() ? plain_aim(symbology) : aim),
                        std::string(said)};
  }
}

}  // namespace cairn::devices
