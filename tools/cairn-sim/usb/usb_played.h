#pragma once
// What all virtual USB devices have in common: a plug, a place, and a wire that may misbehave. Any
// thread.

#include "tools/cairn-sim/usb/usb_wire.h"
#include "tools/cairn-sim/virtual_device.h"

#include <memory>
#include <string>

namespace cairn::simulator {

/// Of each virtual USB device, whatever it plays.
struct UsbPlace {
  std::shared_ptr<UsbBed> bed;  ///< set before it is made
  std::string name;
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string serial;
  std::string port;  ///< empty: the next free one
};

class UsbPlayed : public VirtualDevice {
 public:
  UsbPlayed(DeviceKind kind, const UsbPlace& place, UsbDescription description,
            UsbFunction& function, const Clock& clock);

  Result<> plug() override;
  Result<> unplug() override;
  void tell_place(json::Value& into) const override;
  void set_fault(const UsbFault& fault) { wire_.set_fault(fault); }

 protected:
  /// "plugged", "open", "usb" (the fault).
  void tell_wire(json::Value& into) const;
  /// Errors: kConflict "unplugged", kUnavailable "not_open".
  [[nodiscard]] Result<> check_open() const;
  [[nodiscard]] UsbWire& wire() { return wire_; }
  [[nodiscard]] const UsbWire& wire() const { return wire_; }

 private:
  UsbWire wire_;
};

}  // namespace cairn::simulator
