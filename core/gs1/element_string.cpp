#include "core/gs1/element_string.h"

#include "core/gs1/application_identifier.h"
#include "core/gs1/associations.h"
#include "core/gs1/character_sets.h"
#include "core/gs1/value_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cairn::gs1 {
namespace {

tl::unexpected<Fault> unknown_identifier(std::string_view data, std::size_t at) {
  constexpr std::size_t kLongestAi = 4;
  return fault(
      FaultCode::kUnknownAi,
      fmt::format("no application identifier begins with {}", shown(data.substr(at, kLongestAi))),
      at);
}

/// The second of two elements with one AI and different values, if there are such; before that what
/// excludes each other, as the GS1 syntax engine tells it.
std::optional<Fault> contradiction(std::span<const Element> elements) {
  for (auto second = elements.begin(); second != elements.end(); ++second) {
    const auto first = std::find_if(elements.begin(), second, [second](const Element& earlier) {
      return earlier.ai == second->ai && earlier.value != second->value;
    });
    if (first == second) continue;
    const auto broken = broken_associations(elements);
    if (!broken.empty() && broken.front().code == FaultCode::kExcludedAi) return broken.front();
    return Fault{FaultCode::kRepeatedAi,
                 fmt::format("AI ({}) is there twice with different values: {} and {}", second->ai,
                             shown(first->value), shown(second->value)),
                 second->position};
  }
  return std::nullopt;
}

/// The element at the front of `data`, `position` octets into the whole.
Parsed<Element> take_element(std::string_view data, std::size_t position) {
  const ApplicationIdentifier* const ai = find_identifier_at(data);
  if (ai == nullptr) return unknown_identifier(data, 0);
  const std::string_view name = data.substr(0, ai->first.size());
  const std::string_view rest = data.substr(name.size());
  const std::string_view until_separator = rest.substr(0, rest.find(kSeparator));
  const auto taken = take_value(*ai, name, until_separator);
  if (!taken) return tl::unexpected(moved(taken.error(), name.size()));
  if (!ai->predefined_length && *taken < until_separator.size()) {
    return fault(FaultCode::kLength,
                 fmt::format("AI ({}): the value goes on after {} characters; a separator (FNC1) "
                             "may be missing",
                             name, *taken),
                 name.size() + *taken);
  }
  return Element{std::string(name), std::string(rest.substr(0, *taken)), position};
}

}  // namespace

Parsed<Elements> parse_element_string(std::string_view data) {
  if (data.empty()) return fault(FaultCode::kLength, "there is no data", 0);
  // A caret stands for FNC1 in many notations: whoever sends one has not sent what was scanned.
  if (const std::size_t caret = data.find('^'); caret != std::string_view::npos) {
    return fault(FaultCode::kCharset, "'^' has no place in GS1 data", caret);
  }
  Elements elements;
  std::size_t at = 0;
  while (at < data.size()) {
    if (elements.size() == kMostElements) {
      return fault(FaultCode::kTooManyElements,
                   fmt::format("there are more than {} elements", kMostElements), at);
    }
    auto element = take_element(data.substr(at), at);
    if (!element) return tl::unexpected(moved(element.error(), at));
    at += element->ai.size() + element->value.size();
    if (at < data.size() && data[at] == kSeparator) ++at;
    elements.push_back(std::move(*element));
  }
  if (const auto found = contradiction(elements)) return tl::unexpected(*found);
  return elements;
}

std::string element_string(std::span<const Element> elements) {
  std::string data;
  for (const Element& element : elements) {
    data += element.ai + element.value;
    const ApplicationIdentifier* const ai = find_identifier(element.ai);
    const bool last = &element == &elements.back();
    if (!last && (ai == nullptr || !ai->predefined_length)) data += kSeparator;
  }
  return data;
}

std::string bracketed(std::span<const Element> elements) {
  std::string text;
  for (const Element& element : elements) text += fmt::format("({}){}", element.ai, element.value);
  return text;
}

const std::string* value_of(std::span<const Element> elements, std::string_view ai) {
  const auto found = std::ranges::find(elements, ai, &Element::ai);
  return found == elements.end() ? nullptr : &found->value;
}

namespace {

/// A "(AI)" in a bracketed text.
struct Opening {
  std::size_t at = 0;     ///< of the "("
  std::size_t value = 0;  ///< after the ")"
  const ApplicationIdentifier* ai = nullptr;
  std::string_view name;
};

std::vector<Opening> openings_of(std::string_view text) {
  std::vector<Opening> all;
  for (std::size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    const ApplicationIdentifier* const ai = find_identifier_at(text.substr(at + 1));
    if (ai == nullptr) continue;
    const std::string_view name = text.substr(at + 1, ai->first.size());
    const std::size_t close = at + 1 + name.size();
    if (close < text.size() && text[close] == ')') all.push_back({at, close + 1, ai, name});
  }
  return all;
}

/// For each opening the one that follows it when the text from there on can be read; the number
/// of openings: the text ends. From the last to the first, so that nothing is read twice.
std::vector<std::optional<std::size_t>> readable(std::string_view text,
                                                 std::span<const Opening> openings) {
  std::vector<std::optional<std::size_t>> next(openings.size());
  for (std::size_t i = openings.size(); i-- > 0;) {
    const Opening& from = openings[i];
    for (std::size_t to = i + 1; to <= openings.size() && !next[i]; ++to) {
      const bool ends = to == openings.size();
      const std::size_t end = ends ? text.size() : openings[to].at;
      if (end - std::min(end, from.value) > from.ai->format.max()) break;
      if (!ends && !next[to]) continue;
      if (end < from.value) continue;
      if (!check_value(*from.ai, from.name, text.substr(from.value, end - from.value))) {
        next[i] = to;
      }
    }
  }
  return next;
}

/// Why a text cannot be read, taking every opening for one.
Fault why_unreadable(std::string_view text, std::span<const Opening> openings) {
  for (std::size_t i = 0; i < openings.size(); ++i) {
    const Opening& from = openings[i];
    const std::size_t end = i + 1 == openings.size() ? text.size() : openings[i + 1].at;
    const auto found = check_value(*from.ai, from.name, text.substr(from.value, end - from.value));
    if (found) return moved(*found, from.value);
  }
  return {FaultCode::kBrackets, "it cannot be read as (AI)value(AI)value", 0};
}

}  // namespace

Parsed<Elements> parse_bracketed(std::string_view text) {
  if (text.empty()) return fault(FaultCode::kLength, "there is no data", 0);
  const auto openings = openings_of(text);
  if (openings.empty() || openings.front().at != 0) {
    const bool named = text.size() > 2 && text[0] == '(' && is_digit(text[1]);
    if (named) return tl::unexpected(moved(unknown_identifier(text.substr(1), 0).value(), 1));
    return fault(FaultCode::kBrackets, "it does not begin with (AI)", 0);
  }
  const auto next = readable(text, openings);
  if (!next.front()) return tl::unexpected(why_unreadable(text, openings));
  Elements elements;
  for (std::size_t i = 0; i < openings.size();) {
    if (elements.size() == kMostElements) {
      return fault(FaultCode::kTooManyElements,
                   fmt::format("there are more than {} elements", kMostElements), openings[i].at);
    }
    const Opening& from = openings[i];
    const std::size_t to = *next[i];
    const std::size_t end = to == openings.size() ? text.size() : openings[to].at;
    elements.push_back(
        {std::string(from.name), std::string(text.substr(from.value, end - from.value)), from.at});
    i = to;
  }
  if (const auto found = contradiction(elements)) return tl::unexpected(*found);
  return elements;
}

}  // namespace cairn::gs1
