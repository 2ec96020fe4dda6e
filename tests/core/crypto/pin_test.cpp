#include "core/crypto/pin.h"

#include "tests/core/base/support/scripted_random.h"
#include "tests/support/catch.h"

#include <array>
#include <random>
#include <string>
#include <vector>

namespace cairn::crypto::pin_test {
namespace {

using std::string_literals::operator""s;
using test::ScriptedRandom;

constexpr std::uint64_t kPins = 1'000'000;
/// The greatest multiple of a million that fits: from here on a number is thrown away.
constexpr std::uint64_t kLimit = 18'446'744'073'709'000'000U;

class SeededRandom final : public Random {
 public:
  std::uint64_t next() override { return engine_(); }

 private:
  std::mt19937_64 engine_{20261124};
};

TEST_CASE("pin: six digits, leading zeros kept", "[crypto][pin]") {
  ScriptedRandom random({0, 7, 999'999, kPins, 123'456 + 5 * kPins});
  CHECK(make_pin(random) == "000000");
  CHECK(make_pin(random) == "000007");
  CHECK(make_pin(random) == "999999");
  CHECK(make_pin(random) == "000000");
  CHECK(make_pin(random) == "123456");
}

TEST_CASE("pin: numbers of the last incomplete million are drawn again", "[crypto][pin]") {
  ScriptedRandom random({kLimit - 1, kLimit, kLimit + 1, UINT64_MAX, 42});
  CHECK(make_pin(random) == "999999");
  CHECK(random.used() == 1);
  CHECK(make_pin(random) == "000042");
  CHECK(random.used() == 5);
}

TEST_CASE("pin: every digit comes up about as often in every place", "[crypto][pin]") {
  constexpr int kDraws = 20'000;
  std::array<std::array<int, 10>, 6> seen{};
  SeededRandom random;
  for (int i = 0; i < kDraws; ++i) {
    const std::string pin = make_pin(random);
    for (std::size_t place = 0; place < 6; ++place) {
      ++seen.at(place).at(static_cast<std::size_t>(pin.at(place) - '0'));
    }
  }
  // 2,000 expected, standard deviation 42.
  for (const auto& digits : seen) {
    for (const int count : digits) {
      CHECK(count > 1750);
      CHECK(count < 2250);
    }
  }
}

TEST_CASE("pin: exactly six digits are accepted", "[crypto][pin]") {
  for (const std::string pin : {"000000", "123456", "999999"}) CHECK(check_pin_form(pin));
  for (const std::string& pin : {""s, "12345"s, "1234567"s, "12345a"s, "12 456"s, "-12345"s,
                                 "12345\n"s, "12345\0"s, "\xd9\xa1\xd9\xa1\xd9\xa1"s}) {
    CAPTURE(pin);
    const auto ok = check_pin_form(pin);
    REQUIRE_FALSE(ok);
    CHECK(ok.error().code == ErrorCode::kInvalid);
    CHECK(ok.error().reason == "bad_pin");
  }
}

TEST_CASE("pin: only the right one verifies, and each hash has its own salt", "[crypto][pin]") {
  const auto hash = hash_pin("123456");
  const auto other = hash_pin("123456");
  REQUIRE(hash);
  REQUIRE(other);
  CHECK(*hash != *other);
  CHECK_THAT(*hash, Catch::StartsWith("$argon2id$v=19$m=8192,t=3,p=1$"));
  CHECK(verify_pin("123456", *hash));
  CHECK(verify_pin("123456", *other));
  CHECK_FALSE(verify_pin("123457", *hash));
  CHECK_FALSE(verify_pin("12345", *hash));
  CHECK_FALSE(verify_pin("1234567", *hash));
  CHECK_FALSE(verify_pin("", *hash));
}

TEST_CASE("pin: a hash stored by an earlier program still verifies", "[crypto][pin]") {
  const std::string stored =
      "$argon2id$v=19$m=8192,t=3,p=1$GCvhjQS2lcNsSeUTnxKBrg$"
      "4MzRwQYLVlYV2NL4vpbtPT2NjkDu3iPc7Ifa3Pa97pk";
  CHECK(verify_pin("123456", stored));
  CHECK_FALSE(verify_pin("654321", stored));
}

TEST_CASE("pin: what is no hash never verifies", "[crypto][pin]") {
  const auto hash = hash_pin("123456");
  REQUIRE(hash);
  std::string flipped = *hash;
  flipped.back() = flipped.back() == 'A' ? 'B' : 'A';
  for (const std::string& stored :
       {""s, "123456"s, "$"s, "$argon2id$"s, "$argon2id$v=19$m=8192,t=3,p=1$"s,
        hash->substr(0, hash->size() - 8), flipped, std::string(300, '$')}) {
    CAPTURE(stored);
    CHECK_FALSE(verify_pin("123456", stored));
    CHECK_FALSE(verify_pin("", stored));
  }
}

}  // namespace
}  // namespace cairn::crypto::pin_test
