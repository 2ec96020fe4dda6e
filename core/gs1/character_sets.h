#pragma once
// The character sets of element strings (GS1 General Specifications, 7.11). Any thread.

#include "core/gs1/application_identifier.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::gs1 {

bool is_digit(char c);
bool all_digits(std::string_view text);
/// The number that at most nine digits are.
int number_of(std::string_view digits);

/// Octets before the first that `set` does not have; nullopt: all belong to it. In set 64 up to
/// two "=" may stand at the end if they fill a group up.
std::optional<std::size_t> first_outside(CharacterSet set, std::string_view text);

/// One octet for a sentence: 'A', or 0x1D where it cannot be shown.
std::string shown(char octet);

/// Data from outside for a sentence: quoted, its first characters only, <1D> for what cannot be
/// shown.
std::string shown(std::string_view data);

}  // namespace cairn::gs1
