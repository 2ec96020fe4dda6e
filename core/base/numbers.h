#pragma once
// Text to number, strictly: the whole text, digits only, in range, or an error. No locale, no
// blanks.

#include "core/base/result.h"

#include <cstdint>
#include <string_view>

namespace cairn {

/// Errors: kInvalid "bad_number".
Result<std::uint64_t> parse_unsigned(std::string_view text);

/// With an optional leading minus. Errors: kInvalid "bad_number".
Result<std::int64_t> parse_signed(std::string_view text);

/// A decimal with at most `places` digits after the point, scaled by 10^places: ("2.5", 2) -> 250.
/// Errors: kInvalid "bad_number" (form, more digits than `places`, out of range).
Result<std::int64_t> parse_decimal(std::string_view text, int places);

/// The inverse, without trailing zeros beyond `min_places`: (2500, 3, 0) -> "2.5".
std::string format_decimal(std::int64_t scaled, int places, int min_places);

}  // namespace cairn
