#include "edge-agent/devices/device_statistics.h"

namespace cairn::agent {

std::string_view name_of(DeviceFault::Locus locus) {
  switch (locus) {
    case DeviceFault::Locus::kInput:
      return "input";
    case DeviceFault::Locus::kOutput:
      return "output";
    case DeviceFault::Locus::kDevice:
      break;
  }
  return "device";
}

std::string_view name_of(DeviceFault::Response response) {
  switch (response) {
    case DeviceFault::Response::kContinue:
      return "continue";
    case DeviceFault::Response::kClear:
      return "clear";
    case DeviceFault::Response::kRetry:
      break;
  }
  return "retry";
}

}  // namespace cairn::agent
