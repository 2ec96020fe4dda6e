#include "tools/cairn-sim/usb/key_typing.h"

#include "core/base/utf8.h"

#include <fmt/format.h>
#include <linux/input-event-codes.h>
#include <xkbcommon/xkbcommon-keysyms.h>
#include <xkbcommon/xkbcommon.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <utility>

namespace cairn::simulator {
namespace {

using Strokes = std::vector<Keystroke>;

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Context = std::unique_ptr<xkb_context, Free<&xkb_context_unref>>;
using Keymap = std::unique_ptr<xkb_keymap, Free<&xkb_keymap_unref>>;

/// Keys one after the other, while others are down.
Strokes press(std::initializer_list<std::uint16_t> held,
              std::initializer_list<std::uint16_t> keys) {
  Strokes strokes;
  for (const auto key : held) strokes.push_back({key, true});
  for (const auto key : keys) {
    strokes.push_back({key, true});
    strokes.push_back({key, false});
  }
  for (const auto key : held) strokes.push_back({key, false});
  return strokes;
}

/// "Alt+0029".
Strokes by_number(std::uint8_t octet) {
  constexpr std::array<std::uint16_t, 10> kPad{KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                               KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
  return press({KEY_LEFTALT},
               {KEY_KP0, kPad.at(octet / 100U), kPad.at(octet / 10U % 10U), kPad.at(octet % 10U)});
}

/// What a dead key is with a space; 0: it is none.
std::uint32_t accent_of(xkb_keysym_t symbol) {
  switch (symbol) {
    case XKB_KEY_dead_circumflex:
      return '^';
    case XKB_KEY_dead_grave:
      return '`';
    case XKB_KEY_dead_tilde:
      return '~';
    case XKB_KEY_dead_acute:
      return 0xB4;
    case XKB_KEY_dead_diaeresis:
      return 0xA8;
    default:
      return 0;
  }
}

constexpr xkb_keycode_t kOffset = 8;  // keycodes of X begin eight further on

/// In some layouts, as the one of the US, the right Alt is only another Alt.
bool has_alt_gr(xkb_keymap* keymap) {
  const xkb_keysym_t* symbols = nullptr;
  return ::xkb_keymap_key_get_syms_by_level(keymap, KEY_RIGHTALT + kOffset, 0, 0, &symbols) == 1 &&
         *symbols == XKB_KEY_ISO_Level3_Shift;
}

/// Shift and AltGr, nothing else; nothing: it takes more than these.
std::optional<Strokes> with_levels(xkb_keymap* keymap, std::uint16_t code, xkb_mod_mask_t mods) {
  const auto bit = [keymap](const char* name) {
    return xkb_mod_mask_t{1} << ::xkb_keymap_mod_get_index(keymap, name);
  };
  const xkb_mod_mask_t shift = bit(XKB_MOD_NAME_SHIFT);
  const xkb_mod_mask_t alt_gr = bit("Mod5");
  if ((mods & ~(shift | alt_gr)) != 0) return std::nullopt;
  if ((mods & alt_gr) != 0 && !has_alt_gr(keymap)) return std::nullopt;
  Strokes strokes = press({}, {code});
  for (const auto& [mask, key] : {std::pair(shift, std::uint16_t{KEY_LEFTSHIFT}),
                                  std::pair(alt_gr, std::uint16_t{KEY_RIGHTALT})}) {
    if ((mods & mask) == 0) continue;
    strokes.insert(strokes.begin(), {key, true});
    strokes.push_back({key, false});
  }
  return strokes;
}

Result<Keymap> keymap_of(xkb_context* context, std::string_view layout) {
  const auto open = layout.find('(');
  const std::string name(layout.substr(0, open));
  std::string variant(open == std::string_view::npos ? "" : layout.substr(open + 1));
  if (!variant.empty()) variant.pop_back();  // the bracket
  const xkb_rule_names names{"evdev", "pc105", name.c_str(), variant.c_str(), ""};
  Keymap keymap(::xkb_keymap_new_from_names(context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS));
  if (keymap == nullptr || name.empty()) {
    return fail(ErrorCode::kInvalid, "bad_layout",
                fmt::format("\"{}\" is no keyboard layout of this machine", excerpt(layout)));
  }
  return keymap;
}

}  // namespace

Result<KeyTyping> KeyTyping::create(const TypingStyle& style) {
  constexpr std::uint16_t kLastMain = KEY_102ND;
  const Context context(::xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES));
  ::xkb_context_set_log_level(context.get(), XKB_LOG_LEVEL_CRITICAL);
  const auto made = keymap_of(context.get(), style.layout);
  if (!made) return fail(made.error());
  auto* const keymap = made->get();
  KeyTyping typing;
  const auto learn = [&typing](std::uint32_t character, Strokes strokes) {
    if (character == 0 || character > 0xFF) return;
    Strokes& known = typing.by_octet_.at(character);
    if (known.empty() || strokes.size() < known.size()) known = std::move(strokes);
  };
  for (std::uint16_t code = KEY_1; code <= kLastMain; ++code) {
    const xkb_keycode_t key = code + kOffset;
    const bool on_pad = code >= KEY_KP7 && code <= KEY_KPDOT;
    if (on_pad || code == KEY_KPASTERISK) continue;
    for (xkb_level_index_t level = 0; level < ::xkb_keymap_num_levels_for_key(keymap, key, 0);
         ++level) {
      const xkb_keysym_t* symbols = nullptr;
      xkb_mod_mask_t mods = 0;
      if (::xkb_keymap_key_get_syms_by_level(keymap, key, 0, level, &symbols) != 1) continue;
      if (::xkb_keymap_key_get_mods_for_level(keymap, key, 0, level, &mods, 1) == 0) continue;
      auto strokes = with_levels(keymap, code, mods);
      if (!strokes) continue;
      const std::uint32_t character = ::xkb_keysym_to_utf32(*symbols);
      if (character >= ' ') learn(character, *strokes);
      Strokes accent = *std::move(strokes);
      for (const Keystroke& space : press({}, {KEY_SPACE})) accent.push_back(space);
      learn(accent_of(*symbols), std::move(accent));
    }
  }
  if (style.alt) typing.by_octet_.fill({});
  for (std::size_t octet = 0; octet < typing.by_octet_.size(); ++octet) {
    Strokes& strokes = typing.by_octet_.at(octet);
    if (strokes.empty()) strokes = by_number(static_cast<std::uint8_t>(octet));
  }
  constexpr std::uint8_t kGs = 0x1D;
  if (!style.alt) {
    typing.by_octet_.at(kGs) =
        style.f8 ? press({}, {KEY_F8}) : press({KEY_LEFTCTRL}, {KEY_RIGHTBRACE});
  }
  typing.by_octet_.at('\r') = press({}, {KEY_ENTER});
  typing.by_octet_.at('\t') = press({}, {KEY_TAB});
  return typing;
}

std::vector<Keystroke> KeyTyping::strokes(BytesView octets) const {
  std::vector<Keystroke> all;
  for (const char octet : octets) {
    const Strokes& strokes = by_octet_.at(static_cast<std::uint8_t>(octet));
    all.insert(all.end(), strokes.begin(), strokes.end());
  }
  return all;
}

}  // namespace cairn::simulator
