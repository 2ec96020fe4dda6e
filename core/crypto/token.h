#pragma once
// Session tokens: the bearer knows the token, the database only its hash. Any thread.

#include "core/base/bytes.h"
#include "core/base/uuid.h"

#include <string>
#include <string_view>

namespace cairn::crypto {

/// 32 random octets from the system, as 64 hexadecimal digits.
std::string make_token();

/// A random name (UUID version 4) for something that lives only in memory.
Uuid random_uuid();

/// What is stored: BLAKE2b-128 of the token.
Bytes token_hash(std::string_view token);

}  // namespace cairn::crypto
