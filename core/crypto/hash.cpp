#include "core/crypto/hash.h"

#include "core/base/assert.h"

#include <sodium.h>

#include <algorithm>

namespace cairn::crypto {
namespace {

class Hasher {
 public:
  Hasher() { crypto_generichash_init(&state_, nullptr, 0, sizeof(Hash128)); }

  void add(BytesView part) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  }

  Hash128 finish() {
    Hash128 hash{};
    crypto_generichash_final(&state_, hash.data(), hash.size());
    return hash;
  }

 private:
  crypto_generichash_state state_{};
};

Bytes little_endian(std::uint64_t number) {
  Bytes bytes(8, '\0');
  for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<char>((number >> (8U * i)) & 0xFFU);
  return bytes;
}

}  // namespace

Hash128 blake2b_128(std::initializer_list<BytesView> parts) {
  Hasher hasher;
  for (const BytesView part : parts) hasher.add(part);
  return hasher.finish();
}

Bytes to_bytes(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

Result<Hash128> hash_from_bytes(BytesView bytes) {
  Hash128 hash{};
  if (bytes.size() != hash.size()) {
    return fail(ErrorCode::kInvalid, "bad_hash", "a chain hash has 16 octets");
  }
  std::ranges::transform(bytes, hash.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
  return hash;
}

Hash128 chain_start(NodeId node, Incarnation inc) {
  return blake2b_128({node.value().bytes(), little_endian(inc.value())});
}

Hash128 chain_next(const Hash128& previous, BytesView record) {
  return blake2b_128(
      {BytesView(reinterpret_cast<const char*>(previous.data()), previous.size()), record});
}

Uuid derived_uuid(std::string_view domain, std::initializer_list<BytesView> parts) {
  Hasher hasher;
  hasher.add(little_endian(domain.size()));
  hasher.add(domain);
  for (const BytesView part : parts) {
    hasher.add(little_endian(part.size()));
    hasher.add(part);
  }
  return Uuid::from_hash(hasher.finish());
}

}  // namespace cairn::crypto
