#include "device-drivers/evdev/input_device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libevdev/libevdev.h>
#include <linux/input.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <system_error>
#include <utility>

namespace cairn::devices::evdev {
namespace {

/// What goes wrong is told by the state of the device, not on standard error.
void say_nothing(const libevdev*, libevdev_log_priority, void*, const char*, int, const char*,
                 const char*, va_list) {}

Error open_error(const std::string& path, int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO:
      return {ErrorCode::kUnavailable, "no_device",
              fmt::format("no such device: is it plugged in? ({})", path)};
    case EACCES:
    case EPERM:
      return {ErrorCode::kDenied, "no_permission",
              fmt::format("permission denied: install the udev rules of Cairn and add the service "
                          "user to group cairn-usb ({})",
                          path)};
    default:
      return {ErrorCode::kUnavailable, "open_failed",
              fmt::format("cannot open it: {} ({})", std::generic_category().message(error_number),
                          path)};
  }
}

Error no_keyboard(const std::string& path) {
  return {ErrorCode::kInvalid, "no_keyboard",
          fmt::format("it is no keyboard: set the scanner to keyboard mode ({})", path)};
}

/// Not the volume knob that some scanners have as a second device.
bool can_type(const libevdev* device) {
  constexpr std::array<unsigned, 4> kNeeded{KEY_1, KEY_0, KEY_A, KEY_ENTER};
  for (const unsigned code : kNeeded) {
    if (::libevdev_has_event_code(device, EV_KEY, code) == 0) return false;
  }
  return true;
}

}  // namespace

void InputDevice::Free::operator()(libevdev* device) const { ::libevdev_free(device); }

Result<InputDevice> InputDevice::open(const std::string& path) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!fd.is_open()) return fail(open_error(path, errno));
  libevdev* const made = ::libevdev_new();
  if (made == nullptr) return fail(open_error(path, ENOMEM));
  InputDevice device(std::move(fd), made);
  ::libevdev_set_device_log_function(made, &say_nothing, LIBEVDEV_LOG_ERROR, nullptr);
  const int code = ::libevdev_set_fd(made, device.fd());
  if (code == -ENOTTY || code == -EINVAL) return fail(no_keyboard(path));
  if (code < 0) return fail(open_error(path, -code));
  if (!can_type(made)) return fail(no_keyboard(path));
  return device;
}

InputDevice::~InputDevice() {
  if (device_ != nullptr) ::libevdev_grab(device_.get(), LIBEVDEV_UNGRAB);
}

Result<> InputDevice::grab() {
  const int code = ::libevdev_grab(device_.get(), LIBEVDEV_GRAB);
  if (code == -EBUSY) {
    return fail(ErrorCode::kConflict, "device_busy", "another program holds it");
  }
  if (code < 0) return fail(input_gone_error());
  return {};
}

Result<std::optional<InputDevice::Arrival>> InputDevice::next() {
  while (true) {
    input_event event{};
    const int code = ::libevdev_next_event(
        device_.get(), catching_up_ ? LIBEVDEV_READ_FLAG_SYNC : LIBEVDEV_READ_FLAG_NORMAL, &event);
    if (code == -EAGAIN) {
      if (!std::exchange(catching_up_, false)) return std::nullopt;
      continue;
    }
    if (code < 0) return fail(input_gone_error());
    if (code == LIBEVDEV_READ_STATUS_SYNC && !std::exchange(catching_up_, true)) {
      return Arrival{Arrival::Kind::kLost, {}};
    }
    if (event.type != EV_KEY) continue;
    const auto kind = catching_up_ ? Arrival::Kind::kState : Arrival::Kind::kKey;
    return Arrival{kind, {event.code, event.value}};
  }
}

bool InputDevice::any_key_down() const {
  for (unsigned code = 0; code < KEY_CNT; ++code) {
    if (::libevdev_get_event_value(device_.get(), EV_KEY, code) != 0) return true;
  }
  return false;
}

Error input_gone_error() {
  return {ErrorCode::kUnavailable, "device_gone", "the device went away: was it unplugged?"};
}

}  // namespace cairn::devices::evdev
