#include "core/wire/feed_frame.h"

#include "core/wire/little_endian.h"
#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/fixture.h"
#include "tests/core/wire/support/proto_fields.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace cairn::wire::feed_frame_test {
namespace {

using cairn::test::node;
using test::ProtoFields;
using test::sample_feed_frame;
using std::string_literals::operator""s;

/// FeedItem messages by hand (core/wire/proto/sync.proto).
Bytes item(std::uint32_t kind, const ProtoFields& content) {
  return ProtoFields().with_octets(kind, content.bytes()).bytes();
}

ProtoFields author(BytesView node_octets, std::uint64_t seq, BytesView record) {
  return ProtoFields().with_octets(1, node_octets).with_varint(3, seq).with_octets(4, record);
}

ProtoFields run(std::uint64_t from, std::uint64_t to) {
  return ProtoFields()
      .with_octets(1, node(0xA).value().bytes())
      .with_varint(3, from)
      .with_varint(4, to);
}

/// A feed frame put together by hand, right or wrong, with a checksum that fits.
struct Forged {
  Bytes magic = "CRF1";
  std::uint8_t version = 1;
  std::uint8_t flags = 1;
  std::uint64_t base_fseq = 1;
  std::uint32_t count = 1;
  Bytes feed = "cat";
  Bytes raw = join_stream({item(1, ProtoFields().with_varint(1, 7).with_octets(2, "record"))});
  std::uint32_t raw_size = static_cast<std::uint32_t>(raw.size());
  Bytes body = compress(raw);

  void pack(const std::vector<Bytes>& messages) {
    raw = join_stream(messages);
    raw_size = static_cast<std::uint32_t>(raw.size());
    body = compress(raw);
  }

  [[nodiscard]] Bytes bytes() const {
    Bytes out = magic;
    put_u8(out, version);
    put_u8(out, flags);
    out += node(0xF0).value().bytes();
    put_u64(out, 9);
    put_u64(out, base_fseq);
    put_u32(out, count);
    put_u32(out, raw_size);
    put_u8(out, static_cast<std::uint8_t>(feed.size()));
    out += feed;
    put_u64(out, checksum(out, body));
    return out + body;
  }
};

Bytes sample_bytes() { return encode_feed_frame(sample_feed_frame()).value(); }

void check_bad(BytesView bytes, const std::string& says,
               const std::string& reason = "bad_feed_frame") {
  const auto frame = decode_feed_frame(bytes);
  REQUIRE_FALSE(frame);
  CHECK(frame.error().code == ErrorCode::kCorrupt);
  CHECK(frame.error().reason == reason);
  CHECK_THAT(frame.error().message, Catch::Contains(says));
}

TEST_CASE("feed frame: every kind of item comes back", "[wire][feed]") {
  CHECK(decode_feed_frame(sample_bytes()) == sample_feed_frame());
}

TEST_CASE("feed frame: a run takes as many positions as it confirms", "[wire][feed]") {
  const FeedFrame frame = sample_feed_frame();
  CHECK(positions_of(frame.items[0]) == 1);
  CHECK(positions_of(frame.items[1]) == 1);
  CHECK(positions_of(frame.items[2]) == 2);
  CHECK(positions_of(AuthorRun{{node(1), Incarnation(1), 5}, 5}) == 1);
  CHECK(positions_of(AuthorRun{{node(1), Incarnation(1), 1}, 1'000'000}) == 1'000'000);
  CHECK(frame.count() == 4);
  CHECK(frame.last_fseq() == 1'003);
}

TEST_CASE("feed frame: a whole read of a log fits into one", "[wire][feed]") {
  FeedFrame frame = sample_feed_frame();
  frame.items.assign(4096, HubItem{7, "record"});
  const auto octets = encode_feed_frame(frame);
  REQUIRE(octets);
  CHECK(decode_feed_frame(*octets) == frame);
  frame.items.emplace_back(HubItem{7, "record"});
  const auto more = encode_feed_frame(frame);
  REQUIRE(more);
  CHECK_FALSE(decode_feed_frame(*more));
}

TEST_CASE("feed frame: the committed one is read as ever", "[wire][feed][golden]") {
  const Bytes written = sample_bytes();
  INFO("tests/fixtures/frames/feed.v1.hex should hold\n" << test::as_fixture(written));
  const Bytes golden = test::fixture("frames/feed.v1.hex");
  REQUIRE_FALSE(golden.empty());
  CHECK(decode_feed_frame(golden) == sample_feed_frame());
  // Up to the feed's name every octet is fixed; zstd may pack the body differently one day.
  CHECK(to_hex(golden.substr(0, 59)) == to_hex(written.substr(0, 59)));
  CHECK(decode_feed_frame(written) == decode_feed_frame(golden));
}

TEST_CASE("feed frame: the header's octets stand where the protocol says", "[wire][feed]") {
  const Bytes bytes = sample_bytes();
  CHECK(bytes.substr(0, 6) == "CRF1\x01\x01");
  CHECK(to_hex(bytes.substr(6, 16)) == "019200000000700080000000000000f0");
  CHECK(to_hex(bytes.substr(22, 8)) == "1032547698badcfe");
  CHECK(to_hex(bytes.substr(30, 8)) == "e803000000000000");
  CHECK(to_hex(bytes.substr(38, 4)) == "04000000");
  CHECK(bytes.substr(46, 13) == "\x0csite:store-1");
}

TEST_CASE("feed frame: a frame and its items by hand are read", "[wire][feed]") {
  const auto frame = decode_feed_frame(Forged{}.bytes());
  REQUIRE(frame);
  CHECK(*frame == FeedFrame{"cat", node(0xF0), HubGeneration(9), 1, {HubItem{7, "record"}}});
}

TEST_CASE("feed frame: cut off anywhere it is refused", "[wire][feed][hostile]") {
  const Bytes bytes = sample_bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    REQUIRE_FALSE(decode_feed_frame(BytesView(bytes).substr(0, size)));
  }
  check_bad(bytes.substr(0, 40), "cut off");
  check_bad(bytes + "x", "wrong checksum");
}

TEST_CASE("feed frame: with any single bit flipped it is refused", "[wire][feed][hostile]") {
  const Bytes bytes = sample_bytes();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    REQUIRE_FALSE(decode_feed_frame(flipped));
  }
}

