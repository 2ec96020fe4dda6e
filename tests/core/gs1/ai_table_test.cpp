#include "core/gs1/application_identifier.h"
#include "tests/support/catch.h"

#include <set>
#include <string>

namespace cairn::gs1::ai_table_test {
namespace {

TEST_CASE("gs1: identifiers that begin alike have the same length", "[gs1]") {
  std::array<std::size_t, 100> lengths{};
  for (const ApplicationIdentifier& ai : application_identifiers()) {
    INFO(ai.first);
    auto& length =
        lengths.at(static_cast<std::size_t>(std::stoi(std::string(ai.first.substr(0, 2)))));
    CHECK((length == 0 || length == ai.first.size()));
    length = ai.first.size();
  }
}

TEST_CASE("gs1: a predefined length is a fixed length", "[gs1]") {
  for (const ApplicationIdentifier& ai : application_identifiers()) {
    INFO(ai.first);
    if (ai.predefined_length) CHECK(ai.format.min() == ai.format.max());
    CHECK(ai.format.max() <= 90);
    CHECK(ai.format.min() > 0);
    // A link's key may always stand in its path, so only what qualifies is kept from the query.
    if (ai.link_key) CHECK(ai.link_attribute);
  }
}

TEST_CASE("gs1: the rules name identifiers that exist", "[gs1]") {
  std::set<std::string> names;
  for (const ApplicationIdentifier& ai : application_identifiers()) {
    for (const std::string_view list : {ai.needs, ai.excludes, ai.link_qualifiers}) {
      std::string name;
      for (const char c : std::string(list) + ",") {
        const bool digit = (c >= '0' && c <= '9') || c == 'n';
        if (digit) name += c;
        if (digit || name.empty()) continue;
        names.insert(std::exchange(name, ""));
      }
    }
  }
  for (const std::string& pattern : names) {
    INFO(pattern);
    const auto all = application_identifiers();
    CHECK(std::ranges::any_of(
        all, [&pattern](const ApplicationIdentifier& ai) { return matches(pattern, ai.first); }));
  }
}

TEST_CASE("gs1: an identifier is found by its digits alone", "[gs1]") {
  CHECK(find_identifier("01")->title == "GTIN");
  CHECK(find_identifier("3103")->title == "NET WEIGHT (kg)");
  CHECK(find_identifier("95")->title == "INTERNAL");
  CHECK(find_identifier_at("0109506000134352")->first == "01");
  CHECK(find_identifier_at("8020X")->first == "8020");
  for (const std::string_view none : {"", "0", "04", "1", "011", "3106", "310", "31", "23", "89",
                                      "3A03", "9A", "\xff\xff", "80"}) {
    INFO(none);
    CHECK(find_identifier(none) == nullptr);
  }
}

TEST_CASE("gs1: the number of decimals is the last digit of an identifier", "[gs1]") {
  CHECK(matches("310n", "3103"));
  CHECK(matches("31nn", "3103"));
  CHECK_FALSE(matches("310n", "310"));
  CHECK_FALSE(matches("310n", "3203"));
}

}  // namespace
}  // namespace cairn::gs1::ai_table_test
