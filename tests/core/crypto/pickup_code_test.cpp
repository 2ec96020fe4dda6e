#include "core/crypto/pickup_code.h"

#include "core/crypto/hash.h"
#include "tests/core/base/support/scripted_random.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::crypto::pickup_code_test {
namespace {

using test::ScriptedRandom;

/// A salt of the octets 0 to 15.
std::pair<Bytes, Bytes> hashed(std::string_view code) {
  ScriptedRandom random({0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908});
  return hash_pickup_code(code, random);
}

TEST_CASE("pickup code: salt and hash have 16 octets each, the salt is chance alone",
          "[crypto][pickup]") {
  const auto [salt, hash] = hashed("123456");
  CHECK(to_hex(salt) == "000102030405060708090a0b0c0d0e0f");
  CHECK(hash.size() == 16);
  CHECK(hashed("654321").first == salt);
}

TEST_CASE("pickup code: what a hub has hashed every agent can check, for ever",
          "[crypto][pickup]") {
  // BLAKE2b-128 over "pickup code", the salt and the code, as Python's hashlib has it.
  const auto [salt, hash] = hashed("123456");
  CHECK(hash == to_bytes(blake2b_128({"pickup code", salt, "123456"})));
  CHECK(to_hex(hash) == "6606d0447c8fd4f62a8a25e307520b85");
  CHECK(pickup_code_matches("123456", salt, hash));
}

TEST_CASE("pickup code: a wrong one does not match", "[crypto][pickup]") {
  const auto [salt, hash] = hashed("123456");
  for (const std::string code : {"", "12345", "1234567", "123457", "023456", "123456 ", "٣٢١"}) {
    CAPTURE(code);
    CHECK_FALSE(pickup_code_matches(code, salt, hash));
  }
}

TEST_CASE("pickup code: the same code under another salt is another hash", "[crypto][pickup]") {
  const auto [salt, hash] = hashed("123456");
  ScriptedRandom random({1, 2});
  const auto [other_salt, other_hash] = hash_pickup_code("123456", random);
  CHECK(other_salt != salt);
  CHECK(other_hash != hash);
  CHECK(pickup_code_matches("123456", other_salt, other_hash));
  CHECK_FALSE(pickup_code_matches("123456", other_salt, hash));
  CHECK_FALSE(pickup_code_matches("123456", salt, other_hash));
}

TEST_CASE("pickup code: with a malformed salt or hash nothing matches", "[crypto][pickup]") {
  const auto [salt, hash] = hashed("123456");
  for (const std::size_t size : {0U, 1U, 15U, 17U, 32U}) {
    CAPTURE(size);
    Bytes other_salt = salt;
    Bytes other_hash = hash;
    other_salt.resize(size);
    other_hash.resize(size);
    CHECK_FALSE(pickup_code_matches("123456", other_salt, hash));
    CHECK_FALSE(pickup_code_matches("123456", salt, other_hash));
    CHECK_FALSE(pickup_code_matches("", other_salt, other_hash));
  }
  // A group without a code: nobody's empty code opens it.
  CHECK_FALSE(pickup_code_matches("", "", ""));
  Bytes flipped = hash;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  CHECK_FALSE(pickup_code_matches("123456", salt, flipped));
}

}  // namespace
}  // namespace cairn::crypto::pickup_code_test
