#include "core/gs1/digital_link.h"

#include "core/gs1/application_identifier.h"
#include "core/gs1/character_sets.h"
#include "core/gs1/detail/uri.h"
#include "core/gs1/value_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::gs1 {
namespace {

using detail::Slice;
using detail::split;

struct UriParts {
  Slice path;
  Slice query;
};

Parsed<UriParts> take_apart(std::string_view uri) {
  const auto strange = std::ranges::find_if_not(uri, detail::is_uri_character);
  if (strange != uri.end()) {
    return fault(FaultCode::kUri, fmt::format("a URI has no {}", shown(*strange)),
                 static_cast<std::size_t>(strange - uri.begin()));
  }
  const std::size_t scheme = detail::scheme_size(uri);
  if (scheme == 0) return fault(FaultCode::kUri, "it does not begin with http:// or https://", 0);
  const Slice whole{uri.substr(0, uri.find('#')), 0};
  const Slice hierarchy = whole.until(whole.text.find('?'));
  const Slice rest = hierarchy.from(scheme);
  const std::size_t host = rest.text.find('/');
  if (host == 0 || host == std::string_view::npos) {
    return fault(FaultCode::kUri, "there is no host with a path behind it", scheme);
  }
  if (const auto bad = detail::find_no_host_character(rest.until(host).text);
      bad != std::string_view::npos) {
    return fault(FaultCode::kUri, fmt::format("a host has no {}", shown(rest.text[bad])),
                 scheme + bad);
  }
  const bool has_query = hierarchy.text.size() < whole.text.size();
  return UriParts{rest.from(host + 1),
                  has_query ? whole.from(hierarchy.text.size() + 1) : Slice{"", uri.size()}};
}

int hexadecimal(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A value without its percent encoding, and for each of its octets where it began in the URI.
struct Decoded {
  std::string value;
  std::vector<std::size_t> at;
};

/// A % without two hexadecimal digits is one: it belongs to set 82, and who writes links by hand
/// leaves it as it is.
Decoded decode(Slice encoded, bool plus_is_blank) {
  Decoded decoded;
  const std::string_view text = encoded.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    decoded.at.push_back(encoded.at + i);
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hexadecimal(text[i + 1]) : -1;
    const int low = escape ? hexadecimal(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded.value += plus_is_blank && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    decoded.value += static_cast<char>(high * 16 + low);
    i += 2;
  }
  decoded.at.push_back(encoded.at + text.size());
  return decoded;
}

void pad_gtin(Decoded& decoded) {
  constexpr std::size_t kDigits = 14;
  const std::size_t size = decoded.value.size();
  if (size != 8 && size != 12 && size != 13) return;
  decoded.value.insert(0, kDigits - size, '0');
  decoded.at.insert(decoded.at.begin(), kDigits - size, decoded.at.front());
}

/// An AI and the text of its value in the URI.
struct Pair {
  const ApplicationIdentifier* ai = nullptr;
  Slice name;
  Slice value;
};

Parsed<Element> element_of(const Pair& pair, bool in_query, ShortGtins short_gtins) {
  Decoded decoded = decode(pair.value, in_query);
  const bool pads = in_query || short_gtins == ShortGtins::kPad;
  if (pair.name.text == "01" && pads) pad_gtin(decoded);
  if (auto found = check_value(*pair.ai, pair.name.text, decoded.value)) {
    found->position = decoded.at[std::min(found->position, decoded.at.size() - 1)];
    return tl::unexpected(*found);
  }
  return Element{std::string(pair.name.text), std::move(decoded.value), pair.name.at};
}

/// The pairs from the last primary key of the path to its end.
Parsed<std::vector<Pair>> pairs_of_path(Slice path) {
  const std::vector<Slice> segments = split(path, '/');
  std::vector<Pair> pairs;
  for (std::size_t end = segments.size(); end >= 2; end -= 2) {
    const Slice name = segments[end - 2];
    const ApplicationIdentifier* const ai = find_identifier(name.text);
    if (ai == nullptr) break;
    pairs.push_back({ai, name, segments[end - 1]});
    if (!ai->link_key) continue;
    std::ranges::reverse(pairs);
    return pairs;
  }
  return fault(FaultCode::kNoPrimaryKey, "no primary key with its value ends the path", path.at);
}

/// True if `names` is some of the `sequence` "22,10,21", in its order.
bool is_subsequence(std::span<const std::string_view> names, std::string_view sequence) {
  std::size_t taken = 0;
  while (!sequence.empty() && taken < names.size()) {
    const std::size_t end = sequence.find(',');
    if (sequence.substr(0, end) == names[taken]) ++taken;
    sequence = end == std::string_view::npos ? "" : sequence.substr(end + 1);
  }
  return taken == names.size();
}

/// Whether the qualifiers may follow `key` in this order.
bool may_qualify(const ApplicationIdentifier& key, std::span<const std::string_view> names) {
  if (names.empty()) return true;
  std::string_view alternatives = key.link_qualifiers;
  while (!alternatives.empty()) {
    const std::size_t end = alternatives.find('|');
    if (is_subsequence(names, alternatives.substr(0, end))) return true;
    alternatives = end == std::string_view::npos ? "" : alternatives.substr(end + 1);
  }
  return false;
}

std::vector<std::string_view> qualifiers_of(std::span<const Pair> path) {
  std::vector<std::string_view> names;
  for (const Pair& pair : path.subspan(1)) names.push_back(pair.name.text);
  return names;
}

/// Whether `ai` could stand somewhere among the qualifiers.
bool fits_into_path(const ApplicationIdentifier& key, const std::vector<std::string_view>& names,
                    std::string_view ai) {
  for (std::size_t i = 0; i <= names.size(); ++i) {
    auto longer = names;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), ai);
    if (may_qualify(key, longer)) return true;
  }
  return false;
}

