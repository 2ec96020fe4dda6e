#pragma once
// The input devices of the machine as udev knows them: which device file is which device, and when
// one comes or goes. One thread.

#include "device-drivers/evdev/input_address.h"

#include <memory>
#include <string>
#include <vector>

struct udev;
struct udev_monitor;

namespace cairn::devices::evdev {

class InputNodes {
 public:
  InputNodes();

  /// Device files that the address may mean, the lowest interface of a device first. Several of
  /// them may be one device: its keys, and its volume knob.
  [[nodiscard]] std::vector<std::string> find(const InputAddress& address) const;

  /// Readable when a device has come or gone, after udev's rules were applied to it. Below 0:
  /// nobody tells, e.g. within a container.
  [[nodiscard]] int fd() const;
  /// Forgets what has come and gone so far.
  void clear() const;

 private:
  struct Free {
    void operator()(udev* object) const;
    void operator()(udev_monitor* object) const;
  };
  std::unique_ptr<udev, Free> udev_;
  std::unique_ptr<udev_monitor, Free> monitor_;  // null: it hears of no changes
};

}  // namespace cairn::devices::evdev
