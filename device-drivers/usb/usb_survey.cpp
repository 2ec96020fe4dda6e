#include "device-drivers/usb/usb_survey.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <libusb.h>

namespace cairn::devices::usb {
namespace {

constexpr std::uint8_t kHubClass = 9;
constexpr Duration kAnswerWithin = std::chrono::seconds(1);

/// Its name and its serial number. Empty: it has none, or does not say.
std::string string_of(libusb_device_handle* handle, std::uint8_t number) {
  if (number == 0) return {};
  std::array<unsigned char, 256> text{};
  const int size = ::libusb_get_string_descriptor_ascii(handle, number, text.data(), text.size());
  return size > 0 ? std::string(text.begin(), text.begin() + size) : std::string();
}

/// Of a HID interface that is ours for the moment (HID 1.11, 7.1.1); empty: it does not say.
std::string report_descriptor_of(Device& device, const Interface& interface, const Clock& clock) {
  constexpr std::uint8_t kStandardIn = 0x81;
  constexpr std::uint8_t kGetDescriptor = 6;
  constexpr std::uint16_t kReportDescriptor = 0x2200;
  constexpr std::uint16_t kMost = 4096;
  const Waker never;
  const auto octets =
      device.control_in({kStandardIn, kGetDescriptor, kReportDescriptor, interface.number}, kMost,
                        {clock.mono_now() + kAnswerWithin, never, clock});
  return octets ? *octets : std::string();
}

/// An interface that a driver of the kernel has is not claimed: that would take it away.
AttachedInterface look_at(Device& device, const Interface& interface, const Clock& clock) {
  AttachedInterface one{interface, true, {}};
  if (::libusb_kernel_driver_active(device.handle(), interface.number) == 1) return one;
  if (!device.claim(interface)) return one;
  one.in_use = false;
  if (interface.base_class == kHidClass) {
    one.report_descriptor = report_descriptor_of(device, interface, clock);
  }
  device.release(interface);
  return one;
}

Attached look_at(const Identity& identity, const Clock& clock) {
  Attached attached{identity, {}, {}, {}};
  Address address;
  address.port = identity.port;
  auto device = Device::open(address);
  const auto interfaces =
      device ? device->interfaces() : Result<std::vector<Interface>>(fail(device.error()));
  if (!interfaces) {
    attached.problem = interfaces.error().message;
    return attached;
  }
  libusb_device_descriptor descriptor{};
  ::libusb_get_device_descriptor(::libusb_get_device(device->handle()), &descriptor);
  attached.product = string_of(device->handle(), descriptor.iProduct);
  attached.identity.serial = string_of(device->handle(), descriptor.iSerialNumber);
  for (const Interface& one : *interfaces) {
    if (one.alternate == 0) attached.interfaces.push_back(look_at(*device, one, clock));
  }
  return attached;
}

bool is_hub(const Attached& device) {
  return std::ranges::any_of(device.interfaces, [](const AttachedInterface& one) {
    return one.interface.base_class == kHubClass;
  });
}

}  // namespace

Result<std::vector<Attached>> survey(const Clock& clock) {
  const auto bus = Bus::shared();
  if (!bus) return fail(bus.error());
  std::vector<Attached> all;
  for (const Identity& identity : (*bus)->attached()) {
    if (identity.port.find('-') == std::string::npos) continue;  // the machine's own hubs
    Attached device = look_at(identity, clock);
    if (!is_hub(device)) all.push_back(std::move(device));
  }
  std::ranges::sort(all, {}, [](const Attached& one) { return one.identity.port; });
  return all;
}

}  // namespace cairn::devices::usb
