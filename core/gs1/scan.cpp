#include "core/gs1/scan.h"

#include "core/gs1/character_sets.h"
#include "core/gs1/digital_link.h"
#include "core/gs1/keys.h"
#include "core/gs1/upc_e.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::gs1 {
namespace {

constexpr std::array<std::string_view, 6> kElementStrings = {"]C1", "]e0", "]d2",
                                                             "]d8", "]Q3", "]J1"};

std::optional<Gtin> gtin_from(std::string_view digits) {
  const auto gtin = Gtin::parse(digits);
  return gtin ? std::optional(*gtin) : std::nullopt;
}

Parsed<Scan> with_elements(Scan scan, Parsed<Elements> elements, std::size_t offset) {
  if (!elements) return tl::unexpected(moved(elements.error(), offset));
  scan.elements = std::move(*elements);
  for (Element& element : scan.elements) element.position += offset;
  if (const std::string* const number = value_of(scan.elements, "01")) {
    scan.gtin = gtin_from(*number);
  }
  return scan;
}

/// A number of an EAN or UPC symbol, of `key`'s length.
Parsed<Scan> with_number(Scan scan, Key key, std::string_view digits) {
  if (const auto found = check_key(key, digits)) return tl::unexpected(*found);
  scan.gtin = gtin_from(digits);
  return scan;
}

constexpr std::string_view kComposite = "|]e0";

/// A number of `key`'s length with a 2D composite above it, which says more of the article.
Parsed<Scan> composite(Scan scan, Key key) {
  const std::string data = scan.data;
  const std::size_t end = data.find(kComposite);
  auto linear = with_number(std::move(scan), key, std::string_view(data).substr(0, end));
  if (!linear) return linear;
  const std::size_t offset = end + kComposite.size();
  const auto gtin = linear->gtin;
  auto whole = with_elements(std::move(*linear), parse_element_string(data.substr(offset)), offset);
  if (whole) whole->gtin = gtin;
  return whole;
}

bool is_composite(const Scan& scan) { return scan.data.find(kComposite) != std::string::npos; }

/// ]E0: 13 digits also of UPC-A and UPC-E, as a conforming scanner sends them.
Parsed<Scan> ean(Scan scan) {
  if (is_composite(scan)) return composite(std::move(scan), Key::kGtin13);
  const std::string number = scan.data;
  return with_number(std::move(scan), Key::kGtin13, number);
}

/// ]E3. The add-on says which issue of a periodical it is, nothing about the article.
Parsed<Scan> ean_with_add_on(Scan scan) {
  constexpr std::size_t kDigits = 13;
  const std::string data = scan.data;
  const std::string_view add_on = std::string_view(data).substr(std::min(kDigits, data.size()));
  if ((add_on.size() != 2 && add_on.size() != 5) || !all_digits(add_on)) {
    return fault(FaultCode::kLength, "an add-on has 2 or 5 digits", std::min(kDigits, data.size()));
  }
  return with_number(std::move(scan), Key::kGtin13, std::string_view(data).substr(0, kDigits));
}

/// A web address is a GS1 link or it is nothing to us.
Parsed<Scan> address(Scan scan) {
  auto elements = parse_link(scan.data);
  const bool plain = !elements && (elements.error().code == FaultCode::kNoPrimaryKey ||
                                   elements.error().code == FaultCode::kUri);
  if (plain) return scan;
  return with_elements(std::move(scan), std::move(elements), 0);
}

/// No AIM identifier: what the data looks like, as long as nothing contradicts it.
Scan unverified(Scan scan) {
  scan.gtin = gtin_from(scan.data);
  if (scan.gtin) return scan;
  const bool separated = scan.data.find(kSeparator) != std::string::npos;
  if (!separated && !looks_like_link(scan.data)) return scan;
  auto elements = separated ? parse_element_string(scan.data) : parse_link(scan.data);
  if (!elements) return scan;
  return with_elements(scan, std::move(elements), 0).value_or(scan);
}

bool carries_elements(std::string_view symbology) {
  return std::ranges::find(kElementStrings, symbology) != kElementStrings.end();
}

}  // namespace

Parsed<Scan> parse_scan(std::string_view sent) { return parse_scan(parse_barcode(sent, true)); }

Parsed<Scan> parse_scan(const Barcode& barcode) {
  Scan scan;
  scan.data = barcode.data;
  if (barcode.symbology.empty()) return unverified(std::move(scan));
  scan.symbology = ']' + barcode.symbology;
  scan.carrier_verified = true;
  const std::string_view symbology = scan.symbology;
  if (carries_elements(symbology)) {
    auto elements = parse_element_string(scan.data);
    return with_elements(std::move(scan), std::move(elements), 0);
  }
  if (symbology == "]E0") return ean(std::move(scan));
  if (symbology == "]E3") return ean_with_add_on(std::move(scan));
  if (symbology == "]E4") {
    if (is_composite(scan)) return composite(std::move(scan), Key::kGtin8);
    const std::string number = scan.data;
    return with_number(std::move(scan), Key::kGtin8, number);
  }
  if (symbology == "]I0" || symbology == "]I1") {
    if (scan.data.size() == 14) scan.gtin = gtin_from(scan.data);
    return scan;
  }
  if (looks_like_link(scan.data)) return address(std::move(scan));
  return scan;
}

std::optional<Gtin> gtin_of(const Barcode& barcode) {
  const auto scan = parse_scan(barcode);
  if (scan && (scan->gtin || !scan->elements.empty())) return scan->gtin;
  const std::string_view data = barcode.data;
  // Some scanners send UPC as it is printed. Eight digits are never an EAN-8 under ]E0.
  constexpr std::size_t kUpcE = 8;
  if (barcode.symbology == "E0" && data.size() == kUpcE) {
    const auto expanded = expand_upc_e(data);
    return expanded ? gtin_from(*expanded) : std::nullopt;
  }
  if (!carries_elements(']' + barcode.symbology)) return gtin_from(data);
  constexpr std::size_t kAiAndGtin = 2 + 14;
  if (scan || data.size() < kAiAndGtin || !data.starts_with("01")) return std::nullopt;
  return gtin_from(data.substr(2, 14));
}

}  // namespace cairn::gs1
