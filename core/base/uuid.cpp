#include "core/base/uuid.h"

#include <algorithm>

namespace cairn {

Result<Uuid> Uuid::parse(std::string_view text) {
  const auto bad = [] {
    return fail(ErrorCode::kInvalid, "bad_uuid",
                "a UUID has 32 hexadecimal digits in groups of 8-4-4-4-12");
  };
  if (text.size() != 36) return bad();
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash_here = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash_here != (text[i] == '-')) return bad();
    if (!dash_here) hex.push_back(text[i]);
  }
  const auto bytes = from_hex(hex);
  if (!bytes) return bad();
  return from_bytes(*bytes);
}

Result<Uuid> Uuid::from_bytes(BytesView bytes) {
  if (bytes.size() != kSize) {
    return fail(ErrorCode::kInvalid, "bad_uuid", "a UUID has 16 octets");
  }
  Uuid uuid;
  std::ranges::transform(bytes, uuid.octets_.begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  return uuid;
}

Uuid Uuid::from_hash(const std::array<std::uint8_t, kSize>& hash) {
  Uuid uuid(hash);
  uuid.octets_[6] = static_cast<std::uint8_t>((uuid.octets_[6] & 0x0FU) | 0x80U);
  uuid.octets_[8] = static_cast<std::uint8_t>((uuid.octets_[8] & 0x3FU) | 0x80U);
  return uuid;
}

std::string Uuid::text() const {
  const std::string hex = to_hex(bytes());
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' +
         hex.substr(16, 4) + '-' + hex.substr(20);
}

Bytes Uuid::bytes() const {
  return {reinterpret_cast<const char*>(octets_.data()), octets_.size()};
}

}  // namespace cairn
