#include "core/base/bytes.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::bytes_test {
namespace {

using std::string_literals::operator""s;

TEST_CASE("hex: every octet has two lower-case digits and comes back", "[base][bytes]") {
  Bytes all;
  for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<char>(octet));
  const std::string hex = to_hex(all);
  CHECK(hex.size() == 512);
  CHECK(hex.substr(0, 8) == "00010203");
  CHECK(hex.substr(0x7e * 2, 8) == "7e7f8081");
  CHECK(hex.substr(504) == "fcfdfeff");
  CHECK(from_hex(hex) == all);
}

TEST_CASE("hex: either case is read, nothing is nothing", "[base][bytes]") {
  CHECK(from_hex("00aBCdef0F") == "\x00\xab\xcd\xef\x0f"s);
  CHECK(from_hex("") == ""s);
  CHECK(to_hex("").empty());
}

TEST_CASE("hex: odd lengths and other characters are refused", "[base][bytes]") {
  for (const std::string text :
       {"0", "abc", "0g", "g0", "/0", "0:", "@0", "`0", " 0", "0x", "-1", "00\n0", "\xff\xff"}) {
    CAPTURE(text);
    const auto bytes = from_hex(text);
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().code == ErrorCode::kInvalid);
    CHECK(bytes.error().reason == "bad_hex");
  }
}

}  // namespace
}  // namespace cairn::bytes_test
