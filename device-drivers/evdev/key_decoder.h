#pragma once
// What a scanner in keyboard mode types: keys go down and up (linux/input-event-codes.h), octets
// come out. Pure; every device has a keyboard state of its own, so neither the screen's layout nor
// its Caps or Num Lock matters. One thread.
//
// A scanner is set to a layout and presses the keys that make its characters there: with Shift and
// AltGr, with dead keys (the accent, then a letter or a space), or, whatever the layout, with Alt
// held and the decimal number of the octet on the numeric pad. A control character is Ctrl and its
// letter; of ] \ [ (GS, FS, ESC) the key that has them on a US keyboard, as layouts of Windows have
// it. GS, which parts the fields of a GS1 code, is also F8.

#include "core/base/result.h"
#include "device-drivers/evdev/keyboard_layout.h"

#include <linux/input-event-codes.h>

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>

namespace cairn::devices::evdev {

/// An event of type EV_KEY.
struct KeyEvent {
  std::uint16_t code = 0;
  std::int32_t value = 0;  ///< 0: up, 1: down, 2: held, repeats by itself
};

/// What an event has typed: nothing of both, as a rule, when a key goes up.
struct Typed {
  bool unknown = false;  ///< before `octet`, a key that is no octet in Latin-1, or one was missed
  std::optional<char> octet;  ///< never NUL; Enter, Enter of the numeric pad and Tab are CR
  friend bool operator==(const Typed&, const Typed&) = default;
};

class KeyDecoder {
 public:
  /// Num Lock is on, no key is down. Errors: kInvalid "bad_layout" (the database does not have it).
  static Result<KeyDecoder> create(const KeyboardLayout& layout);

  KeyDecoder(KeyDecoder&&) noexcept;
  KeyDecoder& operator=(KeyDecoder&&) noexcept;
  KeyDecoder(const KeyDecoder&) = delete;
  KeyDecoder& operator=(const KeyDecoder&) = delete;
  ~KeyDecoder();

  Typed take(KeyEvent event);
  /// The key is as said, nobody knows since when; it types nothing.
  void set(std::uint16_t code, bool down);
  /// Events were lost: what was begun (an accent, a number) is forgotten, keys stay as they are.
  void forget();
  /// As new.
  void reset();
  [[nodiscard]] bool any_down() const { return down_.any(); }

 private:
  struct Objects;

  explicit KeyDecoder(std::unique_ptr<Objects> objects);
  Typed press(std::uint16_t code);
  Typed press_with_control(std::uint16_t code);
  Typed press_in_number(std::uint16_t code);
  Typed end_number();
  Typed compose(std::uint16_t code);
  bool end_accent();
  [[nodiscard]] bool is_modifier(std::uint16_t code) const;
  [[nodiscard]] bool control_is_down() const;
  [[nodiscard]] bool any_overdue() const;

  std::unique_ptr<Objects> objects_;  // of libxkbcommon
  std::bitset<KEY_CNT> down_;
  std::array<std::uint32_t, KEY_CNT> pressed_as_{};  // how many were pressed until then; 0: none
  std::uint32_t presses_ = 0;
  unsigned number_ = 0;  // on the numeric pad, while Alt is down
  unsigned digits_ = 0;
  bool number_bad_ = false;
};

}  // namespace cairn::devices::evdev
