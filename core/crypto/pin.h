#pragma once
// PINs: six digits that a person can remember, stored only as an Argon2id hash. Any thread; both
// hashing and checking take tens of milliseconds on purpose, so never on the loop.

#include "core/base/random.h"
#include "core/base/result.h"

#include <string>
#include <string_view>

namespace cairn::crypto {

/// Six random digits.
std::string make_pin(Random& random);

/// Exactly six digits. Errors: kInvalid "bad_pin".
Result<> check_pin_form(std::string_view pin);

/// Argon2id with 8 MiB and 3 passes, salted: "$argon2id$…" (RFC 9106 string form).
/// Errors: kUnavailable "out_of_memory".
Result<std::string> hash_pin(std::string_view pin);

bool verify_pin(std::string_view pin, const std::string& hash);

}  // namespace cairn::crypto
