#pragma once
// What all devices have in common, whatever their kind: whether they are there. Any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::devices {

enum class DeviceState : std::uint8_t {
  kOffline,  ///< not there, or not to be opened; the driver keeps trying
  kOnline,   ///< open and listening
};

/// "offline", "online".
std::string_view name_of(DeviceState state);

struct StateChange {
  std::string device;
  DeviceState state = DeviceState::kOffline;
  std::string detail;  ///< a sentence for a person: why it is offline
};

}  // namespace cairn::devices
