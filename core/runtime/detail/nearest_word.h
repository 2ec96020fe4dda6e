#pragma once
// Guesses what somebody meant to write. Pure.

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace cairn::runtime {

/// The word with the fewest typing errors (a letter missing, added, wrong, or two swapped), at most
/// two and fewer than half of the letters; nothing if no word is that near.
std::optional<std::string> nearest_word(std::string_view typed, const std::set<std::string>& words);

}  // namespace cairn::runtime
