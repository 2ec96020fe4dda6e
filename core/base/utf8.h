#pragma once
// Text from outside is UTF-8 or it is refused.

#include <string>
#include <string_view>

namespace cairn {

/// True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms) without NUL.
bool is_utf8(std::string_view text);

/// `text` to quote in a sentence: whole, or its first octets, never half a character, and "…".
std::string excerpt(std::string_view text);

}  // namespace cairn
