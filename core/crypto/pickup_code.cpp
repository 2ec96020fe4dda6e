#include "core/crypto/pickup_code.h"

#include "core/crypto/hash.h"

#include <sodium.h>

namespace cairn::crypto {
namespace {

constexpr std::size_t kSize = 16;

Bytes hash_of(std::string_view code, BytesView salt) {
  return to_bytes(blake2b_128({"pickup code", salt, code}));
}

}  // namespace

std::pair<Bytes, Bytes> hash_pickup_code(std::string_view code, Random& random) {
  Bytes salt;
  while (salt.size() < kSize) {
    std::uint64_t word = random.next();
    for (std::size_t i = 0; i < sizeof word; ++i, word >>= 8U) {
      salt.push_back(static_cast<char>(word & 0xFFU));
    }
  }
  return {salt, hash_of(code, salt)};
}

bool pickup_code_matches(std::string_view code, BytesView salt, BytesView hash) {
  if (salt.size() != kSize || hash.size() != kSize) return false;
  const Bytes given = hash_of(code, salt);
  return sodium_memcmp(given.data(), hash.data(), kSize) == 0;
}

}  // namespace cairn::crypto
