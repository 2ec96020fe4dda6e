#pragma once
// What a virtual USB device does with what it is sent, without its wire. Called on the wire's
// thread, one call at a time; it must not call the wire back from there.

#include "core/base/bytes.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::simulator {

/// The set-up packet of a control transfer (USB 2.0, 9.3).
struct UsbSetup {
  std::uint8_t type = 0;
  std::uint8_t request = 0;
  std::uint16_t value = 0;
  std::uint16_t index = 0;
  std::uint16_t length = 0;
};

class UsbFunction {
 public:
  UsbFunction() = default;
  UsbFunction(const UsbFunction&) = delete;
  UsbFunction& operator=(const UsbFunction&) = delete;
  virtual ~UsbFunction() = default;

  /// A request to its class. The answer, empty if `out` was all there is to it; nothing: it does
  /// not know the request, which stalls.
  virtual std::optional<Bytes> control(const UsbSetup& setup, BytesView out) = 0;
  /// Octets of its bulk endpoint. What it has to say to them, message by message.
  virtual std::vector<Bytes> take(BytesView octets) = 0;
  /// The power is gone.
  virtual void power_off() {}
};

}  // namespace cairn::simulator
