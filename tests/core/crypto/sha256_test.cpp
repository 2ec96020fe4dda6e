#include "core/crypto/sha256.h"

#include "tests/support/catch.h"

namespace cairn::crypto::sha256_test {
namespace {

std::string hex(std::initializer_list<BytesView> parts) { return to_hex(to_bytes(sha256(parts))); }

TEST_CASE("sha256: the examples of FIPS 180-4", "[crypto][sha256]") {
  CHECK(hex({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex({"abc"}) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex({"abcdbcdecdefdefgefghfghighijhijk", "ijkljklmklmnlmnomnopnopq"}) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("sha256: a secret is the same or it is not", "[crypto][sha256]") {
  CHECK(same_secret("", ""));
  CHECK(same_secret("abc", "abc"));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "ab"));
  CHECK_FALSE(same_secret("abc", "abcd"));
}

}  // namespace
}  // namespace cairn::crypto::sha256_test
