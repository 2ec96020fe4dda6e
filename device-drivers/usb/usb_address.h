#pragma once
// How a configuration names a USB device, and what an attached one is known by. The number that the
// system gives a device changes with every plugging in and names nothing. Pure.

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::devices::usb {

/// Of an attached device.
struct Identity {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string serial;  ///< empty: it has none, or it was not asked for
  std::string port;    ///< bus and the ports on the way to it, "1-1.2"; as in /sys/bus/usb/devices
};

/// Where to find one: by what it is, or by where it is plugged in.
struct Address {
  std::uint16_t vendor = 0;  ///< 0 with product 0: whatever is at the port
  std::uint16_t product = 0;
  std::string serial;  ///< empty: any
  std::string port;    ///< empty: any

  /// What follows "usb:" of a url: "0c2e:0b61", "0c2e:0b61:SERIAL", "port:1-1.2".
  /// Errors: kInvalid "bad_device_url".
  static Result<Address> parse(std::string_view text);

  /// Whether it may be that device, whose serial number nobody has asked for yet.
  [[nodiscard]] bool may_be(const Identity& device) const;
  /// The url, "usb:0c2e:0b61".
  [[nodiscard]] std::string text() const;
};

/// The url to propose for a device: with its serial number if it has one, else by what it is.
std::string url_of(const Identity& device);

}  // namespace cairn::devices::usb
