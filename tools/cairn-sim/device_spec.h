#pragma once
// Devices as they are typed on the command line: "name=where,setting,setting=value". Pure.

#include "core/base/result.h"
#include "tools/cairn-sim/usb/virtual_usb_printer.h"
#include "tools/cairn-sim/usb/virtual_usb_scale.h"
#include "tools/cairn-sim/usb/virtual_usb_scanner.h"
#include "tools/cairn-sim/usb/virtual_wedge_scanner.h"
#include "tools/cairn-sim/virtual_printer.h"
#include "tools/cairn-sim/virtual_scale.h"
#include "tools/cairn-sim/virtual_scanner.h"
#include "tools/cairn-sim/virtual_serial_printer.h"

#include <string>
#include <string_view>

namespace cairn::simulator {

/// A scanner, setting by setting.
struct ScannerArguments {
  std::string name;  ///< empty: the link's last part
  std::string link;
  std::string suffix = "cr";
  bool aim = false;
  std::string baud;  ///< empty: at once
};
/// Errors: kInvalid "bad_scanner".
Result<VirtualScannerConfig> check_scanner(const ScannerArguments& typed);

/// "name=DIR/link[,suffix=cr|lf|crlf][,aim][,baud=9600]". Errors: kInvalid "bad_scanner".
Result<VirtualScannerConfig> parse_scanner(std::string_view text);

/// "name=DIR/link[,protocol=toledo][,settle=300][,parity]". Errors: kInvalid "bad_scale".
Result<VirtualScaleConfig> parse_scale(std::string_view text);

/// "name=127.0.0.1:9100[,language=zpl|epl|escpos][,print_ms=300]". Errors: kInvalid "bad_printer".
Result<VirtualPrinterConfig> parse_printer(std::string_view text);

/// The place of a spec is a path: "name=DIR/link".
bool is_path(std::string_view text);

/// "name=DIR/link[,language=zpl|epl|escpos][,print_ms=300]". Errors: kInvalid "bad_printer".
Result<VirtualSerialPrinterConfig> parse_serial_printer(std::string_view text);

/// The place of a spec is that of a USB device: "name=usb:…".
bool is_usb(std::string_view text);

// "name=usb:0c2e:0b61[:SERIAL][,port=1-1]" and what its kind has, too: "aim", "settle=300",
// "language=zpl|epl|escpos", "commands=ZPL", "print_ms=300". The bed is not set yet. Errors:
// kInvalid "bad_scanner", "bad_scale", "bad_printer".
Result<VirtualUsbScannerConfig> parse_usb_scanner(std::string_view text);
Result<VirtualUsbScaleConfig> parse_usb_scale(std::string_view text);
Result<VirtualUsbPrinterConfig> parse_usb_printer(std::string_view text);

/// The place of a spec is that of a keyboard: "name=evdev:…".
bool is_keyboard(std::string_view text);

/// "name=evdev:05e0:1200[:SERIAL][,port=1-1][,layout=us][,suffix=enter|tab][,aim][,alt][,f8]
/// [,knob]". The bed is not set yet. Errors: kInvalid "bad_scanner".
Result<VirtualWedgeScannerConfig> parse_wedge_scanner(std::string_view text);

/// An IPv4 address of this machine's own, which nobody else reaches, and a port; "localhost" is
/// one. Errors: kInvalid "not_loopback", "bad_endpoint".
Result<Endpoint> parse_loopback(std::string_view text);

}  // namespace cairn::simulator
