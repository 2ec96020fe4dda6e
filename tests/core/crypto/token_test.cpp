#include "core/crypto/token.h"

#include "tests/support/catch.h"

#include <array>
#include <set>
#include <string>

namespace cairn::crypto::token_test {
namespace {

TEST_CASE("token: 64 hexadecimal digits, never the same", "[crypto][token]") {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) {
    const std::string token = make_token();
    CHECK(token.size() == 64);
    CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
    tokens.insert(token);
  }
  CHECK(tokens.size() == 100);
}

TEST_CASE("token: no octet is fixed", "[crypto][token]") {
  const std::string first = make_token();
  std::set<std::size_t> fixed;
  for (std::size_t at = 0; at < 64; at += 2) fixed.insert(at);
  for (int i = 0; i < 100; ++i) {
    const std::string token = make_token();
    std::erase_if(fixed, [&first, &token](std::size_t at) {
      return first.compare(at, 2, token, at, 2) != 0;
    });
  }
  CHECK(fixed.empty());
}

TEST_CASE("token: a random name is a UUID of version 4, never the same", "[crypto][token]") {
  std::set<Uuid> names;
  std::array<std::uint8_t, Uuid::kSize> seen{};
  for (int i = 0; i < 200; ++i) {
    const Uuid name = random_uuid();
    CHECK(name.octets()[6] >> 4U == 4);
    CHECK(name.octets()[8] >> 6U == 2);
    for (std::size_t at = 0; at < seen.size(); ++at) {
      seen[at] = static_cast<std::uint8_t>(seen[at] | name.octets()[at]);
    }
    names.insert(name);
  }
  CHECK(names.size() == 200);
  // Every bit that is not fixed comes up.
  CHECK(Uuid(seen).text() == "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST_CASE("token: what is stored is a hash in a domain of its own", "[crypto][token]") {
  // Python: hashlib.blake2b(b"session" + b"0" * 64, digest_size=16)
  CHECK(to_hex(token_hash(std::string(64, '0'))) == "2a225e1988bac606e6610d9e30d0bb79");
  CHECK(token_hash("a") != token_hash("b"));
  CHECK(token_hash("").size() == 16);
}

}  // namespace
}  // namespace cairn::crypto::token_test
