#pragma once
// Octets as a person types them: printable ASCII stands for itself, \xHH for any octet, \\ for a
// backslash. Any thread.

#include "core/base/bytes.h"

#include <string>
#include <string_view>

namespace cairn::simulator {

/// Errors: kInvalid "bad_escape".
Result<Bytes> parse_octets(std::string_view text);

/// The inverse; the outcome is plain ASCII.
std::string format_octets(BytesView octets);

}  // namespace cairn::simulator
