#pragma once
// HMAC-SHA256 (RFC 2104, FIPS 180-4): how a receiver knows that a message is from whoever shares
// the secret with it. Any thread.

#include "core/base/bytes.h"

#include <string>

namespace cairn::crypto {

/// 32 octets. The key may have any length.
Bytes hmac_sha256(BytesView key, BytesView message);

/// The same as 64 lower-case hexadecimal digits.
std::string hmac_sha256_hex(BytesView key, BytesView message);

}  // namespace cairn::crypto
