#include "device-drivers/evdev/key_decoder.h"

#include <fmt/format.h>
#include <xkbcommon/xkbcommon-compose.h>
#include <xkbcommon/xkbcommon-keysyms.h>
#include <xkbcommon/xkbcommon.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::devices::evdev {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

constexpr char kCarriageReturn = '\r';
constexpr char kGroupSeparator = '\x1d';

/// A dead key, what it is with a space (or twice), and with letters. In Latin-1 only, as UTF-8.
/// An accent with a space is that accent, as in layouts of Windows, not a quotation mark.
struct DeadKey {
  std::string_view name;
  std::string_view alone;
  std::string_view letters;
  std::string_view accented;
};
constexpr std::array<DeadKey, 7> kDeadKeys{{
    {"dead_circumflex", "^", "aeiouAEIOU", "âêîôûÂÊÎÔÛ"},
    {"dead_grave", "`", "aeiouAEIOU", "àèìòùÀÈÌÒÙ"},
    {"dead_acute", "´", "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"},
    {"dead_diaeresis", "¨", "aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"},
    {"dead_tilde", "~", "anoANO", "ãñõÃÑÕ"},
    {"dead_cedilla", "¸", "cC", "çÇ"},
    {"dead_abovering", "°", "aA", "åÅ"},
}};

/// The same as libxkbcommon wants to be told it (Compose(5)). Not that of the machine, which
/// depends on its language.
std::string compose_rules() {
  constexpr std::size_t kUtf8Size = 2;  // of each of those letters
  std::string rules;
  for (const DeadKey& key : kDeadKeys) {
    rules += fmt::format("<{0}> <space> : \"{1}\"\n<{0}> <{0}> : \"{1}\"\n", key.name, key.alone);
    for (std::size_t i = 0; i < key.letters.size(); ++i) {
      rules += fmt::format("<{}> <{}> : \"{}\"\n", key.name, key.letters[i],
                           key.accented.substr(i * kUtf8Size, kUtf8Size));
    }
  }
  return rules;
}

