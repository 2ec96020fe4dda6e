#include "core/gs1/element_string.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::gs1::element_string_test {
namespace {

std::string read(std::string_view data) {
  const auto elements = parse_element_string(data);
  if (elements) return bracketed(*elements);
  return std::string(name_of(elements.error().code)) + '@' +
         std::to_string(elements.error().position);
}

struct Case {
  std::string data;
  std::string result;
};

TEST_CASE("gs1: element strings are read", "[gs1]") {
  const std::string gs(1, kSeparator);
  const std::vector<Case> cases = {
      {"0109506000134352", "(01)09506000134352"},
      {"010950600013435210AB-123", "(01)09506000134352(10)AB-123"},
      {"010950600013435210AB" + gs + "21X", "(01)09506000134352(10)AB(21)X"},
      // The order is free; a predefined length needs no separator, one more than needed does no
      // harm.
      {"10AB" + gs + "0109506000134352", "(10)AB(01)09506000134352"},
      {"0109506000134352" + gs + "10AB" + gs, "(01)09506000134352(10)AB"},
      {"31030012342099110000", "length@16"},
      {"3103001234", "(3103)001234"},
      {"11260100", "(11)260100"},
      {"253"
       "5268981916665B2B31",
       "(253)5268981916665B2B31"},
      {"2535268981916665", "(253)5268981916665"},
      // The same twice is one fact, two values are none.
      {"10AB" + gs + "10AB", "(10)AB(10)AB"},
      {"10AB" + gs + "10AC", "repeated_ai@5"},
      // What excludes each other is told before what is repeated.
      {"10AB" + gs + "10AC" + gs + "01095201234567883725", "excluded_ai@10"},
      // What is wrong is said with its place.
      {"", "length@0"},
      {gs, "unknown_ai@0"},
      {"10", "length@2"},
      {"10" + gs + "21X", "length@2"},
      {"10AB" + gs + gs + "21X", "unknown_ai@5"},
      {"0109506000134353", "check_digit@15"},
      {"019506", "length@2"},
      {"01095060001343A2", "charset@14"},
      {"10AB CD", "charset@4"},
      {"10AB^CD", "charset@4"},
      {"10" + std::string(21, 'A'), "length@22"},
      {"37123456789", "length@10"},
      {"89X", "unknown_ai@0"},
      {"1", "unknown_ai@0"},
      {std::string("10A\0B", 5), "charset@3"},
      {"10\xC3\xA9", "charset@2"},
  };
  for (const Case& one : cases) {
    INFO(one.data);
    CHECK(read(one.data) == one.result);
  }
}

TEST_CASE("gs1: no label has more than 64 elements", "[gs1]") {
  std::string data;
  for (std::size_t i = 0; i < kMostElements; ++i)
    data +=
        "200"
        "1";
  CHECK(parse_element_string(data)->size() == kMostElements);
  CHECK(read(data + "2001") == "too_many_elements@256");
}

TEST_CASE("gs1: a message shows hostile octets harmlessly", "[gs1]") {
  const auto elements = parse_element_string("\x1B[31m\n");
  CHECK(elements.error().message == "no application identifier begins with \"<1B>[31\"");
}

TEST_CASE("gs1: values with brackets are told from identifiers", "[gs1]") {
  const std::vector<Case> cases = {
      {"(01)09506000134352(10)AB-123", "(01)09506000134352(10)AB-123"},
      {"(10)A(B)C(21)X", "(10)A(B)C(21)X"},
      {"(10)A(21)", "(10)A(21)"},  // a serial without a value is none: it belongs to the batch
      {"(01)09506000134352(3103)001234", "(01)09506000134352(3103)001234"},
      {"(10)(21)X", "(10)(21)X"},
      {"(10)A(99999)B", "(10)A(99999)B"},
      {"(01)09506000134353", "check_digit@17"},
      {"(01)09506000134352(15)261301", "date@24"},
      {"(01)0950600013435", "length@4"},
      {"(89)1", "unknown_ai@1"},
      {"01)1", "brackets@0"},
      {"(AB)1", "brackets@0"},
      {"", "length@0"},
      {"(10)A(10)B", "repeated_ai@5"},
  };
  for (const Case& one : cases) {
    INFO(one.data);
    const auto elements = parse_bracketed(one.data);
    CHECK((elements ? bracketed(*elements)
                    : std::string(name_of(elements.error().code)) + '@' +
                          std::to_string(elements.error().position)) == one.result);
  }
  CHECK(parse_bracketed("(10)A(B)C(21)X")->size() == 2);
  CHECK(parse_bracketed("(10)(21)X")->size() == 1);
}

TEST_CASE("gs1: brackets without end are read in time", "[gs1]") {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "(10)";
  CHECK_FALSE(parse_bracketed(text));
}

TEST_CASE("gs1: separators are put where they are needed", "[gs1]") {
  const Elements elements = {{"10", "AB"}, {"01", "09506000134352"}, {"37", "5"}, {"21", "X"}};
  CHECK(element_string(elements) ==
        "10AB\x1D"
        "0109506000134352375\x1D"
        "21X");
}

}  // namespace
}  // namespace cairn::gs1::element_string_test
