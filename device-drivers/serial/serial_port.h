#pragma once
// A serial port that is open, set up and ours alone. For drivers, which poll fd() on their own
// thread.
//
// Give paths that name the device, not the order of plugging in: /dev/serial/by-id/…

#include "core/base/result.h"
#include "device-drivers/serial/serial_settings.h"
#include "device-drivers/wire/file_descriptor.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::devices {

class SerialPort {
 public:
  /// Opens without waiting, claims the port, sets it up and drops what was received before.
  /// Errors: those of open_error(), kInvalid "bad_baud".
  static Result<SerialPort> open(const std::string& path, std::uint32_t baud, SerialMode mode,
                                 SerialFlow flow = SerialFlow::kNone);

  /// What has arrived, within `buffer`; empty if nothing has. Never waits.
  /// Errors: kUnavailable "device_gone".
  Result<std::string_view> read(std::span<char> buffer);

  /// Sends a short command. Never waits: what the line does not take now is lost, as if the device
  /// had not heard it. Errors: kUnavailable "device_gone".
  Result<> write(std::string_view octets);

  /// Sends as much as the line takes now, which may be nothing: how many octets. Never waits.
  /// Errors: kUnavailable "device_gone".
  Result<std::size_t> write_some(std::string_view octets);

  /// How many octets the line has taken and not sent yet.
  [[nodiscard]] std::size_t unsent() const;
  /// Forgets those: a device that stopped the line must not keep whoever closes the port.
  void drop_unsent() const;

  /// For poll(2).
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit SerialPort(FileDescriptor fd) : fd_(std::move(fd)) {}

  FileDescriptor fd_;
};

/// What an errno from opening `path` means, and what to do about it. Errors: kUnavailable
/// "no_device", kConflict "port_busy", kDenied "no_permission", kInvalid "not_serial", kUnavailable
/// "open_failed".
Error open_error(const std::string& path, int error_number);

/// kUnavailable "device_gone": the port was open and is no more.
Error gone_error();

}  // namespace cairn::devices
