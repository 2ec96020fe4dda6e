#pragma once
// Message code: the HMAC-SHA256 of a message in base64, as shops sign their webhooks. Any thread.

#include <string>
#include <string_view>

namespace cairn::crypto {

/// In base64 with padding (RFC 4648 section 4).
std::string message_code(std::string_view message, std::string_view secret);

/// Is `code` the message's, in base64? Takes the same time wherever it is wrong.
bool message_code_matches(std::string_view message, std::string_view secret, std::string_view code);

}  // namespace cairn::crypto
