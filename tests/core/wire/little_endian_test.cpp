#include "core/wire/little_endian.h"

#include "tests/support/catch.h"

namespace cairn::wire::little_endian_test {
namespace {

TEST_CASE("little endian: the least octet goes first", "[wire][header]") {
  Bytes bytes;
  put_u8(bytes, 0x01);
  put_u16(bytes, 0x0302);
  put_u32(bytes, 0x0706'0504);
  put_u64(bytes, 0x0f0e'0d0c'0b0a'0908);
  CHECK(to_hex(bytes) == "0102030405060708090a0b0c0d0e0f");
}

TEST_CASE("little endian: the extremes come back", "[wire][header]") {
  Bytes bytes;
  put_u8(bytes, UINT8_MAX);
  put_u16(bytes, UINT16_MAX);
  put_u32(bytes, UINT32_MAX);
  put_u64(bytes, UINT64_MAX);
  put_u64(bytes, std::uint64_t{1} << 63U);
  HeaderReader in(bytes);
  CHECK(in.u8() == UINT8_MAX);
  CHECK(in.u16() == UINT16_MAX);
  CHECK(in.u32() == UINT32_MAX);
  CHECK(in.u64() == UINT64_MAX);
  CHECK(in.u64() == std::uint64_t{1} << 63U);
  CHECK_FALSE(in.failed());
  CHECK(in.rest().empty());
}

TEST_CASE("little endian: reading past the end yields zeros and is remembered", "[wire][header]") {
  HeaderReader in("\xff\xff\xff");
  CHECK(in.u16() == 0xffff);
  CHECK_FALSE(in.failed());
  CHECK(in.u16() == 0);
  CHECK(in.failed());
  // Nothing is left after that, not even the octet that would have fitted.
  CHECK(in.rest().empty());
  CHECK(in.u8() == 0);
  CHECK(in.bytes(1).empty());
  CHECK(in.failed());
}

TEST_CASE("little endian: octets are handed out as they are", "[wire][header]") {
  HeaderReader in("abcdef");
  CHECK(in.bytes(2) == "ab");
  CHECK(in.bytes(0).empty());
  CHECK(in.rest() == "cdef");
  CHECK(in.bytes(4) == "cdef");
  CHECK_FALSE(in.failed());
  CHECK(in.bytes(SIZE_MAX).empty());
  CHECK(in.failed());
}

}  // namespace
}  // namespace cairn::wire::little_endian_test
