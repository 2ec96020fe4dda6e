#pragma once
// GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax, uncompressed form):
//   https://host[/stem]/primary AI/value[/qualifier AI/value...][?AI=value&...][#fragment]
// They are read here; their host is never asked. Pure. Any thread.

#include "core/gs1/element_string.h"
#include "core/gs1/fault.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cairn::gs1 {

/// Where a canonical URI points.
inline constexpr std::string_view kCanonicalDomain = "https://id.gs1.org";

enum class ShortGtins : std::uint8_t {
  kRefuse,  ///< AI (01) has 14 digits, as the standard says
  kPad,     ///< 8, 12 or 13 digits are filled up with zeros
};

/// The last primary key of the path begins its GS1 part; keys of the query that are no digits are
/// ignored. The elements are in the order of the URI, first the path.
/// Faults, those of the structure first: kUri; kNoPrimaryKey; kUnknownAi (a numeric key in the
/// query); kPathOrder (qualifiers out of order or of another key); kDuplicateAi; kNotAttribute;
/// kBelongsInPath; then kLength, kCharset and those of value_rules.h; kRequiredAi of (415) without
/// (8020). Positions count octets of the URI.
Parsed<Elements> parse_link(std::string_view uri, ShortGtins short_gtins = ShortGtins::kRefuse);

/// True if `text` begins like a web address: whether it is a GS1 link is for parse_link() to say.
bool looks_like_link(std::string_view text);

/// The URI of `elements`, which must have been parsed: primary key and its qualifiers in the path,
/// everything else in the query, values of predefined length first. `domain`: http or https, a
/// host, any stem. Faults: kUri (the domain), kNoPrimaryKey, kDuplicateAi, kNotAttribute,
/// kRequiredAi; positions are those of the elements.
Parsed<std::string> build_link(std::span<const Element> elements,
                               std::string_view domain = kCanonicalDomain);

}  // namespace cairn::gs1
