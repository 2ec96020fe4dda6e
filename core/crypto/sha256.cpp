#include "core/crypto/sha256.h"

#include <sodium.h>

namespace cairn::crypto {

Hash256 sha256(std::initializer_list<BytesView> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const BytesView part : parts) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  }
  Hash256 hash{};
  crypto_hash_sha256_final(&state, hash.data());
  return hash;
}

Bytes to_bytes(const Hash256& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

bool same_secret(BytesView one, BytesView other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace cairn::crypto
