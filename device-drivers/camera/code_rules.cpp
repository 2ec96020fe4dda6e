#include "device-drivers/camera/code_rules.h"

#include "core/base/gtin.h"

#include <algorithm>
#include <array>

namespace cairn::devices {
namespace {

constexpr char kGroupSeparator = '\x1d';

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

/// Identifiers whose values have a length of their own and need no FNC1 after them: GS1 General
/// Specifications, figure 7.8.5-2 (by the first two digits, with the identifier).
struct PredefinedLength {
  std::string_view first;
  std::string_view last;
  std::size_t identifier;
  std::size_t whole;
};
constexpr std::array<PredefinedLength, 7> kPredefined = {{
    {"00", "00", 2, 20},
    {"01", "03", 2, 16},
    {"04", "04", 2, 18},
    {"11", "19", 2, 8},
    {"20", "20", 2, 4},
    {"31", "36", 4, 10},
    {"41", "41", 3, 16},
}};

const PredefinedLength* predefined(std::string_view identifier) {
  const std::string_view start = identifier.substr(0, 2);
  for (const PredefinedLength& row : kPredefined) {
    if (row.first <= start && start <= row.last && identifier.size() == row.identifier) return &row;
  }
  return nullptr;
}

/// Whether GS1 has identifiers of so many digits that begin so.
bool may_be_identifier(std::string_view digits) {
  constexpr std::size_t kLongest = 4;
  if (digits.size() < 2 || digits.size() > kLongest || !all_digits(digits)) return false;
  const std::string_view start = digits.substr(0, 2);
  const auto within = [&](std::string_view first, std::string_view last) {
    return first <= start && start <= last;
  };
  if (within("00", "04") || within("10", "13") || within("15", "17") || within("20", "22") ||
      start == "30" || start == "37" || within("90", "99")) {
    return digits.size() == 2;
  }
  if (within("23", "25") || within("40", "42")) return digits.size() == 3;
  return (within("31", "36") || start == "39" || start == "43" || within("70", "72") ||
          within("80", "82")) &&
         digits.size() == 4;
}

/// "(10)" at the beginning of `text`: the identifier in it.
std::optional<std::string_view> bracketed_identifier(std::string_view text) {
  if (!text.starts_with('(')) return std::nullopt;
  const std::size_t end = text.find(')');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(1, end - 1);
  return may_be_identifier(inside) ? std::optional(inside) : std::nullopt;
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
    auto expanded = expanded_upc_e(said);
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
  auto elements = element_string(said);
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

std::optional<std::string> expanded_upc_e(std::string_view digits) {
  constexpr std::size_t kUpcE = 8;
  if (digits.size() != kUpcE || !all_digits(digits)) return std::nullopt;
  if (digits[0] != '0' && digits[0] != '1') return std::nullopt;
  const std::string_view x = digits.substr(1, 6);
  std::string found(digits.substr(0, 1));
  switch (x[5]) {
    case '0':
    case '1':
    case '2':
      found.append(x.substr(0, 2)).append(1, x[5]).append("0000").append(x.substr(2, 3));
      break;
    case '3':
      found.append(x.substr(0, 3)).append("00000").append(x.substr(3, 2));
      break;
    case '4':
      found.append(x.substr(0, 4)).append("00000").append(x.substr(4, 1));
      break;
    default:
      found.append(x.substr(0, 5)).append("0000").append(1, x[5]);
      break;
  }
  found.append(1, digits[7]);
  return has_right_check_digit(found) ? std::optional(found) : std::nullopt;
}

std::optional<std::string> element_string(std::string_view text) {
  std::string found;
  bool separate = false;
  while (!text.empty()) {
    const auto identifier = bracketed_identifier(text);
    if (!identifier) return std::nullopt;
    const PredefinedLength* const known = predefined(*identifier);
    text.remove_prefix(identifier->size() + 2);
    const std::size_t length =
        known != nullptr ? known->whole - known->identifier : value_end(text);
    if (length == 0 || length > text.size()) return std::nullopt;
    if (separate) found += kGroupSeparator;
    found.append(*identifier).append(text.substr(0, length));
    separate = known == nullptr;
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
