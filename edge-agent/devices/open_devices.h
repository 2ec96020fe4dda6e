#pragma once
// The devices of one kind that this agent has open, by name: claimed from the system, and given
// back. Private to the desks.

#include "core/base/result.h"
#include "device-drivers/registry.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace cairn::agent {

/// Any thread. A driver's thread may call use(), also while its device is given back: no lock is
/// held while a driver starts or ends.
template <class Device>
class OpenDevices {
 public:
  using Open = std::function<Result<std::unique_ptr<Device>>(const devices::DeviceConfig&)>;

  explicit OpenDevices(Open open) : open_(std::move(open)) {}
  OpenDevices(const OpenDevices&) = delete;
  OpenDevices& operator=(const OpenDevices&) = delete;
  /// A driver that ends may still call use().
  ~OpenDevices() { close(); }

  /// Opens a device, unless it is open. Errors: those of the driver; kUnavailable "stopping" (all
  /// are closed: the agent ends).
  Result<> claim(const devices::DeviceConfig& config) {
    const std::scoped_lock turn(turns_);
    if (closed_) {
      return fail(ErrorCode::kUnavailable, "stopping", "the agent is stopping; nothing was done");
    }
    if (use(config.name, [](Device&) {})) return {};
    auto device = open_(config);
    if (!device) return fail(device.error());
    const std::scoped_lock lock(mutex_);
    devices_.emplace(config.name, *std::move(device));
    return {};
  }

  /// Closes a device, if it is open. What its driver has in hand has ended when this returns.
  void release(const std::string& name) {
    const std::scoped_lock turn(turns_);
    // It ends outside of the lock, which its thread may wait for.
    const auto taken = take(name);
  }

  /// Closes all of them, for good.
  void close() {
    const std::scoped_lock turn(turns_);
    closed_ = true;
    const auto taken = take_all();
  }

  /// Does something short with an open device. False: it is not open, nothing was done.
  template <class Use>
  bool use(const std::string& name, const Use& what) {
    const std::scoped_lock lock(mutex_);
    const auto found = devices_.find(name);
    if (found == devices_.end()) return false;
    what(*found->second);
    return true;
  }

 private:
  using All = std::map<std::string, std::unique_ptr<Device>>;

  typename All::node_type take(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    return devices_.extract(name);
  }
  All take_all() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(devices_, {});
  }

  const Open open_;
  std::mutex turns_;  // one device is opened or closed at a time; guards closed_
  bool closed_ = false;
  std::mutex mutex_;  // guards devices_; innermost
  All devices_;
};

}  // namespace cairn::agent
