#include "core/runtime/detail/percent.h"

#include "tests/support/catch.h"

namespace cairn::runtime::percent_test {
namespace {

using Segments = std::vector<std::string>;
using Fields = std::vector<std::pair<std::string, std::string>>;

std::string refusal(std::string_view text) {
  const auto decoded = percent_decode(text);
  return decoded ? "decoded" : decoded.error().reason;
}

TEST_CASE("percent: decodes escapes of UTF-8", "[runtime][percent]") {
  CHECK(percent_decode("a%20b%2Fc") == "a b/c");
  CHECK(percent_decode("%C3%bc") == "ü");
  CHECK(percent_decode("a+b") == "a+b");
  CHECK(percent_decode("") == "");
}

TEST_CASE("percent: refuses what is not an escape, NUL and broken UTF-8", "[runtime][percent]") {
  for (const char* text : {"%", "a%", "%1", "%zz", "%1g", "%g1", "%%41", "%00", "a%00b", "%ff",
                           "%c3", "%c0%80", "%ed%a0%80", "% 1", "%+1"}) {
    CAPTURE(text);
    CHECK(refusal(text) == "bad_escape");
  }
}

TEST_CASE("percent: splits a path before it decodes", "[runtime][percent]") {
  CHECK(split_path("/") == Segments{""});
  CHECK(split_path("/a/b%2Fc/") == Segments{"a", "b/c", ""});
  CHECK(split_path("//a") == Segments{"", "a"});
  for (const char* path : {"", "a", "/a/..", "/../a", "/%2e%2E/a", "/./a"}) {
    CAPTURE(path);
    const auto segments = split_path(path);
    REQUIRE_FALSE(segments);
    CHECK(segments.error().reason == "bad_path");
  }
  std::string deep;
  for (int i = 0; i < 65; ++i) deep += "/a";
  CHECK_FALSE(split_path(deep));
}

TEST_CASE("percent: reads a query in its order", "[runtime][percent]") {
  CHECK(split_query("a=1&b=&c&&d=x+y%2B%3D&a=2") ==
        Fields{{"a", "1"}, {"b", ""}, {"c", ""}, {"d", "x y+="}, {"a", "2"}});
  CHECK(split_query("") == Fields{});
  CHECK_FALSE(split_query("a=%"));
  CHECK_FALSE(split_query("%zz=1"));
}

}  // namespace
}  // namespace cairn::runtime::percent_test
