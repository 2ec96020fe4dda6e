#pragma once
// Octets. std::string is the container of Protobuf, SQLite blobs and MQTT payloads alike, so it is
// ours.

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace cairn {

using Bytes = std::string;
using BytesView = std::string_view;

/// Lower-case hexadecimal, two digits an octet.
std::string to_hex(BytesView bytes);

/// Errors: kInvalid (odd length or not a hexadecimal digit).
Result<Bytes> from_hex(std::string_view hex);

}  // namespace cairn
