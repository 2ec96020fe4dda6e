#pragma once
// Session tokens: the bearer knows the token, the database only its hash. Any thread.

#include "core/base/bytes.h"

#include <string>
#include <string_view>

namespace cairn::crypto {

/// 32 random octets from the system, as 64 hexadecimal digits.
std::string make_token();

/// What is stored: BLAKE2b-128 of the token.
Bytes token_hash(std::string_view token);

}  // namespace cairn::crypto
