#include "tools/cairn-sim/virtual_device.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::simulator {

std::string_view name_of(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kScanner:
      return "scanner";
    case DeviceKind::kScale:
      return "scale";
    case DeviceKind::kPrinter:
      return "printer";
  }
  return "scanner";
}

tl::unexpected<Error> VirtualDevice::plugged_already() const {
  return fail(ErrorCode::kConflict, "plugged", fmt::format("{} is plugged in", name_));
}

tl::unexpected<Error> VirtualDevice::is_unplugged() const {
  return fail(ErrorCode::kConflict, "unplugged", fmt::format("{} is unplugged", name_));
}

VirtualDevice* find_device(const Devices& devices, std::string_view name) {
  const auto found =
      std::ranges::find_if(devices, [name](const auto& one) { return one->name() == name; });
  return found != devices.end() ? found->get() : nullptr;
}

json::Value describe(const Devices& devices) {
  auto list = json::Value::array();
  for (const auto& device : devices) {
    auto value = json::Value::object();
    value.set("name", device->name()).set("kind", name_of(device->kind()));
    device->tell_place(value);
    device->tell_state(value);
    list.add(std::move(value));
  }
  return list;
}

}  // namespace cairn::simulator
