#pragma once
// Keystrokes by their names of linux/input-event-codes.h, as a scanner sends them.

#include "device-drivers/evdev/key_decoder.h"

#include <initializer_list>
#include <vector>

namespace cairn::devices::evdev::test {

using Keys = std::vector<KeyEvent>;
using Codes = std::initializer_list<int>;

/// Each key down and up, while those of `held` are down.
inline Keys keys(Codes codes, Codes held = {}) {
  const auto event = [](int code, int value) {
    return KeyEvent{static_cast<std::uint16_t>(code), value};
  };
  Keys all;
  for (const int code : held) all.push_back(event(code, 1));
  for (const int code : codes) {
    all.push_back(event(code, 1));
    all.push_back(event(code, 0));
  }
  for (const int code : held) all.push_back(event(code, 0));
  return all;
}

inline Keys operator+(Keys left, const Keys& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

}  // namespace cairn::devices::evdev::test
