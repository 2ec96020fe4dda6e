#pragma once
// Pickup codes: six digits for one order and a few days. Sites check them without a network, among
// all orders that wait, so the hash is a quick one (BLAKE2b-128 over a salt of its own): whoever
// has the database has the goods, too. Any thread.

#include "core/base/bytes.h"
#include "core/base/random.h"

#include <string_view>
#include <utility>

namespace cairn::crypto {

/// Salt and hash, 16 octets each.
std::pair<Bytes, Bytes> hash_pickup_code(std::string_view code, Random& random);

/// False also for a salt or hash of another length. Takes the same time whatever the code is.
bool pickup_code_matches(std::string_view code, BytesView salt, BytesView hash);

}  // namespace cairn::crypto
