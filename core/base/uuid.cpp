#include "core/base/uuid.h"

#include <algorithm>

namespace cairn {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(BytesView bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto octet = static_cast<unsigned char>(c);
    hex.push_back(kDigits[octet >> 4U]);
    hex.push_back(kDigits[octet & 15U]);
  }
  return hex;
}

Result<Bytes> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return fail(ErrorCode::kInvalid, "bad_hex", "odd number of digits");
  Bytes bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit_value(hex[i]);
    const int low = digit_value(hex[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorCode::kInvalid, "bad_hex", "not a hexadecimal digit");
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

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
