#pragma once
// The command line: which devices to play. The argument library is known to options.cpp only.

#include "core/base/endpoint.h"
#include "core/base/result.h"
#include "tools/cairn-sim/usb/virtual_usb_printer.h"
#include "tools/cairn-sim/usb/virtual_usb_scale.h"
#include "tools/cairn-sim/usb/virtual_usb_scanner.h"
#include "tools/cairn-sim/usb/virtual_wedge_scanner.h"
#include "tools/cairn-sim/virtual_printer.h"
#include "tools/cairn-sim/virtual_scale.h"
#include "tools/cairn-sim/virtual_scanner.h"
#include "tools/cairn-sim/virtual_serial_printer.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cairn::simulator {

/// At least one device; names and links are unique over all of them.
struct Options {
  std::vector<VirtualScannerConfig> scanners;
  std::vector<VirtualScaleConfig> scales;
  std::vector<VirtualPrinterConfig> printers;
  std::vector<VirtualSerialPrinterConfig> serial_printers;
  std::vector<VirtualUsbScannerConfig> usb_scanners;
  std::vector<VirtualWedgeScannerConfig> wedge_scanners;
  std::vector<VirtualUsbScaleConfig> usb_scales;
  std::vector<VirtualUsbPrinterConfig> usb_printers;
  std::optional<Endpoint> bench;  ///< where the page is served; nothing: there is none
  std::string pages;              ///< folder of the built pages; empty: where they are installed
};

/// The program is to end with this exit code: help was printed, or what is wrong with the
/// arguments.
enum class ExitCode : int {};

std::variant<Options, ExitCode> parse_options(int argc, const char* const* argv);

}  // namespace cairn::simulator
