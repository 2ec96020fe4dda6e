#pragma once
// Opens devices by their configuration. The one place that knows every driver: a new one is written
// in its own folder and gets its line in registry.cpp. Any thread.

#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/api/receipt_printer.h"
#include "device-drivers/api/scale.h"
#include "device-drivers/api/scanner.h"

#include <cstdint>
#include <memory>
#include <string>

namespace cairn::devices {

/// One device of a node's configuration file.
struct DeviceConfig {
  std::string name;           ///< unique on the node, e.g. "scanner-1"
  std::string kind;           ///< "scanner", "scale", "printer", "receipt_printer"
  std::string url;            ///< how to reach it: "serial:/dev/serial/by-id/…", "usb:0c2e:0b61",
                              ///< "usb:port:1-1.2", "evdev:05e0:1200", "tcp://host:9100"
  std::string protocol = {};  ///< what it speaks there; empty: what its kind usually does
  std::uint32_t baud = 9600;  ///< serial: speed
  std::string mode = {};    ///< serial: data bits, parity, stop bits; empty: as the protocol has it
  std::string unit = "kg";  ///< scale: of the digits it sends
  std::string flow = "xonxoff";  ///< serial printers: how they make us wait
  std::string model = "epson";   ///< receipt printer: find_receipt_printer()
  int paper_mm = 80;             ///< receipt printer: 58 or 80
  bool drawer = false;           ///< receipt printer: a cash drawer hangs on it
  std::string layout = "us";     ///< evdev: of the keyboard, "de" or "de(nodeadkeys)"
};

// A device that is not there is no error: the driver waits for it. The driver calls the sink from
// its own thread; sink and clock must outlive the device. Errors of all: kInvalid "unknown_device"
// (no driver for that kind, url and protocol), "bad_device_name", "bad_device_url", "bad_baud",
// "bad_mode", "bad_unit", "bad_flow", "bad_model", "bad_layout".

Result<std::unique_ptr<Scanner>> open_scanner(const DeviceConfig& config, ScannerSink& sink,
                                              const Clock& clock);
Result<std::unique_ptr<Scale>> open_scale(const DeviceConfig& config, ScaleSink& sink,
                                          const Clock& clock);
Result<std::unique_ptr<Printer>> open_printer(const DeviceConfig& config, PrinterSink& sink,
                                              const Clock& clock);
Result<std::unique_ptr<ReceiptPrinter>> open_receipt_printer(const DeviceConfig& config,
                                                             PrinterSink& sink, const Clock& clock);

}  // namespace cairn::devices
