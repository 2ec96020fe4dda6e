#pragma once
// An open input device (/dev/input/event…) that nobody else hears: evdev's grab takes it from
// screens and consoles for as long as it is open. One thread.

#include "core/base/result.h"
#include "device-drivers/evdev/key_decoder.h"
#include "device-drivers/wire/file_descriptor.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

struct libevdev;

namespace cairn::devices::evdev {

class InputDevice {
 public:
  /// Others hear it still. Errors: kUnavailable "no_device", kDenied "no_permission", kInvalid
  /// "no_keyboard" (it has no keys that a scanner would type with), kUnavailable "open_failed".
  static Result<InputDevice> open(const std::string& path);
  InputDevice(InputDevice&&) = default;
  InputDevice& operator=(InputDevice&&) = delete;
  InputDevice(const InputDevice&) = delete;
  InputDevice& operator=(const InputDevice&) = delete;
  /// Others hear it again.
  ~InputDevice();

  /// From now on nobody else hears it. Errors: kConflict "device_busy", kUnavailable "device_gone".
  Result<> grab();

  struct Arrival {
    enum class Kind : std::uint8_t {
      kKey,    ///< `event` happened
      kLost,   ///< events were lost, because they were not read in time (SYN_DROPPED)
      kState,  ///< how a key is after that
    };
    Kind kind = Kind::kKey;
    KeyEvent event;
  };
  /// Nothing: nothing waits. Errors: kUnavailable "device_gone".
  Result<std::optional<Arrival>> next();

  /// By what next() has told.
  [[nodiscard]] bool any_key_down() const;
  /// For poll(2).
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  struct Free {
    void operator()(libevdev* device) const;
  };
  InputDevice(FileDescriptor fd, libevdev* device) : fd_(std::move(fd)), device_(device) {}

  FileDescriptor fd_;
  std::unique_ptr<libevdev, Free> device_;  // uses the descriptor
  bool catching_up_ = false;                // after lost events
};

/// kUnavailable "device_gone".
Error input_gone_error();

}  // namespace cairn::devices::evdev
