#pragma once
// Fixed-width integers in binary headers: little-endian, bounds checked. Any thread.

#include "core/base/bytes.h"

#include <cstdint>

namespace cairn::wire {

void put_u8(Bytes& out, std::uint8_t value);
void put_u16(Bytes& out, std::uint16_t value);
void put_u32(Bytes& out, std::uint32_t value);
void put_u64(Bytes& out, std::uint64_t value);

/// Reads from the front of a header; reading past the end yields zeros and failed() afterwards.
class HeaderReader {
 public:
  explicit HeaderReader(BytesView bytes) : rest_(bytes) {}

  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  BytesView bytes(std::size_t size);

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] BytesView rest() const { return rest_; }

 private:
  std::uint64_t number(std::size_t octets);

  BytesView rest_;
  bool failed_ = false;
};

}  // namespace cairn::wire
