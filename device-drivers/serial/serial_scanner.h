#pragma once
// Driver of barcode scanners that speak lines of text over a serial port (RS-232, USB-COM/CDC,
// Bluetooth SPP): code, then CR, LF or both.

#include "device-drivers/api/scanner.h"
#include "device-drivers/serial/line_framer.h"
#include "device-drivers/serial/serial_link.h"

namespace cairn::devices {

class SerialScanner final : public Scanner, private SerialSession {
 public:
  /// Starts the thread. The sink and the clock must outlive the scanner.
  SerialScanner(SerialLinkConfig config, ScannerSink& sink, const Clock& clock);

 private:
  bool opened(MonoTime now) override;
  void received(std::string_view octets, MonoTime now) override;
  void quiet(MonoTime now) override;
  void lost(MonoTime now) override;
  [[nodiscard]] std::optional<MonoTime> deadline() const override { return framer_.deadline(); }
  void deliver(const LineFramer::Read& read, MonoTime at);

  const std::string name_;
  ScannerSink& sink_;
  LineFramer framer_;
  SerialLink link_;  // last: its thread uses everything above
};

}  // namespace cairn::devices
