#include "core/gs1/digital_link.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::gs1::digital_link_test {
namespace {

struct Case {
  std::string given;
  std::string result;
};

std::string read(std::string_view uri, ShortGtins short_gtins = ShortGtins::kRefuse) {
  const auto elements = parse_link(uri, short_gtins);
  if (elements) return bracketed(*elements);
  return std::string(name_of(elements.error().code)) + '@' +
         std::to_string(elements.error().position);
}

TEST_CASE("gs1: links are read", "[gs1]") {
  const std::vector<Case> cases = {
      {"https://id.gs1.org/01/09520123456788", "(01)09520123456788"},
      {"HTTP://example.com:8080/some/stem/01/09520123456788?", "(01)09520123456788"},
      {"https://id.gs1.org/01/09520123456788/22/2A/10/AB/21/X",
       "(01)09520123456788(22)2A(10)AB(21)X"},
      {"https://id.gs1.org/01/09520123456788/235/T", "(01)09520123456788(235)T"},
      {"https://id.gs1.org/01/09520123456788?17=180426&linkType=gs1:pip&x&3103=000195#y/00/1",
       "(01)09520123456788(17)180426(3103)000195"},
      {"https://id.gs1.org/414/9520123456788/254/32a%2Fb", "(414)9520123456788(254)32a/b"},
      {"https://a/00/faux/00/106141412345678908", "(00)106141412345678908"},
      {"https://a/8004/9520614141234567/7040/1ABC", "(8004)9520614141234567(7040)1ABC"},
      {"https://a/415/9520123456788/8020/X", "(415)9520123456788(8020)X"},
      {"https://a/415/9520123456788/8020/X?01=9520123456788",
       "(415)9520123456788(8020)X(01)09520123456788"},
      // The length before the check digit.
      {"https://a/01/095201234567881", "length@27"},
      {"https://shop@elsewhere.example/01/09520123456788", "uri@12"},
      {"https://a_b/01/09520123456788", "uri@9"},
      // A plus is a plus in the path and a blank, which no value has, in the query.
      {"https://a/01/09520123456788/10/A+B", "(01)09520123456788(10)A+B"},
      {"https://a/01/09520123456788?240=A+B", "charset@33"},
      {"https://a/01/09520123456788?240=A%2bB", "(01)09520123456788(240)A+B"},
      // A % that escapes nothing is one.
      {"https://a/01/09520123456788/10/A%2", "(01)09520123456788(10)A%2"},
      {"https://a/01/09520123456788/10/A%GG%", "(01)09520123456788(10)A%GG%"},
      {"HTTPS://a/01/09520123456788", "(01)09520123456788"},
      {"https://a/01/09520123456788?&&240=A&&", "(01)09520123456788(240)A"},
  };
  for (const Case& one : cases) {
    INFO(one.given);
    CHECK(read(one.given) == one.result);
  }
}

TEST_CASE("gs1: links with a fault are refused with its place", "[gs1]") {
  const std::vector<Case> cases = {
      {"", "uri@0"},
      {"ftp://a/01/09520123456788", "uri@0"},
      {"https://", "uri@8"},
      {"https:///01/09520123456788", "uri@8"},
      {"https://01", "uri@8"},
      {"https://a/01/0952 123456788", "uri@17"},
      {"https://a/01/09520123456788/\xC3\xA9", "uri@28"},
      {"https://a/", "no_primary_key@10"},
      {"https://01/09520123456788", "no_primary_key@11"},
      {"https://a/10/AB", "no_primary_key@10"},
      {"https://a/01/09520123456788/", "no_primary_key@10"},
      {"https://a/01/09520123456788/89/X", "no_primary_key@10"},
      {"https://a/01/09520123456789", "check_digit@26"},
      {"https://a/01/", "length@13"},
      {"https://a/01/9520123456788", "length@13"},
      {"https://a/01/09520123456788/21/X/10/AB", "path_order@10"},
      {"https://a/01/09520123456788/10/AB/235/T", "path_order@10"},
      {"https://a/01/09520123456788/254/T", "path_order@10"},
      {"https://a/01/09520123456788/10/A/10/A", "duplicate_ai@33"},
      {"https://a/01/09520123456788?01=09520123456788", "duplicate_ai@28"},
      {"https://a/01/09520123456788?99=A&99=A", "duplicate_ai@33"},
      {"https://a/01/09520123456788?999=A", "unknown_ai@28"},
      {"https://a/00/106141412345678908?21=A", "not_attribute@32"},
      {"https://a/01/09520123456788?10=A", "belongs_in_path@28"},
      // The structure before the values.
      {"https://a/01/09520123456789/21/7/10/A", "path_order@10"},
      {"https://a/01/09520123456789?8020=1", "not_attribute@28"},
      {"https://a/01/09520123456789?17=991399&17=991399", "duplicate_ai@38"},
      {"Https://a/01/09520123456788", "uri@0"},
      {"hTTP://a/01/09520123456788", "uri@0"},
      {"https://a/01/09520123456788/10/A%00", "charset@32"},
      {"https://a/01/09520123456788/10/%41%20", "charset@34"},
      {"https://a/415/9520123456788", "required_ai@10"},
  };
  for (const Case& one : cases) {
    INFO(one.given);
    CHECK(read(one.given) == one.result);
  }
}

TEST_CASE("gs1: a key of another code may be in the query", "[gs1]") {
  CHECK(read("https://id.gs1.org/00/106141412345678908?02=09520123456788&37=25&10=ABC") ==
        "(00)106141412345678908(02)09520123456788(37)25(10)ABC");
}

TEST_CASE("gs1: a short GTIN is filled up only if it may be short", "[gs1]") {
  CHECK(read("https://a/01/9520123456788", ShortGtins::kPad) == "(01)09520123456788");
  CHECK(read("https://a/01/416000336108", ShortGtins::kPad) == "(01)00416000336108");
  CHECK(read("https://a/01/02345673", ShortGtins::kPad) == "(01)00000002345673");
  CHECK(read("https://a/01/02345674", ShortGtins::kPad) == "check_digit@20");
}

std::string built(std::string_view text, std::string_view domain = kCanonicalDomain) {
  const auto elements = parse_bracketed(text);
  REQUIRE(elements);
  const auto uri = build_link(*elements, domain);
  if (uri) return *uri;
  return std::string(name_of(uri.error().code)) + '@' + std::to_string(uri.error().position);
}

TEST_CASE("gs1: links are built", "[gs1]") {
  const std::vector<Case> cases = {
      {"(01)09520123456788", "https://id.gs1.org/01/09520123456788"},
      {"(21)X(10)AB(01)09520123456788", "https://id.gs1.org/01/09520123456788/10/AB/21/X"},
      {"(01)09520123456788(3922)0299(3103)000195(17)201225",
       "https://id.gs1.org/01/09520123456788?3103=000195&17=201225&3922=0299"},
      {"(01)09520123456788(10)A/B&C=D+E%F",
       "https://id.gs1.org/01/09520123456788/10/A%2FB%26C%3DD%2BE%25F"},
      {"(00)106141412345678908(10)AB", "https://id.gs1.org/00/106141412345678908?10=AB"},
      {"(415)9520123456788(8020)X", "https://id.gs1.org/415/9520123456788/8020/X"},
      {"(10)AB", "no_primary_key@0"},
      {"(00)106141412345678908(21)X", "not_attribute@22"},
      {"(01)09520123456788(235)T(21)X", "not_attribute@18"},
      {"(01)09520123456788(10)A(10)A", "duplicate_ai@23"},
      {"(415)9520123456788", "required_ai@0"},
  };
  for (const Case& one : cases) {
    INFO(one.given);
    CHECK(built(one.given) == one.result);
  }
}

TEST_CASE("gs1: a link points where its builder wants", "[gs1]") {
  CHECK(built("(01)09520123456788", "https://example.com/x/") ==
        "https://example.com/x/01/09520123456788");
  for (const std::string_view bad : {"", "example.com", "https://", "https:///x", "https://a?b",
                                     "https://a#b", "https://a b", "https://shop@x"}) {
    INFO(bad);
    CHECK(built("(01)09520123456788", bad) == "uri@0");
  }
}

}  // namespace
}  // namespace cairn::gs1::digital_link_test
