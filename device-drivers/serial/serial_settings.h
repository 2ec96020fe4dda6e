#pragma once
// How the octets travel on a serial line: speed and shape. Pure, so that the settings are proved by
// tests: a pty forces 8 data bits without parity and would hide a mistake. Any thread.

#include "core/base/result.h"

#include <termios.h>

#include <cstdint>
#include <string_view>

namespace cairn::devices {

/// Data bits, parity (None, Even, Odd), stop bits.
enum class SerialMode : std::uint8_t { k8N1, k8E1, k7E1, k7O1 };

/// How the device makes us wait. kXonXoff: it sends XOFF and XON, which never arrive as data;
/// harmless with one that does not. kRtsCts: by a wire, which must be there.
enum class SerialFlow : std::uint8_t { kNone, kXonXoff, kRtsCts };

/// "8N1", "8E1", "7E1", "7O1". Errors: kInvalid "bad_mode".
Result<SerialMode> parse_serial_mode(std::string_view text);

/// "xonxoff", "rtscts". Errors: kInvalid "bad_flow".
Result<SerialFlow> parse_serial_flow(std::string_view text);

/// The usual steps from 1200 to 921600. Errors: kInvalid "bad_baud".
Result<> check_baud(std::uint32_t baud);

/// Raw input at `baud`: octets as they come, no echo, no signals. With flow control, as printers
/// have it, the lines stay as they are when the port is closed: some printers take that for a
/// reset. Errors: those of check_baud().
Result<termios> build_termios(std::uint32_t baud, SerialMode mode,
                              SerialFlow flow = SerialFlow::kNone);

}  // namespace cairn::devices