/// The AIs of the query with their values; other keys are somebody else's.
Parsed<std::vector<Pair>> pairs_of_query(Slice query) {
  std::vector<Pair> pairs;
  for (const Slice part : split(query, '&')) {
    const std::size_t equals = part.text.find('=');
    const Slice name = part.until(equals);
    if (equals == std::string_view::npos || name.text.empty() || !all_digits(name.text)) continue;
    const ApplicationIdentifier* const ai = find_identifier(name.text);
    if (ai == nullptr) {
      return fault(FaultCode::kUnknownAi,
                   fmt::format("{} is no application identifier", shown(name.text)), name.at);
    }
    pairs.push_back({ai, name, part.from(equals + 1)});
  }
  return pairs;
}

std::optional<Fault> misplaced(const Pair& pair, std::span<const Pair> path) {
  if (!pair.ai->link_attribute) {
    return Fault{FaultCode::kNotAttribute,
                 fmt::format("AI ({}) may not stand in the query", pair.name.text), pair.name.at};
  }
  if (fits_into_path(*path.front().ai, qualifiers_of(path), pair.name.text)) {
    return Fault{FaultCode::kBelongsInPath,
                 fmt::format("AI ({}) qualifies AI ({}) and belongs in the path", pair.name.text,
                             path.front().name.text),
                 pair.name.at};
  }
  return std::nullopt;
}

/// Notes an AI that must be the only one of its kind.
std::optional<Fault> note(std::vector<std::string_view>& names, const Pair& pair) {
  if (std::ranges::find(names, pair.name.text) != names.end()) {
    return Fault{FaultCode::kDuplicateAi, fmt::format("AI ({}) is there twice", pair.name.text),
                 pair.name.at};
  }
  if (names.size() == kMostElements) {
    return Fault{FaultCode::kTooManyElements,
                 fmt::format("there are more than {} elements", kMostElements), pair.name.at};
  }
  names.push_back(pair.name.text);
  return std::nullopt;
}

/// Which AIs stand where, whatever their values.
std::optional<Fault> wrong_structure(std::span<const Pair> path, std::span<const Pair> query) {
  std::vector<std::string_view> names;
  for (const Pair& pair : path) {
    if (auto found = note(names, pair)) return found;
  }
  if (!may_qualify(*path.front().ai, qualifiers_of(path))) {
    return Fault{FaultCode::kPathOrder,
                 fmt::format("these AIs cannot follow AI ({}) in the path, or not in this order",
                             path.front().name.text),
                 path.front().name.at};
  }
  for (const Pair& pair : query) {
    if (auto found = note(names, pair)) return found;
    if (auto found = misplaced(pair, path)) return found;
  }
  return std::nullopt;
}

/// (415) identifies nothing without the reference number that the invoicing party gave.
std::optional<Fault> incomplete(std::span<const Element> elements) {
  if (elements.front().ai != "415" || value_of(elements, "8020") != nullptr) return std::nullopt;
  return Fault{FaultCode::kRequiredAi, "AI (415) needs AI (8020) in the path",
               elements.front().position};
}

}  // namespace

bool looks_like_link(std::string_view text) { return detail::scheme_size(text) > 0; }

Parsed<Elements> parse_link(std::string_view uri, ShortGtins short_gtins) {
  const auto parts = take_apart(uri);
  if (!parts) return tl::unexpected(parts.error());
  const auto path = pairs_of_path(parts->path);
  if (!path) return tl::unexpected(path.error());
  const auto query = pairs_of_query(parts->query);
  if (!query) return tl::unexpected(query.error());
  if (auto found = wrong_structure(*path, *query)) return tl::unexpected(*found);
  Elements elements;
  for (const auto* const pairs : {&*path, &*query}) {
    for (const Pair& pair : *pairs) {
      auto element = element_of(pair, pairs == &*query, short_gtins);
      if (!element) return tl::unexpected(element.error());
      elements.push_back(std::move(*element));
    }
  }
  if (auto found = incomplete(elements)) return tl::unexpected(*found);
  return elements;
}

}  // namespace cairn::gs1