TEST_CASE("feed frame: another magic, version or flag is refused", "[wire][feed][hostile]") {
  Forged forged;
  SECTION("magic") {
    forged.magic = "CRN1";
    check_bad(forged.bytes(), "wrong magic");
  }
  SECTION("version") {
    forged.version = GENERATE(as<std::uint8_t>{}, 0, 2, 255);
    check_bad(forged.bytes(), "unknown version");
  }
  SECTION("flags") {
    forged.flags = GENERATE(as<std::uint8_t>{}, 2, 3, 255);
    check_bad(forged.bytes(), "unknown flags");
  }
}

TEST_CASE("feed frame: position and count fit the items", "[wire][feed][hostile]") {
  Forged forged;
  SECTION("position 0") { forged.base_fseq = 0; }
  SECTION("beyond what a database counts to") {
    forged.base_fseq = static_cast<std::uint64_t>(INT64_MAX);
  }
  SECTION("beyond everything") { forged.base_fseq = UINT64_MAX; }
  SECTION("count too small") { forged.count = 0; }
  SECTION("count too large") { forged.count = 2; }
  SECTION("count of items, not of positions") {
    forged.pack({item(3, run(1, 3))});
    forged.count = 1;
  }
  SECTION("no items") {
    forged.pack({});
    forged.count = 0;
  }
  check_bad(forged.bytes(), "position or count is wrong");
}

TEST_CASE("feed frame: the last position a database counts to passes", "[wire][feed]") {
  Forged forged;
  forged.base_fseq = static_cast<std::uint64_t>(INT64_MAX) - 1;
  CHECK(decode_feed_frame(forged.bytes()).has_value());
}

TEST_CASE("feed frame: an item of an unknown kind is refused", "[wire][feed][hostile]") {
  Forged forged;
  SECTION("empty") { forged.pack({""}); }
  SECTION("a kind of a later program") { forged.pack({item(4, ProtoFields())}); }
  check_bad(forged.bytes(), "unknown kind");
}

TEST_CASE("feed frame: a malformed item is refused", "[wire][feed][hostile]") {
  Forged forged;
  const std::vector<std::pair<std::string, Bytes>> rows{
      {"no message", "\xff"},
      {"author without node", item(2, ProtoFields().with_varint(3, 1))},
      {"author with a short node", item(2, author(Bytes(15, 'x'), 1, "r"))},
      {"author with a long node", item(2, author(Bytes(17, 'x'), 1, "r"))},
      {"run without node", item(3, run(1, 2).without(1))},
  };
  for (const auto& [what, message] : rows) {
    CAPTURE(what);
    forged.pack({message});
    check_bad(forged.bytes(), "feed frame: ");
  }
}

