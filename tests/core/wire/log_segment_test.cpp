#include "core/wire/log_segment.h"

#include "core/wire/record_stream.h"
#include "tests/support/catch.h"

namespace cairn::wire::log_segment_test {
namespace {

std::vector<FoldedRecord> many(std::size_t count) {
  std::vector<FoldedRecord> records;
  for (std::size_t i = 0; i < count; ++i) {
    FoldedRecord one;
    one.seq = 7 + i + i / 10;  // with holes
    if (i % 3 != 0) one.feed = static_cast<std::int64_t>(1 + i % 2);
    if (one.feed != 0) one.fseq = i % 5 == 0 ? 1'000'000 + i : i + 1;
    if (i % 4 != 0) one.key = "\x07group" + std::to_string(i / 12);
    one.record = "picked " + std::to_string(i * 7919 % 1000) + Bytes(i % 50, '\xFF');
    records.push_back(std::move(one));
  }
  return records;
}

TEST_CASE("segment: what was folded comes back as it was", "[wire][segment]") {
  for (const std::size_t count : {1U, 2U, 100U, 4096U}) {
    CAPTURE(count);
    auto records = many(count);
    for (const bool sealed : {false, true}) {
      if (sealed) records.back().seal = "12345678";
      const auto back = decode_segment(encode_segment(records));
      REQUIRE(back);
      CHECK(*back == records);
    }
  }
}

TEST_CASE("segment: records take a fraction of their room", "[wire][segment]") {
  const auto records = many(4096);
  std::size_t octets = 0;
  for (const FoldedRecord& one : records) octets += one.record.size() + one.key.size();
  CHECK(encode_segment(records).size() < octets / 4);
}

TEST_CASE("segment: a record of one octet, over and over, is no bomb", "[wire][segment]") {
  auto records = many(4096);
  for (FoldedRecord& one : records) one.record = Bytes(500, 'x');
  const auto back = decode_segment(encode_segment(records));
  REQUIRE(back);
  CHECK(*back == records);
}

TEST_CASE("segment: whatever octets come, the reader ends in order", "[wire][segment]") {
  const Bytes good = encode_segment(many(20));
  CHECK_FALSE(decode_segment(""));
  CHECK_FALSE(decode_segment("1234"));
  CHECK_FALSE(decode_segment(Bytes("\x02") + good.substr(1)));
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_FALSE(decode_segment(BytesView(good).substr(0, size)));
  }
  int refused = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    refused += decode_segment(changed) ? 0 : 1;
  }
  CHECK(refused > 0);
}

}  // namespace
}  // namespace cairn::wire::log_segment_test
