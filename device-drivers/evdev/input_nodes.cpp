#include "device-drivers/evdev/input_nodes.h"

#include "core/base/assert.h"

#include <linux/input.h>

#include <algorithm>
#include <charconv>
#include <libudev.h>
#include <string_view>
#include <utility>

namespace cairn::devices::evdev {
namespace {

struct Unref {
  void operator()(udev_device* object) const { ::udev_device_unref(object); }
  void operator()(udev_enumerate* object) const { ::udev_enumerate_unref(object); }
};

std::string attribute(udev_device* device, const char* name) {
  const char* const value = ::udev_device_get_sysattr_value(device, name);
  return value != nullptr ? value : "";
}

/// 0: it has none.
std::uint16_t id_of(udev_device* device, const char* name) {
  const std::string text = attribute(device, name);
  std::uint16_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id, 16);
  return id;
}

/// Of its plug; of what has none (Bluetooth) what its input device says. The parents belong to the
/// device.
usb::Identity identity_of(udev_device* node) {
  auto* const input = ::udev_device_get_parent_with_subsystem_devtype(node, "input", nullptr);
  // What comes by radio may lie below the plug of the radio.
  const bool has_plug = input == nullptr || id_of(input, "id/bustype") != BUS_BLUETOOTH;
  auto* const plug =
      has_plug ? ::udev_device_get_parent_with_subsystem_devtype(node, "usb", "usb_device")
               : nullptr;
  if (plug != nullptr) {
    return {id_of(plug, "idVendor"), id_of(plug, "idProduct"), attribute(plug, "serial"),
            ::udev_device_get_sysname(plug)};
  }
  if (input == nullptr) return {};
  return {id_of(input, "id/vendor"), id_of(input, "id/product"), attribute(input, "uniq"), {}};
}

bool fits(const usb::Address& address, const usb::Identity& device) {
  return address.may_be(device) && (address.serial.empty() || address.serial == device.serial);
}

}  // namespace

void InputNodes::Free::operator()(udev* object) const { ::udev_unref(object); }
void InputNodes::Free::operator()(udev_monitor* object) const { ::udev_monitor_unref(object); }

InputNodes::InputNodes() : udev_(::udev_new()) {
  CAIRN_ASSERT(udev_ != nullptr, "there is memory");
  // "udev", not "kernel": before its rules were applied a device may not be opened.
  monitor_.reset(::udev_monitor_new_from_netlink(udev_.get(), "udev"));
  if (monitor_ == nullptr) return;
  const bool listens =
      ::udev_monitor_filter_add_match_subsystem_devtype(monitor_.get(), "input", nullptr) >= 0 &&
      ::udev_monitor_enable_receiving(monitor_.get()) >= 0;
  if (!listens) monitor_.reset();
}

std::vector<std::string> InputNodes::find(const InputAddress& address) const {
  if (!address.path.empty()) return {address.path};
  std::vector<std::pair<std::string, std::string>> found;  // place in sysfs, device file
  const std::unique_ptr<udev_enumerate, Unref> all(::udev_enumerate_new(udev_.get()));
  if (all == nullptr || ::udev_enumerate_add_match_subsystem(all.get(), "input") < 0 ||
      ::udev_enumerate_scan_devices(all.get()) < 0) {
    return {};
  }
  for (auto* entry = ::udev_enumerate_get_list_entry(all.get()); entry != nullptr;
       entry = ::udev_list_entry_get_next(entry)) {
    const char* const place = ::udev_list_entry_get_name(entry);
    const std::unique_ptr<udev_device, Unref> node(
        ::udev_device_new_from_syspath(udev_.get(), place));
    if (node == nullptr) continue;  // it has gone meanwhile
    const char* const file = ::udev_device_get_devnode(node.get());
    const bool is_event =
        std::string_view(::udev_device_get_sysname(node.get())).starts_with("event");
    if (file == nullptr || !is_event || !fits(address.device, identity_of(node.get()))) continue;
    found.emplace_back(place, file);
  }
  std::ranges::sort(found);
  std::vector<std::string> files;
  for (auto& [place, file] : found) files.push_back(std::move(file));
  return files;
}

int InputNodes::fd() const {
  constexpr int kNone = -1;
  return monitor_ != nullptr ? ::udev_monitor_get_fd(monitor_.get()) : kNone;
}

void InputNodes::clear() const {
  if (monitor_ == nullptr) return;
  while (true) {
    const std::unique_ptr<udev_device, Unref> changed(
        ::udev_monitor_receive_device(monitor_.get()));
    if (changed == nullptr) return;
  }
}

}  // namespace cairn::devices::evdev
