#include "core/wire/record.h"

#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/fixture.h"
#include "tests/core/wire/support/proto_fields.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::wire::record_test {
namespace {

using test::ProtoFields;
using test::varint;

Record full() { return test::record_of(test::sample("LinePicked")); }

ProtoFields fields_of(const Record& record) { return ProtoFields(encode_record(record).value()); }

void check_bad(const Result<Record>& record) {
  REQUIRE_FALSE(record);
  CHECK(record.error().code == ErrorCode::kCorrupt);
  CHECK(record.error().reason == "bad_record");
}

TEST_CASE("record: every field comes back", "[wire][record]") {
  const auto bytes = encode_record(full());
  REQUIRE(bytes);
  CHECK(decode_record(*bytes) == full());
}

TEST_CASE("record: what is not set takes no octets", "[wire][record]") {
  Record record;
  record.hlc = Hlc{7};
  record.type = 201;
  record.sv = 1;
  const auto bytes = encode_record(record);
  REQUIRE(bytes);
  CHECK(to_hex(*bytes) == "11070000000000000018c9012001");
  CHECK(decode_record(*bytes) == record);
  CHECK(encode_record(Record{}) == Bytes());
  CHECK(decode_record("") == Record{});
}

TEST_CASE("record: it is written by the numbers of record.proto", "[wire][record]") {
  const Record record = full();
  const ProtoFields fields = fields_of(record);
  CHECK(fields.at(2).content == Bytes("\x07\x00\x7b\xa0\x91\x0c\xa2\x01", 8));
  CHECK(fields.at(3).content == varint(203));
  CHECK(fields.at(4).content == varint(1));
  CHECK(fields.at(5).content == record.actor.value().bytes());
  CHECK(fields.at(6).content == "store-1");
  CHECK(fields.at(7).content == record.key);
  CHECK(fields.nested(8).at(1).content == record.causes[0].node.value().bytes());
  CHECK(fields.nested(8).at(2).content == Bytes("\x10\x32\x54\x76\x98\xba\xdc\xfe", 8));
  CHECK(fields.nested(8).at(3).content == varint(300));
  CHECK(fields.at(9).content == record.biz_key);
  CHECK(fields.at(12).content == varint(1) + varint(300));
  CHECK(fields.at(15).content == record.payload);
  CHECK(fields.fields().size() == 11);
}

TEST_CASE("record: fields of a later program are passed over, the header stays right",
          "[wire][record]") {
  // Whoever relays a record sends the octets it got; here only the reading is at stake.
  const ProtoFields later = fields_of(full())
                                .plus_octets(1, "reserved for ever")
                                .plus_octets(17, "a reissue of a kind nobody knows")
                                .plus_octets(16, "unknown")
                                .with_varint(1'000, UINT64_MAX);
  CHECK(decode_record(later.bytes()) == full());
}

TEST_CASE("record: what it stands in for is read back", "[wire][record]") {
  Record record = full();
  record.reissue_of = EventRef{record.causes.front().node, Incarnation(7), 9};
  record.reissue_hash = Bytes(16, 'h');
  const auto bytes = encode_record(record);
  REQUIRE(bytes);
  CHECK(decode_record(*bytes) == record);
}

TEST_CASE("record: what its author had seen of others is read back", "[wire][record]") {
  Record record = full();
  record.follows = record.causes;
  record.follows.push_back({record.causes.front().node, Incarnation(7), 9});
  const auto bytes = encode_record(record);
  REQUIRE(bytes);
  CHECK(decode_record(*bytes) == record);
  CHECK(ProtoFields(*bytes).nested(13).at(3).content == varint(300));
}

TEST_CASE("record: an unknown type and version are read like any other", "[wire][record]") {
  Record record = full();
  record.type = UINT32_MAX;
  record.sv = UINT32_MAX;
  record.payload = "\xff not a message";
  const auto bytes = encode_record(record);
  REQUIRE(bytes);
  CHECK(decode_record(*bytes) == record);
}

TEST_CASE("record: a malformed field is refused", "[wire][record]") {
  const ProtoFields good = fields_of(full());
  const ProtoFields cause = good.nested(8);
  const std::vector<std::pair<std::string, ProtoFields>> rows{
      {"actor too short", good.with_octets(5, Bytes(15, 'x'))},
      {"actor too long", good.with_octets(5, Bytes(17, 'x'))},
      {"site malformed", good.with_octets(6, "Store 1")},
      {"site too long", good.with_octets(6, Bytes(33, 'a'))},
      {"site not UTF-8", good.with_octets(6, "\xff")},
      {"cause without node", good.with_octets(8, cause.without(1).bytes())},
      {"cause with a short node", good.with_octets(8, cause.with_octets(1, "x").bytes())},
      {"cause no message", good.with_octets(8, "\xff")},
      {"own causes cut off", good.with_octets(12, "\x80")},
      {"hash of an original without one", good.with_octets(11, Bytes(16, 'h'))},
      {"original without its hash", good.with_octets(10, cause.bytes())},
      {"hash too short", good.with_octets(10, cause.bytes()).with_octets(11, Bytes(15, 'h'))},
  };
  for (const auto& [what, fields] : rows) {
    CAPTURE(what);
    check_bad(decode_record(fields.bytes()));
  }
}

TEST_CASE("record: octets that are no message are refused", "[wire][record]") {
  for (const std::string octets : {"\xff", "\x12", "\x11\x01", "\x7a\x05xx", "{}"}) {
    CAPTURE(to_hex(octets));
    check_bad(decode_record(octets));
  }
}

TEST_CASE("record: cut off anywhere or with any bit flipped, it is read or refused",
          "[wire][record]") {
  const Bytes bytes = encode_record(full()).value();
  const auto quiet = [](BytesView octets) {
    const auto record = decode_record(octets);
    if (!record) REQUIRE(record.error().reason == "bad_record");
  };
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    REQUIRE_NOTHROW(quiet(BytesView(bytes).substr(0, size)));
  }
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    REQUIRE_NOTHROW(quiet(flipped));
  }
}

/// A record of exactly so many octets.
Record of_size(std::size_t size) {
  Record record;
  record.type = 1;
  const std::size_t frame = 2 + 1 + varint(size).size();
  record.payload = Bytes(size - frame, 'x');
  return record;
}

TEST_CASE("record: the greatest that anybody accepts, and one octet more", "[wire][record]") {
  const auto greatest = encode_record(of_size(kMaxRecordSize));
  REQUIRE(greatest);
  CHECK(greatest->size() == kMaxRecordSize);
  CHECK(decode_record(*greatest).has_value());
  const auto more = encode_record(of_size(kMaxRecordSize + 1));
  REQUIRE_FALSE(more);
  CHECK(more.error().code == ErrorCode::kInvalid);
  CHECK(more.error().reason == "record_too_large");
  check_bad(decode_record(ProtoFields(*greatest).with_varint(4, 1).bytes()));
}

}  // namespace
}  // namespace cairn::wire::record_test
