#include "core/base/gtin.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace cairn::gtin_test {
namespace {

using test::gtin;

TEST_CASE("gtin: the check digit of known numbers", "[base][gtin]") {
  CHECK(gs1_check_digit("629104150021") == 3);  // GS1's own example
  CHECK(gs1_check_digit("400638133393") == 1);
  CHECK(gs1_check_digit("9638507") == 4);
  CHECK(gs1_check_digit("03600029145") == 2);
  CHECK(gs1_check_digit("1061414100041") == 5);
  CHECK(gs1_check_digit("37610425002123456") == 9);  // an SSCC has the same rule
  CHECK(gs1_check_digit("950110153000") == 3);
  CHECK(gs1_check_digit("0000000") == 0);  // and not 10
  CHECK(gs1_check_digit("") == 0);
}

TEST_CASE("gtin: 8, 12, 13 and 14 digits are stored as 14", "[base][gtin]") {
  struct Row {
    std::string_view digits;
    std::string text;
    std::uint64_t number;
  };
  const std::vector<Row> rows{
      {"96385074", "00000096385074", 96385074},
      {"036000291452", "00036000291452", 36000291452},
      {"4006381333931", "04006381333931", 4006381333931},
      {"10614141000415", "10614141000415", 10614141000415},
      {"99999999999997", "99999999999997", 99999999999997},
  };
  for (const Row& row : rows) {
    CAPTURE(row.digits);
    const auto parsed = Gtin::parse(row.digits);
    REQUIRE(parsed);
    CHECK(parsed->text() == row.text);
    CHECK(parsed->number() == row.number);
    CHECK(Gtin::from_number(row.number) == parsed);
    CHECK(Gtin::parse(row.text) == parsed);
  }
}

TEST_CASE("gtin: the same number in different lengths is the same item", "[base][gtin]") {
  CHECK(gtin("96385074") == gtin("000096385074"));
  CHECK(gtin("036000291452") == gtin("0036000291452"));
  const std::unordered_set<Gtin> set{gtin("96385074"), gtin("000096385074"), gtin("036000291452")};
  CHECK(set.size() == 2);
}

TEST_CASE("gtin: other lengths and characters are refused", "[base][gtin]") {
  for (const std::string digits :
       {"", "0", "9638507", "963850740", "0096385074", "00096385074", "004006381333931",
        "4006381333931 ", " 4006381333931", "400638133393x", "+006381333931", "-006381333931",
        "40063813 3931", "4006381333931\n",
        "\xef\xbc\x94"
        "0063813"}) {
    CAPTURE(digits);
    const auto parsed = Gtin::parse(digits);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::kInvalid);
    CHECK(parsed.error().reason == "bad_gtin");
  }
}

TEST_CASE("gtin: of the ten last digits only one passes", "[base][gtin]") {
  for (const std::string body : {"9638507", "03600029145", "400638133393", "1061414100041"}) {
    int passed = 0;
    for (char last = '0'; last <= '9'; ++last) passed += Gtin::parse(body + last) ? 1 : 0;
    CAPTURE(body);
    CHECK(passed == 1);
  }
}

TEST_CASE("gtin: every single wrong digit is noticed", "[base][gtin]") {
  const std::string right = "4006381333931";
  for (std::size_t at = 0; at < right.size(); ++at) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string read = right;
      read[at] = digit;
      CAPTURE(read);
      CHECK(Gtin::parse(read).has_value() == (read == right));
    }
  }
}

TEST_CASE("gtin: a stored number with a wrong check digit or 15 digits is refused",
          "[base][gtin]") {
  CHECK_FALSE(Gtin::from_number(4006381333932));
  CHECK_FALSE(Gtin::from_number(100'000'000'000'007));
  CHECK_FALSE(Gtin::from_number(UINT64_MAX));
}

}  // namespace
}  // namespace cairn::gtin_test
