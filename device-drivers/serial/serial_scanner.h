#pragma once
// Driver of barcode scanners that speak lines of text over a serial port (RS-232, USB-COM/CDC,
// Bluetooth SPP): code, then CR, LF or both. Its thread opens the port, reports scans as they
// arrive and, when the device goes away, waits for it to come back under the same path.

#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/api/scanner.h"
#include "device-drivers/serial/file_descriptor.h"
#include "device-drivers/serial/line_framer.h"
#include "device-drivers/serial/serial_port.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

namespace cairn::devices {

struct SerialScannerConfig {
  std::string name;
  std::string path;
  std::uint32_t baud = 9600;
  SerialMode mode = SerialMode::k8N1;
};

/// The first call to the sink is on_state: online, or offline with the reason. Offline is reported
/// again only when the reason changes. Settings that cannot work show as such a reason.
class SerialScanner final : public Scanner {
 public:
  /// Starts the thread. The sink and the clock must outlive the scanner.
  SerialScanner(SerialScannerConfig config, ScannerSink& sink, const Clock& clock);
  SerialScanner(const SerialScanner&) = delete;
  SerialScanner& operator=(const SerialScanner&) = delete;
  /// Stops within 100 ms, as long as the sink does not block.
  ~SerialScanner() override;

 private:
  struct Wake {
    bool to_stop = false;
    bool hung_up = false;
  };

  void run();
  /// Why the port was lost; nothing when the thread has to end. The port is closed either way.
  std::optional<Error> listen(SerialPort port);
  [[nodiscard]] Wake wait(int port_fd, std::optional<Duration> limit) const;
  void deliver(const LineFramer::Read& read, MonoTime at);
  void report(DeviceState state, const std::string& detail);

  static constexpr Duration kFirstRetry = std::chrono::milliseconds(100);

  const SerialScannerConfig config_;
  ScannerSink& sink_;
  const Clock& clock_;
  const FileDescriptor stop_;  // an eventfd, readable once the thread has to end
  std::optional<StateChange> reported_;
  Duration retry_ = kFirstRetry;  // grows while the device stays away
  std::thread thread_;            // last: it uses everything above
};

}  // namespace cairn::devices