/// U+0001 to U+00FF as its octet in ISO/IEC 8859-1.
std::optional<char> latin1(std::string_view utf8) {
  const auto at = [utf8](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
  if (utf8.size() == 1 && at(0) > 0 && at(0) < 0x80) return utf8[0];
  const bool two = utf8.size() == 2 && (at(0) == 0xC2 || at(0) == 0xC3);
  if (!two) return std::nullopt;
  return static_cast<char>(static_cast<std::uint8_t>((at(0) & 0x03U) << 6U | (at(1) & 0x3FU)));
}

Typed typed(std::optional<char> octet) { return {!octet, octet}; }

std::optional<unsigned> digit_of(std::uint16_t code) {
  constexpr std::array<std::uint16_t, 10> kPad{KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                               KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
  for (unsigned digit = 0; digit < kPad.size(); ++digit) {
    if (kPad.at(digit) == code) return digit;
  }
  return std::nullopt;
}

/// Keycodes of X begin eight further on.
xkb_keycode_t keycode(std::uint16_t code) { return code + xkb_keycode_t{8}; }

}  // namespace

struct KeyDecoder::Objects {
  std::unique_ptr<xkb_context, Free<&xkb_context_unref>> context;
  std::unique_ptr<xkb_keymap, Free<&xkb_keymap_unref>> keymap;
  std::unique_ptr<xkb_state, Free<&xkb_state_unref>> state;
  std::unique_ptr<xkb_compose_table, Free<&xkb_compose_table_unref>> table;
  std::unique_ptr<xkb_compose_state, Free<&xkb_compose_state_unref>> accent;

  [[nodiscard]] xkb_keysym_t symbol(std::uint16_t code) const {
    return ::xkb_state_key_get_one_sym(state.get(), keycode(code));
  }
  [[nodiscard]] std::string text(std::uint16_t code) const {
    std::array<char, 8> text{};
    const int size = ::xkb_state_key_get_utf8(state.get(), keycode(code), text.data(), text.size());
    return size > 0 && static_cast<std::size_t>(size) < text.size()
               ? std::string(text.data(), static_cast<std::size_t>(size))
               : std::string();
  }
  void update(std::uint16_t code, bool down) const {
    ::xkb_state_update_key(state.get(), keycode(code), down ? XKB_KEY_DOWN : XKB_KEY_UP);
  }
};

KeyDecoder::KeyDecoder(std::unique_ptr<Objects> objects) : objects_(std::move(objects)) {}

KeyDecoder::KeyDecoder(KeyDecoder&&) noexcept = default;
KeyDecoder& KeyDecoder::operator=(KeyDecoder&&) noexcept = default;
KeyDecoder::~KeyDecoder() = default;

Result<KeyDecoder> KeyDecoder::create(const KeyboardLayout& layout) {
  auto objects = std::make_unique<Objects>();
  // Only what the system brought: neither the service's home nor its environment changes a layout.
  objects->context.reset(::xkb_context_new(static_cast<xkb_context_flags>(
      XKB_CONTEXT_NO_DEFAULT_INCLUDES | XKB_CONTEXT_NO_ENVIRONMENT_NAMES)));
  auto* const context = objects->context.get();
  if (context == nullptr) return fail(bad_layout(layout.text()));
  ::xkb_context_set_log_level(context, XKB_LOG_LEVEL_CRITICAL);
  if (::xkb_context_include_path_append(context, "/usr/share/X11/xkb") == 0) {
    return fail(bad_layout(layout.text()));
  }
  const xkb_rule_names names{"evdev", "pc105", layout.name.c_str(), layout.variant.c_str(), ""};
  objects->keymap.reset(::xkb_keymap_new_from_names(context, &names, XKB_KEYMAP_COMPILE_NO_FLAGS));
  if (objects->keymap == nullptr) return fail(bad_layout(layout.text()));
  const std::string rules = compose_rules();
  objects->table.reset(::xkb_compose_table_new_from_buffer(context, rules.data(), rules.size(), "C",
                                                           XKB_COMPOSE_FORMAT_TEXT_V1,
                                                           XKB_COMPOSE_COMPILE_NO_FLAGS));
  if (objects->table == nullptr) return fail(bad_layout(layout.text()));
  KeyDecoder decoder(std::move(objects));
  decoder.reset();
  return decoder;
}

void KeyDecoder::reset() {
  objects_->state.reset(::xkb_state_new(objects_->keymap.get()));
  objects_->accent.reset(
      ::xkb_compose_state_new(objects_->table.get(), XKB_COMPOSE_STATE_NO_FLAGS));
  objects_->update(KEY_NUMLOCK, true);
  objects_->update(KEY_NUMLOCK, false);
  down_.reset();
  pressed_as_.fill(0);
  presses_ = 0;
  forget();
}

void KeyDecoder::forget() {
  ::xkb_compose_state_reset(objects_->accent.get());
  number_ = 0;
  digits_ = 0;
  number_bad_ = false;
}

void KeyDecoder::set(std::uint16_t code, bool down) {
  if (code >= down_.size() || down_[code] == down) return;
  down_[code] = down;
  if (!down) pressed_as_.at(code) = 0;
  objects_->update(code, down);
}

Typed KeyDecoder::take(KeyEvent event) {
  const bool down = event.value == 1;
  if (!down && event.value != 0) return {};
  if (event.code >= down_.size()) return {down, std::nullopt};
  if (down_[event.code] == down) return {};
  Typed typed;
  if (down) typed = press(event.code);  // by the keys that were down before it
  if (!down && event.code == KEY_LEFTALT) typed = end_number();
  set(event.code, down);
  return typed;
}

Typed KeyDecoder::press(std::uint16_t code) {
  if (is_modifier(code)) {
    if (code == KEY_LEFTALT) {
      number_ = 0;
      digits_ = 0;
      number_bad_ = false;
    }
    return {};
  }
  pressed_as_.at(code) = ++presses_;
  if (code == KEY_ENTER || code == KEY_KPENTER || code == KEY_TAB) {
    const bool broken = end_accent();
    return {broken || any_overdue(), kCarriageReturn};
  }
  if (down_[KEY_LEFTALT]) return press_in_number(code);
  if (code == KEY_F8) return {end_accent(), kGroupSeparator};
  if (control_is_down()) return press_with_control(code);
  return compose(code);
}

Typed KeyDecoder::press_with_control(std::uint16_t code) {
  constexpr std::array<std::pair<std::uint16_t, char>, 3> kPlaces{
      {{KEY_LEFTBRACE, '\x1b'}, {KEY_BACKSLASH, '\x1c'}, {KEY_RIGHTBRACE, kGroupSeparator}}};
  const bool broken = end_accent();
  for (const auto& [place, octet] : kPlaces) {
    if (place == code) return {broken, octet};
  }
  const auto octet = latin1(objects_->text(code));
  if (broken || !octet || static_cast<std::uint8_t>(*octet) >= ' ') return {true, std::nullopt};
  return {false, octet};
}

Typed KeyDecoder::press_in_number(std::uint16_t code) {
  constexpr unsigned kDigitsMost = 4;  // "0029" and "29" are the same
  const bool broken = end_accent();
  const auto digit = digit_of(code);
  if (digit && digits_ < kDigitsMost) {
    number_ = number_ * 10 + *digit;
    ++digits_;
    return {broken, std::nullopt};
  }
  number_bad_ = true;
  return {true, std::nullopt};
}

Typed KeyDecoder::end_number() {
  constexpr unsigned kLast = 0xFF;
  const bool is_number = digits_ > 0;
  const bool good = !number_bad_ && number_ > 0 && number_ <= kLast;
  const auto octet = static_cast<char>(static_cast<std::uint8_t>(number_));
  const bool told = number_bad_;
  forget();
  if (!is_number || told) return {};
  return good ? Typed{false, octet} : Typed{true, std::nullopt};
}

Typed KeyDecoder::compose(std::uint16_t code) {
  const xkb_keysym_t symbol = objects_->symbol(code);
  auto* const accent = objects_->accent.get();
  if (symbol == XKB_KEY_NoSymbol) return {true, std::nullopt};
  ::xkb_compose_state_feed(accent, symbol);
  switch (::xkb_compose_state_get_status(accent)) {
    case XKB_COMPOSE_NOTHING:
      return typed(latin1(objects_->text(code)));
    case XKB_COMPOSE_COMPOSING:
      return {};
    case XKB_COMPOSE_COMPOSED: {
      std::array<char, 8> text{};
      const int size = ::xkb_compose_state_get_utf8(accent, text.data(), text.size());
      ::xkb_compose_state_reset(accent);
      return typed(latin1({text.data(), static_cast<std::size_t>(size > 0 ? size : 0)}));
    }
    case XKB_COMPOSE_CANCELLED:
      break;
  }
  ::xkb_compose_state_reset(accent);
  return {true, std::nullopt};
}

/// Whether an accent waited for its letter.
bool KeyDecoder::end_accent() {
  auto* const accent = objects_->accent.get();
  const bool waited = ::xkb_compose_state_get_status(accent) == XKB_COMPOSE_COMPOSING;
  if (waited) ::xkb_compose_state_reset(accent);
  return waited;
}

/// A key that should be up long since: if it was pressed again meanwhile, nobody heard of that.
bool KeyDecoder::any_overdue() const {
  constexpr std::uint32_t kTogether = 6;  // as many as a report of a keyboard holds
  return std::ranges::any_of(pressed_as_, [this](std::uint32_t pressed) {
    return pressed != 0 && presses_ - pressed > kTogether;
  });
}

bool KeyDecoder::is_modifier(std::uint16_t code) const {
  const xkb_keysym_t symbol = objects_->symbol(code);
  return (symbol >= XKB_KEY_Shift_L && symbol <= XKB_KEY_Hyper_R) ||
         (symbol >= XKB_KEY_ISO_Lock && symbol <= XKB_KEY_ISO_Level5_Lock) ||
         symbol == XKB_KEY_Mode_switch || symbol == XKB_KEY_Num_Lock ||
         symbol == XKB_KEY_Scroll_Lock;
}

bool KeyDecoder::control_is_down() const {
  return ::xkb_state_mod_name_is_active(objects_->state.get(), XKB_MOD_NAME_CTRL,
                                        XKB_STATE_MODS_EFFECTIVE) == 1;
}

}  // namespace cairn::devices::evdev
