#pragma once
// How a configuration names a scanner in keyboard mode. The number of its device file, event7,
// changes with every plugging in and names nothing. Pure.

#include "core/base/result.h"
#include "device-drivers/usb/usb_address.h"

#include <string>
#include <string_view>

namespace cairn::devices::evdev {

struct InputAddress {
  usb::Address device;  ///< by what it is, or where it is plugged in; if there is no path
  std::string path;     ///< a link that the system keeps, below /dev/input/

  /// What follows "evdev:" of a url: "05e0:1200", "05e0:1200:SERIAL", "port:1-1.2",
  /// "/dev/input/by-id/…". Errors: kInvalid "bad_device_url".
  static Result<InputAddress> parse(std::string_view text);
  /// The url.
  [[nodiscard]] std::string text() const;
};

}  // namespace cairn::devices::evdev
