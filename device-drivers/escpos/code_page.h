#pragma once
// The code pages of receipt printers: which octet shows a character. Pure. No octet below 0x20
// shows one here, so that no text can hold a command.

#include <optional>
#include <string_view>

namespace cairn::devices {

/// The octet that shows `character` in that page ("cp437", "cp858", "windows1252", …); nothing: the
/// page has not got it, or there is no such page.
std::optional<char> octet_in(std::string_view code_page, char32_t character);

bool is_code_page(std::string_view name);

}  // namespace cairn::devices
