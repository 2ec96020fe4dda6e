#pragma once
// Tells how a device is, only when that is news: the state or its reason has changed. One thread.

#include "device-drivers/api/device.h"

#include <optional>
#include <string>
#include <utility>

namespace cairn::devices {

class StateNews {
 public:
  explicit StateNews(std::string device) : device_(std::move(device)) {}

  /// The change to report; nothing: it was reported like that.
  std::optional<StateChange> of(DeviceState state, const std::string& detail) {
    if (reported_ && reported_->state == state && reported_->detail == detail) return std::nullopt;
    reported_ = StateChange{device_, state, detail};
    return reported_;
  }

 private:
  const std::string device_;
  std::optional<StateChange> reported_;
};

}  // namespace cairn::devices
