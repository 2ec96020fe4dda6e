#include "core/gs1/application_identifier.h"
#include "core/gs1/character_sets.h"
#include "core/gs1/detail/uri.h"
#include "core/gs1/digital_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::gs1 {
namespace {

std::string encoded(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (detail::is_unreserved(c)) {
      text += c;
    } else {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

/// The domain without slashes at its end.
Parsed<std::string_view> checked_domain(std::string_view domain) {
  const std::size_t scheme = detail::scheme_size(domain);
  while (domain.size() > scheme && domain.ends_with('/')) domain.remove_suffix(1);
  const std::string_view host = domain.substr(scheme, domain.find('/', scheme) - scheme);
  const bool has_host =
      scheme > 0 && !host.empty() && detail::find_no_host_character(host) == std::string_view::npos;
  if (!has_host || !std::ranges::all_of(domain, detail::is_uri_character) ||
      domain.find_first_of("?#") != std::string_view::npos) {
    return fault(FaultCode::kUri,
                 fmt::format("{} is no http or https address of a host", shown(domain)), 0);
  }
  return domain;
}

/// The alternative of `key`'s qualifiers of which most are there, as those that are there.
std::vector<const Element*> qualifiers_among(std::span<const Element> elements,
                                             const ApplicationIdentifier& key) {
  std::vector<const Element*> best;
  for (const detail::Slice alternative : detail::split({key.link_qualifiers, 0}, '|')) {
    std::vector<const Element*> there;
    for (const detail::Slice name : detail::split(alternative, ',')) {
      const auto found = std::ranges::find(elements, name.text, &Element::ai);
      if (found != elements.end()) there.push_back(&*found);
    }
    if (there.size() > best.size()) best = std::move(there);
  }
  return best;
}

std::optional<Fault> repeated(std::span<const Element> elements) {
  for (std::size_t i = 1; i < elements.size(); ++i) {
    if (value_of(elements.first(i), elements[i].ai) == nullptr) continue;
    return Fault{FaultCode::kDuplicateAi, fmt::format("AI ({}) is there twice", elements[i].ai),
                 elements[i].position};
  }
  return std::nullopt;
}

/// What the query holds, values of predefined length first.
Parsed<std::vector<const Element*>> attributes_among(std::span<const Element> elements,
                                                     std::span<const Element* const> path) {
  std::vector<const Element*> attributes;
  for (const bool predefined : {true, false}) {
    for (const Element& element : elements) {
      if (std::ranges::find(path, &element) != path.end()) continue;
      const ApplicationIdentifier* const ai = find_identifier(element.ai);
      if (ai == nullptr || !ai->link_attribute) {
        return fault(FaultCode::kNotAttribute,
                     fmt::format("AI ({}) has no place in a link with this key", element.ai),
                     element.position);
      }
      if (ai->predefined_length == predefined) attributes.push_back(&element);
    }
  }
  return attributes;
}

}  // namespace

Parsed<std::string> build_link(std::span<const Element> elements, std::string_view domain) {
  const auto stem = checked_domain(domain);
  if (!stem) return tl::unexpected(stem.error());
  if (auto found = repeated(elements)) return tl::unexpected(*found);
  const auto key = std::ranges::find_if(elements, [](const Element& element) {
    const ApplicationIdentifier* const ai = find_identifier(element.ai);
    return ai != nullptr && ai->link_key;
  });
  if (key == elements.end()) {
    return fault(FaultCode::kNoPrimaryKey, "none of the elements can be a link's primary key", 0);
  }
  std::vector<const Element*> path = {&*key};
  std::ranges::copy(qualifiers_among(elements, *find_identifier(key->ai)),
                    std::back_inserter(path));
  const auto attributes = attributes_among(elements, path);
  if (!attributes) return tl::unexpected(attributes.error());
  std::string uri(*stem);
  for (const Element* element : path) {
    uri += fmt::format("/{}/{}", element->ai, encoded(element->value));
  }
  char separator = '?';
  for (const Element* element : *attributes) {
    uri +=
        fmt::format("{}{}={}", std::exchange(separator, '&'), element->ai, encoded(element->value));
  }
  if (key->ai == "415" && value_of(elements, "8020") == nullptr) {
    return fault(FaultCode::kRequiredAi, "AI (415) needs AI (8020)", key->position);
  }
  return uri;
}

}  // namespace cairn::gs1