TEST_CASE("feed frame: a run stays within its range", "[wire][feed][hostile]") {
  constexpr std::uint64_t kMost = 1U << 20U;
  const auto with_run = [](std::uint64_t from, std::uint64_t to) {
    Forged forged;
    forged.pack({item(3, run(from, to))});
    forged.count = static_cast<std::uint32_t>(to - from + 1);
    return forged.bytes();
  };
  CHECK(decode_feed_frame(with_run(1, 1)).has_value());
  CHECK(decode_feed_frame(with_run(1, kMost)).has_value());
  check_bad(with_run(1, kMost + 1), "run out of range");
  check_bad(with_run(0, 1), "run out of range");
  check_bad(with_run(2, 1), "run out of range");
  check_bad(with_run(1, 0), "run out of range");
  check_bad(with_run(1, UINT64_MAX), "run out of range");
}

TEST_CASE("feed frame: sequences that no database can hold are refused", "[wire][feed][hostile]") {
  const auto refused = [](const Bytes& message) {
    Forged forged;
    forged.pack({message});
    return !decode_feed_frame(forged.bytes());
  };
  CHECK(refused(item(1, ProtoFields().with_octets(2, "record"))));
  CHECK(refused(item(1, ProtoFields().with_varint(1, UINT64_MAX).with_octets(2, "record"))));
  CHECK(refused(item(2, author(node(1).value().bytes(), 0, "record"))));
  CHECK(refused(item(2, author(node(1).value().bytes(), UINT64_MAX, "record"))));
  CHECK(refused(item(3, run(UINT64_MAX, UINT64_MAX))));
}

TEST_CASE("feed frame: a body that does not unpack as announced is refused",
          "[wire][feed][hostile]") {
  Forged forged;
  SECTION("shorter") { --forged.raw_size; }
  SECTION("longer") { ++forged.raw_size; }
  SECTION("no zstd") { forged.body = Bytes(100, 'x'); }
  SECTION("no body") { forged.body.clear(); }
  SECTION("bomb by size") { forged.raw_size = (4U << 20U) + 1; }
  SECTION("bomb by ratio") { forged.pack({Bytes(1U << 20U, '\0')}); }
  check_bad(forged.bytes(), "unpack", "bad_compression");
}

TEST_CASE("feed frame: a body that is no stream of items is refused", "[wire][feed][hostile]") {
  Forged forged;
  forged.raw = "\x7f"s + "too short";
  forged.raw_size = static_cast<std::uint32_t>(forged.raw.size());
  forged.body = compress(forged.raw);
  check_bad(forged.bytes(), "leads past the end", "bad_stream");
}

Bytes noise(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(engine() % 256));
  return bytes;
}

TEST_CASE("feed frame: it never exceeds 512 KiB, nor 4 MiB unpacked", "[wire][feed]") {
  const auto refused = [](std::vector<FeedItem> items) {
    const auto bytes =
        encode_feed_frame({"cat", node(0xF0), HubGeneration(9), 1, std::move(items)});
    return !bytes && bytes.error().code == ErrorCode::kInvalid &&
           bytes.error().reason == "frame_too_large";
  };
  CHECK(refused({HubItem{1, noise(300'000, 1)}, HubItem{2, noise(300'000, 2)}}));
  CHECK(refused(std::vector<FeedItem>(11, HubItem{1, Bytes(400'000, 'x')})));
  CHECK_FALSE(refused({AuthorItem{{node(1), Incarnation(1), 1}, noise(448U << 10U, 3)}}));
  Forged forged;
  forged.body = noise(kFrameSizeMax, 4);
  check_bad(forged.bytes(), "too large");
}

TEST_CASE("feed frame: the longest name of a feed has 255 octets", "[wire][feed]") {
  FeedFrame frame = sample_feed_frame();
  frame.feed = std::string(255, 'f');
  const auto bytes = encode_feed_frame(frame);
  REQUIRE(bytes);
  CHECK(decode_feed_frame(*bytes) == frame);
  frame.feed.push_back('f');
  const auto longer = encode_feed_frame(frame);
  REQUIRE_FALSE(longer);
  CHECK(longer.error().reason == "frame_too_large");
}

}  // namespace
}  // namespace cairn::wire::feed_frame_test
