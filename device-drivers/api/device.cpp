#include "device-drivers/api/device.h"

namespace cairn::devices {

std::string_view name_of(DeviceState state) {
  switch (state) {
    case DeviceState::kOffline:
      return "offline";
    case DeviceState::kOnline:
      return "online";
  }
  return "offline";
}

}  // namespace cairn::devices
