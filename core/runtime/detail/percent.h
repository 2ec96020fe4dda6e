#pragma once
// Percent-decoding of paths and queries (RFC 3986 §2.1), strictly. Pure.

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::runtime {

/// Errors: kInvalid "bad_escape": '%' without two hexadecimal digits, NUL, or not UTF-8.
Result<std::string> percent_decode(std::string_view text);

/// The segments between the slashes of an absolute path, decoded; "/" has one, which is empty.
/// Errors: kInvalid "bad_escape"; kInvalid "bad_path": not absolute, too many segments, "." or
/// "..".
Result<std::vector<std::string>> split_path(std::string_view path);

/// name=value pairs, '+' is a blank (application/x-www-form-urlencoded).
/// Errors: kInvalid "bad_escape".
Result<std::vector<std::pair<std::string, std::string>>> split_query(std::string_view query);

}  // namespace cairn::runtime
