#pragma once
// Opens every device of one kind. Private to the desks.

#include "edge-agent/devices/device_board.h"

#include <functional>
#include <string>
#include <string_view>

namespace cairn::agent {

/// Errors: kInvalid "bad_device" with the sentence of each device that could not be opened.
inline Result<> open_all(const DeviceBoard& board, std::string_view kind,
                         const std::function<Result<>(const devices::DeviceConfig&)>& open) {
  std::string problems;
  for (const DeviceBoard::Status& status : board.statuses()) {
    if (status.settings.device.kind != kind) continue;
    const auto opened = open(status.settings.device);
    if (!opened) problems += (problems.empty() ? "" : "; ") + opened.error().message;
  }
  if (problems.empty()) return {};
  return fail(ErrorCode::kInvalid, "bad_device", problems);
}

}  // namespace cairn::agent
