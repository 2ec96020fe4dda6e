#include "device-drivers/serial/serial_port.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <system_error>

namespace cairn::devices {
namespace {

/// The slave side of a pty: a virtual port, e.g. of a network serial server (linux/major.h).
bool is_pty(const struct stat& info) {
  constexpr unsigned kFirstMajor = 136;
  constexpr unsigned kLastMajor = 143;
  return major(info.st_rdev) >= kFirstMajor && major(info.st_rdev) <= kLastMajor;
}

/// Keeps other programs out. The lock is advisory, but it also binds root and goes with the
/// process. The exclusive mark binds everybody else, such as a modem daemon that probes new ports;
/// a pty would keep it after a crash and then refuse us too.
bool claim(int fd, const struct stat& info) {
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return false;
  return is_pty(info) || ::ioctl(fd, TIOCEXCL) == 0;
}

/// Not read back to compare: a pty and some adapters take only part of it without harm. The C
/// library does compare, and says EINVAL when nothing changed that should have: at the second open.
bool set(int tty, const termios& settings) {
  return ::tcsetattr(tty, TCSANOW, &settings) == 0 || errno == EINVAL;
}

bool has_hung_up(int fd) {
  pollfd port{fd, POLLIN, 0};
  return ::poll(&port, 1, 0) > 0 && (port.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace

Result<SerialPort> SerialPort::open(const std::string& path, std::uint32_t baud, SerialMode mode,
                                    SerialFlow flow) {
  const auto settings = build_termios(baud, mode, flow);
  if (!settings) return fail(settings.error());
  // Looked at first, because opening alone makes some files do things.
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return fail(open_error(path, errno));
  if (!S_ISCHR(info.st_mode)) return fail(open_error(path, ENOTTY));

  SerialPort port(FileDescriptor(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)));
  if (!port.fd_.is_open()) return fail(open_error(path, errno));
  if (::isatty(port.fd()) == 0) return fail(open_error(path, errno));
  if (!claim(port.fd(), info)) return fail(open_error(path, errno));
  if (!set(port.fd(), *settings)) return fail(open_error(path, errno));
  if (::tcflush(port.fd(), TCIFLUSH) != 0) return fail(open_error(path, errno));
  // What another program made the device stop is not stopped for us.
  if (flow == SerialFlow::kXonXoff) ::tcflow(port.fd(), TCOON);
  if (has_hung_up(port.fd())) return fail(open_error(path, EIO));
  return port;
}

Result<std::string_view> SerialPort::read(std::span<char> buffer) {
  const ssize_t count = ::read(fd(), buffer.data(), buffer.size());
  if (count > 0) return std::string_view(buffer.data(), static_cast<std::size_t>(count));
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::string_view();
  return fail(gone_error());
}

Result<> SerialPort::write(std::string_view octets) {
  if (const auto taken = write_some(octets); !taken) return fail(taken.error());
  return {};
}

Result<std::size_t> SerialPort::write_some(std::string_view octets) {
  const ssize_t count = ::write(fd(), octets.data(), octets.size());
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
  return fail(gone_error());
}

std::size_t SerialPort::unsent() const {
  int count = 0;
  return ::ioctl(fd(), TIOCOUTQ, &count) == 0 && count > 0 ? static_cast<std::size_t>(count) : 0;
}

void SerialPort::drop_unsent() const { ::tcflush(fd(), TCOFLUSH); }

Error open_error(const std::string& path, int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO:
    case EIO:
      return {ErrorCode::kUnavailable, "no_device",
              fmt::format("no such device: is it plugged in? ({})", path)};
    case EBUSY:
    case EWOULDBLOCK:
      return {ErrorCode::kConflict, "port_busy",
              fmt::format("another program holds it ({})", path)};
    case EACCES:
    case EPERM:
      return {ErrorCode::kDenied, "no_permission",
              fmt::format("permission denied: add the service user to group dialout ({})", path)};
    case ENOTTY:
    case EISDIR:
    case EINVAL:
      return {ErrorCode::kInvalid, "not_serial", fmt::format("not a serial device ({})", path)};
    default:
      return {ErrorCode::kUnavailable, "open_failed",
              fmt::format("cannot open it: {} ({})", std::generic_category().message(error_number),
                          path)};
  }
}

Error gone_error() {
  return {ErrorCode::kUnavailable, "device_gone", "the device went away: was it unplugged?"};
}

}  // namespace cairn::devices
