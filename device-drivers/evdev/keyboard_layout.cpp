#include "device-drivers/evdev/keyboard_layout.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::devices::evdev {
namespace {

/// Names of the database; nothing in them is a path or a rule of its own.
bool is_word(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

Result<KeyboardLayout> KeyboardLayout::parse(std::string_view text) {
  const auto open = text.find('(');
  KeyboardLayout layout{std::string(text.substr(0, open)), {}};
  bool good = is_word(layout.name);
  if (open != std::string_view::npos) {
    good = good && text.ends_with(')');
    layout.variant = text.substr(open + 1);
    if (!layout.variant.empty()) layout.variant.pop_back();  // the bracket
    good = good && is_word(layout.variant);
  }
  if (!good) return fail(bad_layout(text));
  return layout;
}

std::string KeyboardLayout::text() const {
  return variant.empty() ? name : fmt::format("{}({})", name, variant);
}

Error bad_layout(std::string_view text) {
  return {ErrorCode::kInvalid, "bad_layout",
          fmt::format("\"{}\" is no keyboard layout of this machine (package xkb-data); it looks "
                      "like us, de, fr, gb or de(nodeadkeys)",
                      excerpt(text))};
}

}  // namespace cairn::devices::evdev
