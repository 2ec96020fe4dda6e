#include "core/base/uuid.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <string>
#include <unordered_set>

namespace cairn::uuid_test {
namespace {

using std::string_literals::operator""s;

TEST_CASE("uuid: text and octets come back", "[base][uuid]") {
  const std::string text = "01920000-89ab-7cde-8f01-23456789abcd";
  const auto uuid = Uuid::parse(text);
  REQUIRE(uuid);
  CHECK(uuid->text() == text);
  CHECK(uuid->bytes() == "\x01\x92\x00\x00\x89\xab\x7c\xde\x8f\x01\x23\x45\x67\x89\xab\xcd"s);
  CHECK(Uuid::from_bytes(uuid->bytes()) == uuid);
  CHECK(Uuid(uuid->octets()) == *uuid);
  CHECK(Uuid::parse("01920000-89AB-7CDE-8f01-23456789ABCD") == uuid);
}

TEST_CASE("uuid: nil is none", "[base][uuid]") {
  CHECK(Uuid{}.is_nil());
  CHECK(Uuid{}.text() == "00000000-0000-0000-0000-000000000000");
  CHECK(Uuid::parse("00000000-0000-0000-0000-000000000000") == Uuid{});
  CHECK_FALSE(test::uuid(1).is_nil());
}

TEST_CASE("uuid: other spellings are refused", "[base][uuid]") {
  for (const std::string& text :
       {""s, "01920000-89ab-7cde-8f01-23456789abc"s, "01920000-89ab-7cde-8f01-23456789abcde"s,
        "0192000089ab7cde8f0123456789abcd"s, "{1920000-89ab-7cde-8f01-23456789abc}"s,
        "01920000-89ab-7cde-8f01-23456789abcg"s, "0192000-089ab-7cde-8f01-23456789abcd"s,
        "01920000-89ab-7cde-8f0123456789abcd-"s, "01920000-89ab-7cde-8f0-123456789abcd"s,
        "01920000_89ab_7cde_8f01_23456789abcd"s, "01920000-89ab-7cde-8f01--3456789abcd"s,
        "01920000-89ab-7cde-8f01-2345678\0abcd"s, " 1920000-89ab-7cde-8f01-23456789abcd"s,
        "------------------------------------"s}) {
    CAPTURE(text);
    const auto uuid = Uuid::parse(text);
    REQUIRE_FALSE(uuid);
    CHECK(uuid.error().code == ErrorCode::kInvalid);
    CHECK(uuid.error().reason == "bad_uuid");
  }
}

TEST_CASE("uuid: exactly sixteen octets", "[base][uuid]") {
  for (const std::size_t size : {0U, 1U, 15U, 17U, 32U}) {
    CAPTURE(size);
    const auto uuid = Uuid::from_bytes(std::string(size, 'x'));
    REQUIRE_FALSE(uuid);
    CHECK(uuid.error().reason == "bad_uuid");
  }
}

TEST_CASE("uuid: a hash becomes version 8 and keeps its other bits", "[base][uuid]") {
  std::array<std::uint8_t, 16> ones{};
  ones.fill(0xFF);
  CHECK(Uuid::from_hash({}).text() == "00000000-0000-8000-8000-000000000000");
  CHECK(Uuid::from_hash(ones).text() == "ffffffff-ffff-8fff-bfff-ffffffffffff");
}

TEST_CASE("uuid: order is that of the octets, equal ones hash alike", "[base][uuid]") {
  CHECK(test::uuid(1) < test::uuid(2));
  CHECK(test::uuid(0x7f) < test::uuid(0x80));
  CHECK(Uuid{} < test::uuid(0));
  const std::unordered_set<Uuid> set{test::uuid(1), test::uuid(2), test::uuid(1)};
  CHECK(set.size() == 2);
}

}  // namespace
}  // namespace cairn::uuid_test
