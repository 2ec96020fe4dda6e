#include "core/wire/record_stream.h"

#include "core/wire/lane.h"
#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <random>
#include <string>
#include <vector>

namespace cairn::wire::record_stream_test {
namespace {

using std::string_literals::operator""s;

Bytes noise(std::size_t size) {
  std::mt19937_64 engine(20261124);
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(engine() % 256));
  return bytes;
}

constexpr std::size_t kMost = 10;  // messages

template <class T>
void check_bad(const Result<T>& result, std::string_view reason) {
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::kCorrupt);
  CHECK(result.error().reason == reason);
}

TEST_CASE("stream: each message stands behind its length", "[wire][stream]") {
  CHECK(join_stream({}).empty());
  CHECK(join_stream({"ab", "", "c"}) == "\x02"s + "ab" + "\0"s + "\x01"s + "c");
  CHECK(join_stream({Bytes(300, 'x')}).substr(0, 3) == "\xac\x02x");
}

TEST_CASE("stream: messages of any size come back", "[wire][stream]") {
  std::vector<Bytes> messages;
  for (const std::size_t size : {0U, 1U, 127U, 128U, 16'383U, 16'384U, 100'000U}) {
    messages.push_back(noise(size));
  }
  CHECK(split_stream(join_stream(messages), messages.size()) == messages);
  CHECK(split_stream("", 0) == std::vector<Bytes>{});
}

TEST_CASE("stream: lengths that lead past the end are refused", "[wire][stream]") {
  for (const std::string& stream :
       {"\x01"s, "\x02"s + "a", "\x00\x05"s + "abcd", "\x80"s, "\xff\xff\xff\xff"s,
        "\xff\xff\xff\xff\x0f"s, "\xff\xff\xff\xff\x7f"s, "\x80\x80\x80\x80\x80\x01"s + "a",
        "\x81\x80\x80\x80\x80\x00"s + "a"}) {
    CAPTURE(to_hex(stream));
    check_bad(split_stream(stream, kMost), "bad_stream");
  }
}

TEST_CASE("stream: more messages than allowed are refused before they take memory",
          "[wire][stream]") {
  CHECK(split_stream(Bytes(kMost, '\0'), kMost) == std::vector<Bytes>(kMost));
  check_bad(split_stream(Bytes(kMost + 1, '\0'), kMost), "bad_stream");
}

TEST_CASE("stream: cut off anywhere, it is refused or shorter", "[wire][stream]") {
  const Bytes stream = join_stream({"first", "", "second", Bytes(200, 'x')});
  std::size_t whole = 0;
  for (std::size_t size = 0; size < stream.size(); ++size) {
    const auto messages = split_stream(BytesView(stream).substr(0, size), kMost);
    if (messages) ++whole;
    if (!messages) check_bad(messages, "bad_stream");
  }
  CHECK(whole == 4);  // nothing, and behind each message but the last
}

TEST_CASE("compression: octets come back", "[wire][stream]") {
  for (const std::size_t size : {0U, 1U, 100U, 70'000U}) {
    const Bytes raw = noise(size);
    CHECK(decompress(compress(raw), size) == raw);
  }
  const Bytes text(10'000, 'x');
  CHECK(compress(text).size() < 100);
  CHECK(decompress(compress(text), text.size()).has_value() ==
        (text.size() / compress(text).size() <= kFrameRatioMax));
}

TEST_CASE("compression: another size than announced is refused", "[wire][stream]") {
  const Bytes raw = noise(1'000);
  const Bytes packed = compress(raw);
  for (const std::size_t size : {0U, 1U, 999U, 1'001U, 100'000U}) {
    CAPTURE(size);
    check_bad(decompress(packed, size), "bad_compression");
  }
}

TEST_CASE("compression: what is not zstd, or cut off, is refused", "[wire][stream]") {
  const Bytes packed = compress(noise(1'000));
  check_bad(decompress("", 10), "bad_compression");
  check_bad(decompress("no zstd at all", 10), "bad_compression");
  check_bad(decompress(packed + "x", 1'000), "bad_compression");
  for (std::size_t size = 0; size < packed.size(); size += 7) {
    check_bad(decompress(BytesView(packed).substr(0, size), 1'000), "bad_compression");
  }
}

TEST_CASE("compression: a bomb is refused before it is unpacked", "[wire][stream]") {
  SECTION("more than 4 MiB") {
    const Bytes raw = noise(kFrameRawMax + 1);
    check_bad(decompress(compress(raw), raw.size()), "bad_compression");
    CHECK(decompress(compress(raw.substr(1)), kFrameRawMax).has_value());
  }
  SECTION("more than 200 to 1") {
    const Bytes raw(1U << 20U, '\0');
    const Bytes packed = compress(raw);
    REQUIRE(raw.size() / packed.size() > kFrameRatioMax);
    check_bad(decompress(packed, raw.size()), "bad_compression");
  }
  SECTION("an announced size far beyond") {
    check_bad(decompress(compress("x"), SIZE_MAX), "bad_compression");
  }
}

TEST_CASE("checksum: XXH3-64 of header and body as one", "[wire][stream]") {
  Bytes all;
  for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<char>(octet));
  // From libxxhash by way of Python's ctypes.
  CHECK(checksum("", "") == 0x2d06800538d394c2);
  CHECK(checksum("abc", "") == 0x78af5f94892f3950);
  CHECK(checksum("a", "bc") == 0x78af5f94892f3950);
  CHECK(checksum("", all) == 0x9408a4433b952d71);
  CHECK(checksum(all.substr(0, 88), all.substr(88)) == 0x9408a4433b952d71);
}

TEST_CASE("lane: a node keeps its lane on every machine", "[wire][lane]") {
  // XXH3-64 of the sixteen octets, modulo 64; from libxxhash by way of Python's ctypes.
  CHECK(kLanes == 64);
  CHECK(lane_of(NodeId{}) == 40);
  CHECK(lane_of(cairn::test::node(0)) == 50);
  CHECK(lane_of(cairn::test::node(1)) == 48);
  CHECK(lane_of(cairn::test::node(2)) == 12);
  CHECK(lane_of(cairn::test::node(0xA)) == 0);
  CHECK(lane_of(cairn::test::node(0xB)) == 49);
  CHECK(lane_of(cairn::test::node(0xF0)) == 14);
  CHECK(lane_of(cairn::test::node(0xFF)) == 32);
}

TEST_CASE("lane: nodes spread over all of them", "[wire][lane]") {
  std::vector<int> nodes(kLanes);
  std::mt19937_64 engine(20261124);
  for (int i = 0; i < 6'400; ++i) {
    std::array<std::uint8_t, Uuid::kSize> octets{};
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(engine() % 256);
    ++nodes.at(lane_of(NodeId(Uuid(octets))));
  }
  for (const int count : nodes) {
    CHECK(count > 40);
    CHECK(count < 180);
  }
}

TEST_CASE("stream: a body that compresses beyond the bomb guard travels as it is",
          "[wire][stream]") {
  const Bytes plain(100'000, 'x');
  const Body stored = pack_body(plain);
  CHECK(stored.flags == 0);
  CHECK(stored.octets == plain);
  CHECK(unpack_body(stored.flags, stored.octets, plain.size()) == plain);
  check_bad(unpack_body(0, plain, plain.size() - 1), "bad_compression");
  const Bytes text = noise(1'000) + plain.substr(0, 1'000);
  const Body packed = pack_body(text);
  CHECK(packed.flags == kFlagZstd);
  CHECK(unpack_body(packed.flags, packed.octets, text.size()) == text);
}

}  // namespace
}  // namespace cairn::wire::record_stream_test
