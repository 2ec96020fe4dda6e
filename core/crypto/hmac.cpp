#include "core/crypto/hmac.h"

#include <sodium.h>

#include <array>

namespace cairn::crypto {
namespace {

const unsigned char* octets_of(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

Bytes hmac_sha256(BytesView key, BytesView message) {
  crypto_auth_hmacsha256_state state{};
  crypto_auth_hmacsha256_init(&state, octets_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, octets_of(message), message.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_final(&state, mac.data());
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

std::string hmac_sha256_hex(BytesView key, BytesView message) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char octet : hmac_sha256(key, message)) {
    const auto value = static_cast<unsigned char>(octet);
    hex += kDigits[value >> 4U];
    hex += kDigits[value & 0x0FU];
  }
  return hex;
}

}  // namespace cairn::crypto
