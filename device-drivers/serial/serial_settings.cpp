#include "device-drivers/serial/serial_settings.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

namespace cairn::devices {
namespace {

constexpr std::array<std::pair<std::string_view, SerialMode>, 4> kModes{{
    {"8N1", SerialMode::k8N1},
    {"8E1", SerialMode::k8E1},
    {"7E1", SerialMode::k7E1},
    {"7O1", SerialMode::k7O1},
}};

constexpr std::array<std::pair<std::string_view, SerialFlow>, 2> kFlows{{
    {"xonxoff", SerialFlow::kXonXoff},
    {"rtscts", SerialFlow::kRtsCts},
}};
constexpr cc_t kXon = 0x11;
constexpr cc_t kXoff = 0x13;

constexpr std::array<std::pair<std::uint32_t, speed_t>, 11> kSpeeds{{
    {1200, B1200},
    {2400, B2400},
    {4800, B4800},
    {9600, B9600},
    {19200, B19200},
    {38400, B38400},
    {57600, B57600},
    {115200, B115200},
    {230400, B230400},
    {460800, B460800},
    {921600, B921600},
}};

/// "a, b, c": the first column of a table, for the sentence that says what would have been right.
template <class Table>
std::string known(const Table& table) {
  std::string names;
  for (const auto& [name, value] : table) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  }
  return names;
}

Result<speed_t> speed_of(std::uint32_t baud) {
  for (const auto& [number, speed] : kSpeeds) {
    if (number == baud) return speed;
  }
  return fail(ErrorCode::kInvalid, "bad_baud",
              fmt::format("{} baud is no serial speed; known: {}", baud, known(kSpeeds)));
}

tcflag_t shape(SerialMode mode) {
  switch (mode) {
    case SerialMode::k8N1:
      return CS8;
    case SerialMode::k8E1:
      return CS8 | PARENB;
    case SerialMode::k7E1:
      return CS7 | PARENB;
    case SerialMode::k7O1:
      return CS7 | PARENB | PARODD;
  }
  return CS8;
}

}  // namespace

Result<SerialMode> parse_serial_mode(std::string_view text) {
  for (const auto& [name, mode] : kModes) {
    if (name == text) return mode;
  }
  return fail(ErrorCode::kInvalid, "bad_mode",
              fmt::format("\"{}\" is no serial mode; known: {}", text, known(kModes)));
}

Result<SerialFlow> parse_serial_flow(std::string_view text) {
  for (const auto& [name, flow] : kFlows) {
    if (name == text) return flow;
  }
  return fail(ErrorCode::kInvalid, "bad_flow",
              fmt::format("\"{}\" is no flow control; known: {}", text, known(kFlows)));
}

Result<> check_baud(std::uint32_t baud) {
  const auto speed = speed_of(baud);
  if (!speed) return fail(speed.error());
  return {};
}

Result<termios> build_termios(std::uint32_t baud, SerialMode mode, SerialFlow flow) {
  const auto speed = speed_of(baud);
  if (!speed) return fail(speed.error());
  termios settings{};
  // CLOCAL: three-wire cables carry no carrier. HUPCL: a scanner that watches DTR can tell its user
  // when nobody listens.
  settings.c_cflag = CREAD | CLOCAL | HUPCL | shape(mode);
  // A break is no data. With INPCK and no IGNPAR a damaged octet arrives as NUL: see LineFramer.
  settings.c_iflag = IGNBRK;
  if ((settings.c_cflag & PARENB) != 0) settings.c_iflag |= INPCK;
  // Adapters that know only 8 bits hand over the parity as the eighth.
  if ((settings.c_cflag & CSIZE) == CS7) settings.c_iflag |= ISTRIP;
  if (flow != SerialFlow::kNone) settings.c_cflag &= ~static_cast<tcflag_t>(HUPCL);
  if (flow == SerialFlow::kRtsCts) settings.c_cflag |= CRTSCTS;
  if (flow == SerialFlow::kXonXoff) {
    settings.c_iflag |= IXON;
    settings.c_cc[VSTART] = kXon;
    settings.c_cc[VSTOP] = kXoff;
  }
  // VMIN 1: "nothing there" is EAGAIN and read() == 0 can only mean that the device is gone.
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  ::cfsetispeed(&settings, *speed);
  ::cfsetospeed(&settings, *speed);
  return settings;
}

}  // namespace cairn::devices
