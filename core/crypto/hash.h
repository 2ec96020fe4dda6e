#pragma once
// BLAKE2b-128: the hash of the log's chain and of names that follow from something else. Any
// thread.

#include "core/base/bytes.h"
#include "core/base/ids.h"

#include <array>
#include <cstdint>
#include <initializer_list>

namespace cairn::crypto {

using Hash128 = std::array<std::uint8_t, 16>;

/// Hash of the parts laid end to end.
Hash128 blake2b_128(std::initializer_list<BytesView> parts);

/// The octets of a hash, for columns and frames.
Bytes to_bytes(const Hash128& hash);
/// Errors: kInvalid "bad_hash" unless exactly 16 octets.
Result<Hash128> hash_from_bytes(BytesView bytes);

/// h_0 of an author's chain: H(node | inc as 8 octets little-endian)   (docs/protocol.md, chain).
Hash128 chain_start(NodeId node, Incarnation inc);
/// h_i = H(h_{i-1} | record_i).
Hash128 chain_next(const Hash128& previous, BytesView record);

/// A name that follows from `parts`: the same parts give the same name on every machine. `domain`
/// keeps names of different kinds apart; each part is hashed with its length.
Uuid derived_uuid(std::string_view domain, std::initializer_list<BytesView> parts);

}  // namespace cairn::crypto
