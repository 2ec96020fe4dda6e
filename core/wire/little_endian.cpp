#include "core/wire/little_endian.h"

namespace cairn::wire {
namespace {

void put(Bytes& out, std::uint64_t value, unsigned octets) {
  for (unsigned i = 0; i < octets; ++i)
    out.push_back(static_cast<char>((value >> (8U * i)) & 0xFFU));
}

}  // namespace

void put_u8(Bytes& out, std::uint8_t value) { put(out, value, 1); }
void put_u16(Bytes& out, std::uint16_t value) { put(out, value, 2); }
void put_u32(Bytes& out, std::uint32_t value) { put(out, value, 4); }
void put_u64(Bytes& out, std::uint64_t value) { put(out, value, 8); }

std::uint8_t HeaderReader::u8() { return static_cast<std::uint8_t>(number(1)); }
std::uint16_t HeaderReader::u16() { return static_cast<std::uint16_t>(number(2)); }
std::uint32_t HeaderReader::u32() { return static_cast<std::uint32_t>(number(4)); }
std::uint64_t HeaderReader::u64() { return number(8); }

BytesView HeaderReader::bytes(std::size_t size) {
  if (size > rest_.size()) {
    failed_ = true;
    rest_ = {};
    return {};
  }
  const BytesView taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::uint64_t HeaderReader::number(std::size_t octets) {
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const char c : bytes(octets)) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << shift;
    shift += 8;
  }
  return value;
}

}  // namespace cairn::wire
