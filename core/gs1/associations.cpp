#include "core/gs1/associations.h"

#include "core/gs1/application_identifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cairn::gs1 {
namespace {

/// The first item of a list, which is taken off it.
std::string_view take_item(std::string_view& list, char separator) {
  const std::size_t end = list.find(separator);
  const std::string_view item = list.substr(0, end);
  list = end == std::string_view::npos ? "" : list.substr(end + 1);
  return item;
}

/// An element whose AI matches and is not `own`.
const Element* find_match(std::span<const Element> elements, std::string_view pattern,
                          std::string_view own) {
  const auto found = std::ranges::find_if(elements, [pattern, own](const Element& element) {
    return element.ai != own && matches(pattern, element.ai);
  });
  return found == elements.end() ? nullptr : &*found;
}

/// "01+21": both are there.
bool has_all(std::span<const Element> elements, std::string_view group, std::string_view own) {
  while (!group.empty()) {
    if (find_match(elements, take_item(group, '+'), own) == nullptr) return false;
  }
  return true;
}

/// "01+21,8006+21": for a sentence.
std::string in_words(std::string_view alternatives) {
  std::string text;
  while (!alternatives.empty()) {
    std::string_view group = take_item(alternatives, ',');
    if (!text.empty()) text += " or ";
    text += fmt::format("({})", take_item(group, '+'));
    while (!group.empty()) text += fmt::format(" with ({})", take_item(group, '+'));
  }
  return text;
}

void find_excluded(std::span<const Element> elements, const Element& element,
                   std::string_view excluded, std::vector<Fault>& faults) {
  while (!excluded.empty()) {
    const Element* const other = find_match(elements, take_item(excluded, ','), element.ai);
    if (other == nullptr) continue;
    faults.push_back(
        {FaultCode::kExcludedAi,
         fmt::format("AI ({}) must not be together with AI ({})", element.ai, other->ai),
         element.position});
  }
}

void find_missing(std::span<const Element> elements, const Element& element,
                  std::string_view alternatives, std::vector<Fault>& faults) {
  if (alternatives.empty()) return;
  std::string_view left = alternatives;
  while (!left.empty()) {
    if (has_all(elements, take_item(left, ','), element.ai)) return;
  }
  faults.push_back({FaultCode::kRequiredAi,
                    fmt::format("AI ({}) needs AI {}", element.ai, in_words(alternatives)),
                    element.position});
}

/// A digital signature is of one item, so the key beside it must be of one item too.
void find_missing_serials(std::span<const Element> elements, std::vector<Fault>& faults) {
  if (value_of(elements, "8030") == nullptr) return;
  constexpr std::array<std::string_view, 3> kWithSerial = {"253", "255", "8003"};
  for (const Element& element : elements) {
    if (std::ranges::find(kWithSerial, element.ai) == kWithSerial.end()) continue;
    const ApplicationIdentifier* const ai = find_identifier(element.ai);
    if (ai == nullptr || element.value.size() > ai->format.min()) continue;
    faults.push_back(
        {FaultCode::kMissingSerial,
         fmt::format("AI ({}) needs its serial component beside AI (8030)", element.ai),
         element.position});
  }
}

}  // namespace

std::vector<Fault> broken_associations(std::span<const Element> elements) {
  std::vector<Fault> faults;
  for (const Element& element : elements) {
    if (const auto* const ai = find_identifier(element.ai)) {
      find_excluded(elements, element, ai->excludes, faults);
    }
  }
  for (const Element& element : elements) {
    if (const auto* const ai = find_identifier(element.ai)) {
      find_missing(elements, element, ai->needs, faults);
    }
  }
  find_missing_serials(elements, faults);
  return faults;
}

}  // namespace cairn::gs1
