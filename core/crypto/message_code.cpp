#include "core/crypto/message_code.h"

#include <sodium.h>

#include <array>

namespace cairn::crypto {
namespace {

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string message_code(std::string_view message, std::string_view secret) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, octets(secret), secret.size());
  crypto_auth_hmacsha256_update(&state, octets(message), message.size());
  crypto_auth_hmacsha256_final(&state, code.data());
  constexpr std::size_t kSize =
      sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL);
  std::array<char, kSize> text{};
  sodium_bin2base64(text.data(), text.size(), code.data(), code.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  return text.data();
}

bool message_code_matches(std::string_view message, std::string_view secret,
                          std::string_view code) {
  const std::string right = message_code(message, secret);
  return code.size() == right.size() && sodium_memcmp(right.data(), code.data(), right.size()) == 0;
}

}  // namespace cairn::crypto
