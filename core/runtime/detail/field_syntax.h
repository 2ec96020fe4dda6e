#pragma once
// What may stand in the head of an HTTP message; Poco writes whatever it is given. Pure.

#include <string_view>

namespace cairn::runtime {

/// A method or the name of a header field (RFC 9110 §5.6.2).
bool is_token(std::string_view text);
/// No octet that could end a line or hide one: no control characters but the tab.
bool is_field_value(std::string_view text);

}  // namespace cairn::runtime
