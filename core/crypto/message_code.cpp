#include "core/crypto/message_code.h"

#include "core/crypto/hmac.h"

#include <sodium.h>

#include <array>

namespace cairn::crypto {
std::string message_code(std::string_view message, std::string_view secret) {
  const Bytes code = hmac_sha256(secret, message);
  constexpr std::size_t kSize =
      sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES, sodium_base64_VARIANT_ORIGINAL);
  std::array<char, kSize> text{};
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(code.data()),
                    code.size(), sodium_base64_VARIANT_ORIGINAL);
  return text.data();
}

bool message_code_matches(std::string_view message, std::string_view secret,
                          std::string_view code) {
  const std::string right = message_code(message, secret);
  return code.size() == right.size() && sodium_memcmp(right.data(), code.data(), right.size()) == 0;
}

}  // namespace cairn::crypto
