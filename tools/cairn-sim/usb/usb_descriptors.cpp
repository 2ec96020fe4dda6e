#include "tools/cairn-sim/usb/usb_descriptors.h"

#include <fmt/format.h>

namespace cairn::simulator {
namespace {

constexpr std::uint8_t kSerialNumber = 3;

void add8(Bytes& to, unsigned value) { to.push_back(static_cast<char>(value)); }

void add16(Bytes& to, unsigned value) {
  add8(to, value & 0xFFU);
  add8(to, value >> 8U);
}

Bytes device_descriptor(const UsbDescription& device) {
  Bytes octets;
  for (const unsigned octet : {18U, 1U, 0x00U, 0x02U, 0U, 0U, 0U, 64U}) add8(octets, octet);
  add16(octets, device.vendor);
  add16(octets, device.product);
  add16(octets, 0x0100);
  add8(octets, 1);
  add8(octets, 2);
  add8(octets, device.serial.empty() ? 0 : kSerialNumber);
  add8(octets, 1);  // configurations
  return octets;
}

Bytes setting_descriptor(const UsbSetting& setting, std::size_t alternate) {
  Bytes octets;
  for (const unsigned octet :
       {9U, 4U, 0U, static_cast<unsigned>(alternate),
        static_cast<unsigned>(setting.endpoints.size()), unsigned{setting.base_class},
        unsigned{setting.sub_class}, unsigned{setting.protocol}, 0U}) {
    add8(octets, octet);
  }
  octets += setting.class_descriptor;
  for (const UsbEndpoint& endpoint : setting.endpoints) {
    add8(octets, 7);
    add8(octets, 5);
    add8(octets, endpoint.address);
    add8(octets, endpoint.kind);
    add16(octets, endpoint.packet);
    add8(octets, endpoint.kind == 3 ? 10 : 0);
  }
  return octets;
}

}  // namespace

std::string url_of(const UsbDescription& device) {
  return fmt::format("usb:{:04x}:{:04x}{}{}", device.vendor, device.product,
                     device.serial.empty() ? "" : ":", device.serial);
}

Bytes descriptors_of(const UsbDescription& device) {
  Bytes settings;
  for (std::size_t i = 0; i < device.settings.size(); ++i) {
    settings += setting_descriptor(device.settings[i], i);
  }
  Bytes octets = device_descriptor(device);
  add8(octets, 9);
  add8(octets, 2);
  add16(octets, static_cast<unsigned>(settings.size() + 9));
  for (const unsigned octet : {1U, 1U, 0U, 0x80U, 50U}) add8(octets, octet);
  return octets + settings;
}

Bytes string_descriptor(const UsbDescription& device, std::uint8_t number) {
  Bytes text;
  if (number == 0) {
    add16(text, 0x0409);  // English
  } else if (number <= 2 || (number == kSerialNumber && !device.serial.empty())) {
    const std::string_view words = number == 1   ? "Cairn"
                                   : number == 2 ? "Virtual device"
                                                 : std::string_view(device.serial);
    for (const char c : words) add16(text, static_cast<unsigned char>(c));
  } else {
    return {};
  }
  Bytes octets;
  add8(octets, static_cast<unsigned>(text.size() + 2));
  add8(octets, 3);
  return octets + text;
}

Bytes hid_descriptor(std::size_t report_descriptor_size) {
  Bytes octets;
  for (const unsigned octet : {9U, 0x21U, 0x11U, 0x01U, 0U, 1U, 0x22U}) add8(octets, octet);
  add16(octets, static_cast<unsigned>(report_descriptor_size));
  return octets;
}

}  // namespace cairn::simulator
