#pragma once
// The descriptors of a virtual USB device (USB 2.0, 9.6). Pure.

#include "core/base/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::simulator {

struct UsbEndpoint {
  std::uint8_t address = 0;  ///< bit 7: towards the host
  std::uint8_t kind = 0;     ///< 2: bulk, 3: interrupt
  std::uint16_t packet = 64;
};

/// One alternate setting of interface 0.
struct UsbSetting {
  std::uint8_t base_class = 0;
  std::uint8_t sub_class = 0;
  std::uint8_t protocol = 0;
  Bytes class_descriptor;
  std::vector<UsbEndpoint> endpoints;
};

struct UsbDescription {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string serial;  ///< empty: none
  std::string port;    ///< "1-1"
  std::string driver;  ///< of the kernel, that has it until somebody claims it; empty: none
  std::vector<UsbSetting> settings;
};

/// "usb:0c2e:0b61:SERIAL"
std::string url_of(const UsbDescription& device);

/// Device and configuration descriptor, as sysfs has them.
Bytes descriptors_of(const UsbDescription& device);
/// The string descriptor of that number; empty: there is none. 0: languages, 3: serial number.
Bytes string_descriptor(const UsbDescription& device, std::uint8_t number);
/// What an interface of class HID has behind it (HID 1.11, 6.2.1).
Bytes hid_descriptor(std::size_t report_descriptor_size);

}  // namespace cairn::simulator
