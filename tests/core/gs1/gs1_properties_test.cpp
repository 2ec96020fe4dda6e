// Properties of elements made at random from the table itself.

#include "core/base/gtin.h"
#include "core/gs1/application_identifier.h"
#include "core/gs1/associations.h"
#include "core/gs1/digital_link.h"
#include "core/gs1/element_string.h"
#include "core/gs1/scan.h"
#include "core/gs1/value_rules.h"
#include "core/gs1/variable_measure.h"
#include "tests/core/domain/support/property.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cairn::gs1::gs1_properties_test {
namespace {

using cairn::test::anything;
using cairn::test::holds;

std::size_t below(std::size_t limit) { return *rc::gen::inRange<std::size_t>(0, limit); }

char digit() { return static_cast<char>('0' + below(10)); }

char character(CharacterSet set) {
  constexpr std::string_view kAll =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_/!\"%&'()*+,.:;<=>?";
  constexpr std::string_view k39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/#";
  switch (set) {
    case CharacterSet::kDigits:
      return digit();
    case CharacterSet::kSet82:
      return kAll[below(kAll.size())];
    case CharacterSet::kSet39:
      return k39[below(k39.size())];
    case CharacterSet::kSet64:
      return kAll[below(64)];
  }
  return '0';
}

std::string date() {
  return fmt::format("{:02}{:02}{:02}", below(100), 1 + below(12), 1 + below(28));
}

/// A part that fits, as far as its rules are simple.
std::string part_for(const Component& component) {
  std::string part;
  const std::size_t size = component.min + below(component.max - component.min + std::size_t{1});
  for (std::size_t i = 0; i < size; ++i) part += character(component.set);
  for (const Rule rule : component.rules()) {
    if (rule == Rule::kDateYymmd0 || rule == Rule::kDateYymmdd) part = date();
    if (rule == Rule::kCompanyPrefixFirst) {
      part.resize(std::max<std::size_t>(part.size(), 4), '7');
      std::fill_n(part.begin(), 4, '9');
    }
    if (rule == Rule::kCheckDigit || rule == Rule::kCompanyPrefixFirst) {
      if (component.set != CharacterSet::kDigits) continue;
      part.back() = static_cast<char>(
          '0' + gs1_check_digit(std::string_view(part).substr(0, part.size() - 1)));
    }
  }
  return part;
}

/// Nothing if the row's rules are too special to be met by chance.
std::optional<Element> element_for(const ApplicationIdentifier& row) {
  std::string ai(row.first);
  ai.back() = static_cast<char>(ai.back() +
                                below(static_cast<std::size_t>(row.last.back() - ai.back()) + 1));
  std::string value;
  for (const Component& component : row.format.components()) {
    if (component.optional && below(2) == 0) break;
    value += part_for(component);
  }
  if (check_value(row, ai, value)) return std::nullopt;
  return Element{ai, value};
}

/// Up to twelve elements, each AI once.
Elements some_elements() {
  const auto rows = application_identifiers();
  Elements elements;
  const std::size_t wanted = 1 + below(12);
  for (int tries = 0; tries < 40 && elements.size() < wanted; ++tries) {
    auto element = element_for(rows[below(rows.size())]);
    if (element && value_of(elements, element->ai) == nullptr) {
      elements.push_back(std::move(*element));
    }
  }
  if (elements.empty()) elements.push_back({"10", "A"});
  return elements;
}

/// Without their positions.
Elements bare(Elements elements) {
  for (Element& element : elements) element.position = 0;
  return elements;
}

std::string octets() {
  const auto list = anything<std::vector<unsigned char>>();
  return {list.begin(), list.end()};
}

TEST_CASE("gs1: what is encoded is read back", "[gs1][property]") {
  REQUIRE(holds("element strings", [] {
    const Elements elements = some_elements();
    const auto read = parse_element_string(element_string(elements));
    RC_ASSERT(read.has_value());
    RC_ASSERT(bare(*read) == elements);
  }));
}

TEST_CASE("gs1: a position is where the element begins", "[gs1][property]") {
  REQUIRE(holds("positions", [] {
    const std::string data = element_string(some_elements());
    const Elements read = parse_element_string(data).value();
    for (const Element& element : read) {
      RC_ASSERT(data.substr(element.position).starts_with(element.ai + element.value));
    }
  }));
}

TEST_CASE("gs1: links lead back to their elements", "[gs1][property]") {
  REQUIRE(holds("links", [] {
    Elements elements = some_elements();
    elements.push_back({"00", "106141412345678908"});
    const auto uri = build_link(elements);
    if (!uri) return;  // some elements have no place in a link
    auto read = bare(parse_link(*uri).value());
    auto by_ai = [](const Element& a, const Element& b) { return a.ai < b.ai; };
    std::ranges::sort(read, by_ai);
    std::ranges::sort(elements, by_ai);
    elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
    RC_ASSERT(read == elements);
    RC_ASSERT(build_link(parse_link(*uri).value()) == *uri);
  }));
}

TEST_CASE("gs1: one wrong digit of a GTIN is always found", "[gs1][property]") {
  REQUIRE(holds("check digits", [] {
    std::string data =
        "01" + element_for(*find_identifier("01")).value_or(Element{"01", "09506000134352"}).value;
    const std::size_t at = 2 + below(14);
    const char before = data[at];
    data[at] = digit();
    RC_ASSERT(parse_element_string(data).has_value() == (data[at] == before));
  }));
}

TEST_CASE("gs1: whatever is sent, the answer is one", "[gs1][property]") {
  REQUIRE(holds("any octets", [] {
    const std::string sent = octets();
    for (const std::string_view id : {"", "]C1", "]E0", "]E3", "]E4", "]I1", "]Q1", "]d2"}) {
      const auto scan = parse_scan(std::string(id) + sent);
      if (!scan) RC_ASSERT(scan.error().position <= sent.size() + 3);
      if (scan) broken_associations(scan->elements);
    }
    static_cast<void>(parse_link("https://a/01/" + sent));
    static_cast<void>(parse_bracketed("(10)" + sent));
  }));
}

TEST_CASE("gs1: a fault points into the data", "[gs1][property]") {
  REQUIRE(holds("damaged element strings", [] {
    std::string data = element_string(some_elements());
    data[below(data.size())] = static_cast<char>(anything<unsigned char>());
    const auto read = parse_element_string(data);
    if (!read) RC_ASSERT(read.error().position <= data.size());
    if (read) RC_ASSERT(parse_element_string(element_string(*read)).has_value());
  }));
}

TEST_CASE("gs1: every price has one verifier of five", "[gs1][property]") {
  for (int price = 0; price < 100'000; price += 7) {
    const int verifier = price_verifier(fmt::format("{:05}", price));
    REQUIRE((verifier >= 0 && verifier <= 9));
  }
}

}  // namespace
}  // namespace cairn::gs1::gs1_properties_test
