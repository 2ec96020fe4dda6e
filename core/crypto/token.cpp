#include "core/crypto/token.h"

#include "core/base/assert.h"
#include "core/crypto/hash.h"

#include <sodium.h>

#include <array>

namespace cairn::crypto {

std::string make_token() {
  CAIRN_ASSERT(sodium_init() >= 0, "libsodium cannot start");
  std::array<char, 32> octets{};
  randombytes_buf(octets.data(), octets.size());
  return to_hex({octets.data(), octets.size()});
}

Uuid random_uuid() {
  CAIRN_ASSERT(sodium_init() >= 0, "libsodium cannot start");
  std::array<std::uint8_t, Uuid::kSize> octets{};
  randombytes_buf(octets.data(), octets.size());
  octets[6] = static_cast<std::uint8_t>((octets[6] & 0x0FU) | 0x40U);
  octets[8] = static_cast<std::uint8_t>((octets[8] & 0x3FU) | 0x80U);
  return Uuid(octets);
}

Bytes token_hash(std::string_view token) { return to_bytes(blake2b_128({"session", token})); }

}  // namespace cairn::crypto
