#pragma once
// GS1 element strings: application identifiers and their values one after the other, as a scanner
// sends them and as people write them, "(01)09506000134352(10)AB-123". GS1 General Specifications
// 7.8. Pure, never throws whatever the octets. Any thread.

#include "core/gs1/fault.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::gs1 {

/// FNC1 as a separator, the way scanners transmit it (ASCII group separator).
inline constexpr char kSeparator = '\x1D';

/// More are never on one label; what goes on longer is no label.
inline constexpr std::size_t kMostElements = 64;

struct Element {
  std::string ai;     ///< e.g. "01", "3103"
  std::string value;  ///< without the AI; its digits are never changed
  /// Octets before the AI in what was parsed.
  std::size_t position = 0;
  friend bool operator==(const Element&, const Element&) = default;
};

using Elements = std::vector<Element>;

/// Reads what follows the AIM identifier of a GS1 symbology. A separator is needed after every AI
/// whose length is not predefined, except at the end; one too many is tolerated after each element,
/// two are not. The same AI twice must have the same value.
/// Faults: kUnknownAi at the AI; kLength (also of no data) and kCharset; kTooManyElements; those of
/// value_rules.h; kRepeatedAi at the second of the two, or before it the first kExcludedAi of
/// associations.h.
Parsed<Elements> parse_element_string(std::string_view data);

/// Reads "(01)…(10)…". A value may have brackets itself: where more than one reading would do, the
/// first "(" that begins an AI and lets the rest be read ends the value. Faults: kBrackets besides
/// those of parse_element_string().
Parsed<Elements> parse_bracketed(std::string_view text);

/// What to encode after the leading FNC1: `elements` in their order, with separators where one is
/// needed. parse_element_string() reads it back. The elements must be valid.
std::string element_string(std::span<const Element> elements);

/// For people: "(01)09506000134352(10)AB-123".
std::string bracketed(std::span<const Element> elements);

/// The value of `ai`; nullptr: there is none.
const std::string* value_of(std::span<const Element> elements, std::string_view ai);

}  // namespace cairn::gs1
