#pragma once
// SHA-256 (FIPS 180-4), for what others must be able to compute again without us, and the
// comparison that takes as long for a near miss as for a far one. Any thread.

#include "core/base/bytes.h"

#include <array>
#include <cstdint>
#include <initializer_list>

namespace cairn::crypto {

using Hash256 = std::array<std::uint8_t, 32>;

/// Hash of the parts laid end to end.
Hash256 sha256(std::initializer_list<BytesView> parts);

/// The octets of a hash, for columns.
Bytes to_bytes(const Hash256& hash);

/// Whether a secret is the one that is meant; the time it takes depends on their lengths only.
bool same_secret(BytesView one, BytesView other);

}  // namespace cairn::crypto
