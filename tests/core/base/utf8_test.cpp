#include "core/base/utf8.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::utf8_test {
namespace {

using std::string_literals::operator""s;

TEST_CASE("utf8: well-formed text of one to four octets a character", "[base][utf8]") {
  for (const std::string& text : {
           ""s,
           "A"s,
           "\x01\x1f\x7f"s,
           "\xc2\x80"s,          // first of two octets
           "\xdf\xbf"s,          // last of two
           "\xe0\xa0\x80"s,      // first of three
           "\xed\x9f\xbf"s,      // the last before the surrogates
           "\xee\x80\x80"s,      // the first after them
           "\xef\xbf\xbf"s,      // last of three
           "\xf0\x90\x80\x80"s,  // first of four
           "\xf4\x8f\xbf\xbf"s,  // U+10FFFF
           "Gr\xc3\xbc\xc3\x9f"
           "e \xe2\x82\xac 5 \xf0\x9f\x93\xa6"s,
       }) {
    CAPTURE(text);
    CHECK(is_utf8(text));
  }
}

TEST_CASE("utf8: malformed text is refused wherever it stands", "[base][utf8]") {
  for (const std::string& bad : {
           "\0"s,                    // NUL
           "\x80"s,                  // a continuation alone
           "\xbf"s,                  //
           "\xc0\x80"s,              // overlong NUL
           "\xc1\xbf"s,              // overlong of two
           "\xe0\x80\x80"s,          // overlong of three
           "\xe0\x9f\xbf"s,          // the last overlong of three
           "\xf0\x80\x80\x80"s,      // overlong of four
           "\xf0\x8f\xbf\xbf"s,      // the last overlong of four
           "\xed\xa0\x80"s,          // first surrogate
           "\xed\xbf\xbf"s,          // last surrogate
           "\xf4\x90\x80\x80"s,      // U+110000
           "\xf5\x80\x80\x80"s,      // beyond every plane
           "\xf8\x88\x80\x80\x80"s,  // five octets
           "\xfe"s,                  //
           "\xff"s,                  //
           "\xc2"s,                  // cut off
           "\xe2\x82"s,              //
           "\xe2"s,                  //
           "\xf0\x9f\x93"s,          //
           "\xc2\x41"s,              // a letter where a continuation belongs
           "\xe2\x82\x41"s,          //
           "\xe2\x41\xac"s,          //
           "\xf0\x9f\x93\xc2"s,      // a lead octet there
           "\xc2\xc2\x80"s,          //
       }) {
    CAPTURE(bad);
    CHECK_FALSE(is_utf8(bad));
    CHECK_FALSE(is_utf8("abc" + bad));
    CHECK_FALSE(is_utf8(bad + "abc"));
    CHECK_FALSE(is_utf8("\xe2\x82\xac" + bad));
  }
}

TEST_CASE("utf8: every code point but NUL and the surrogates", "[base][utf8]") {
  for (std::uint32_t point = 1; point <= 0x10FFFF; point += point < 0x3000 ? 1 : 61) {
    std::string text;
    if (point < 0x80) {
      text = {static_cast<char>(point)};
    } else if (point < 0x800) {
      text = {static_cast<char>(0xC0 | (point >> 6U)), static_cast<char>(0x80 | (point & 0x3FU))};
    } else if (point < 0x10000) {
      text = {static_cast<char>(0xE0 | (point >> 12U)),
              static_cast<char>(0x80 | ((point >> 6U) & 0x3FU)),
              static_cast<char>(0x80 | (point & 0x3FU))};
    } else {
      text = {static_cast<char>(0xF0 | (point >> 18U)),
              static_cast<char>(0x80 | ((point >> 12U) & 0x3FU)),
              static_cast<char>(0x80 | ((point >> 6U) & 0x3FU)),
              static_cast<char>(0x80 | (point & 0x3FU))};
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    CAPTURE(point);
    REQUIRE(is_utf8(text) == !surrogate);
  }
}

}  // namespace
}  // namespace cairn::utf8_test
