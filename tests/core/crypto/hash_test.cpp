#include "core/crypto/hash.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <set>
#include <string>
#include <vector>

namespace cairn::crypto::hash_test {
namespace {

using std::string_literals::operator""s;

std::string hex(const Hash128& hash) { return to_hex(to_bytes(hash)); }

// The expected values come from Python: hashlib.blake2b(data, digest_size=16).hexdigest().

TEST_CASE("blake2b: known vectors", "[crypto][hash]") {
  Bytes all;
  for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<char>(octet));
  CHECK(hex(blake2b_128({})) == "cae66941d9efbd404e4d88758ea67670");
  CHECK(hex(blake2b_128({""})) == "cae66941d9efbd404e4d88758ea67670");
  CHECK(hex(blake2b_128({"abc"})) == "cf4ab791c62b8d2b2109c90275287816");
  CHECK(hex(blake2b_128({all})) == "c2472c0ac37a8dbdb25f05ada0d82643");
}

TEST_CASE("blake2b: parts are laid end to end", "[crypto][hash]") {
  CHECK(blake2b_128({"a", "", "bc"}) == blake2b_128({"abc"}));
  CHECK(blake2b_128({"ab", "d"}) != blake2b_128({"abc"}));
}

TEST_CASE("hash: exactly sixteen octets are read back", "[crypto][hash]") {
  const Hash128 hash = blake2b_128({"abc"});
  CHECK(hash_from_bytes(to_bytes(hash)) == hash);
  for (const std::size_t size : {0U, 15U, 17U}) {
    const auto read = hash_from_bytes(Bytes(size, 'x'));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::kInvalid);
    CHECK(read.error().reason == "bad_hash");
  }
}

TEST_CASE("chain: it starts from node and incarnation, little-endian, and takes up each record",
          "[crypto][hash]") {
  const Incarnation inc(0x0123'4567'89ab'cdef);
  const Hash128 h0 = chain_start(test::node(1), inc);
  CHECK(hex(h0) == "b733250f43f3f5301dd7fc05f56fa4bd");
  const Hash128 h1 = chain_next(h0, "first record");
  CHECK(hex(h1) == "35deab52c48d54800393b2e43e252517");
  const Hash128 h2 = chain_next(h1, "");
  CHECK(hex(h2) == "00fcba4c4821575d68bc7fe78180e004");
  CHECK(hex(chain_next(h2, "\x00\xff\x01"s)) == "ac01af7a234d13760fa3adecc01ed6ef");
}

TEST_CASE("chain: another node, incarnation, record or order gives another chain",
          "[crypto][hash]") {
  const auto end = [](NodeId node, std::uint64_t inc, const std::vector<std::string>& records) {
    Hash128 hash = chain_start(node, Incarnation(inc));
    for (const auto& record : records) hash = chain_next(hash, record);
    return hash;
  };
  const std::set<Hash128> ends{
      end(test::node(1), 1, {"a", "b"}), end(test::node(2), 1, {"a", "b"}),
      end(test::node(1), 2, {"a", "b"}), end(test::node(1), 1, {"b", "a"}),
      end(test::node(1), 1, {"ab"}),     end(test::node(1), 1, {"a", "b", ""}),
      end(test::node(1), 1, {"a", "c"}), end(test::node(1), 1, {"a"}),
  };
  CHECK(ends.size() == 8);
}

TEST_CASE("derived names: the same words give the same name on every machine", "[crypto][hash]") {
  CHECK(derived_uuid("order", {"web", "1001"}).text() == "af7462a1-be0c-80a4-99ac-514238538534");
  CHECK(derived_uuid("", {}).text() == "c804ce19-8ec3-87e3-9c76-2bdd1a09aece");
  CHECK(derived_uuid("order", {"", ""}).text() == "23e2cc7b-9759-88b0-b847-83a07fc5b861");
}

TEST_CASE("derived names: domains and parts do not run into each other", "[crypto][hash]") {
  const std::set<Uuid> names{
      derived_uuid("order", {"web", "1001"}),     derived_uuid("group", {"web", "1001"}),
      derived_uuid("order", {"web1", "001"}),     derived_uuid("order", {"web1001"}),
      derived_uuid("order", {"1001", "web"}),     derived_uuid("orderweb", {"1001"}),
      derived_uuid("order", {"web", "1001", ""}), derived_uuid("order", {"", "web", "1001"}),
      derived_uuid("order", {"web\0"s, "1001"}),  derived_uuid("orde", {"rweb", "1001"}),
  };
  CHECK(names.size() == 10);
}

}  // namespace
}  // namespace cairn::crypto::hash_test
