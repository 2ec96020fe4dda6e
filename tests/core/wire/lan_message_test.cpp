#include "core/wire/lan_message.h"

#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/proto_fields.h"
#include "tests/support/catch.h"

namespace cairn::wire::lan_message_test {
namespace {

using cairn::test::node;
using test::ProtoFields;

LanDigest digest() {
  crypto::Hash128 chain{};
  chain.fill(7);
  return {Incarnation(UINT64_MAX),
          {{node(1), Incarnation(5), 7, chain}, {node(2), Incarnation(6), INT64_MAX, chain}},
          {{"cat", HubGeneration(9), 10}, {"site:store-1", HubGeneration(9), 11}}};
}

LanFetch fetch() {
  return {{{node(1), Incarnation(5), 0}, {node(2), Incarnation(6), 9}},
          {{"cat", HubGeneration(9), 10}}};
}

TEST_CASE("lan messages: every field comes back", "[wire][lan]") {
  CHECK(decode_lan_digest(encode(digest())) == digest());
  CHECK(decode_lan_fetch(encode(fetch())) == fetch());
  CHECK(decode_lan_digest("") == LanDigest{});
  CHECK(decode_lan_fetch("") == LanFetch{});
}

TEST_CASE("lan messages: what is malformed or too much is refused", "[wire][lan]") {
  const ProtoFields good(encode(digest()));
  const ProtoFields version = good.nested(2);
  for (const Bytes& bad : {version.with_octets(1, "x").bytes(), version.with_octets(4, "x").bytes(),
                           version.with_varint(3, UINT64_MAX).bytes()}) {
    const auto refused = decode_lan_digest(good.with_octets(2, bad).bytes());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "bad_message");
  }
  LanFetch much;
  much.records.assign(LanFetch::kMost + 1, {node(1), Incarnation(5), 0});
  CHECK_FALSE(decode_lan_fetch(encode(much)));
  much = {};
  much.feeds.assign(LanFetch::kMost + 1, {"cat", HubGeneration(9), 10});
  CHECK_FALSE(decode_lan_fetch(encode(much)));
  CHECK_FALSE(decode_lan_fetch("\xff"));
}

TEST_CASE("lan messages: cut off anywhere they are read or refused", "[wire][lan]") {
  const Bytes bytes = encode(digest());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    REQUIRE_NOTHROW(decode_lan_digest(BytesView(bytes).substr(0, size)));
    REQUIRE_NOTHROW(decode_lan_fetch(BytesView(bytes).substr(0, size)));
  }
}

}  // namespace
}  // namespace cairn::wire::lan_message_test
