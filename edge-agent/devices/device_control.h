#pragma once
// Looking after one device while the agent works: claimed, released, tested (UnifiedPOS: Claim,
// Release, CheckHealth). Any thread but the loop; each call waits for its end.

#include "core/base/env.h"
#include "edge-agent/devices/device_board.h"
#include "edge-agent/devices/printer_desk.h"
#include "edge-agent/devices/receipt_desk.h"
#include "edge-agent/devices/scale_desk.h"
#include "edge-agent/devices/scanner_desk.h"

#include <mutex>
#include <optional>
#include <string>

namespace cairn::agent {

/// How a test ended.
struct DeviceTest {
  bool passed = false;
  std::string said;  ///< a sentence for a person: what the device did, or what to do about it
  std::optional<Barcode> read;                   ///< a scanner's
  std::optional<devices::WeightReading> weight;  ///< a scale's
};

class DeviceControl {
 public:
  /// All references outlive the control.
  DeviceControl(DeviceBoard& board, Env env, ScannerDesk& scanners, ScaleDesk& scales,
                PrinterDesk& printers, ReceiptDesk& receipts);

  /// Gives the device back to the system: its driver ends, what it has in hand ends first, as
  /// failed or unknown, and all work with it is refused ("device_released") until it is claimed or
  /// the agent starts again. Released already: nothing changes. `by` goes to the log.
  /// Errors: kNotFound "no_such_device".
  Result<DeviceBoard::Status> release(const std::string& device, UserId by);

  /// Takes a released device again; claimed already: nothing changes. Errors: kNotFound
  /// "no_such_device"; kUnavailable "stopping".
  Result<DeviceBoard::Status> claim(const std::string& device, UserId by);

  /// A printer prints a label or receipt that is nobody's (up to 45 s), a scale is asked for a
  /// stable weight (3 s), a scanner's next read is taken instead of being used (15 s). That it does
  /// not pass is no error. Errors: kNotFound "no_such_device"; kUnavailable "device_released";
  /// kConflict "device_in_test".
  Result<DeviceTest> test(const std::string& device, UserId by);

 private:
  /// Once everybody can see that the test began, it has: a scanner's next read is the test's.
  /// False: it is in a test already.
  bool begin_test(const devices::DeviceConfig& device);
  [[nodiscard]] Result<DeviceBoard::Status> found(const std::string& device) const;
  Result<> open(const devices::DeviceConfig& device);
  void close(const devices::DeviceConfig& device);
  /// Errors: as it did not pass.
  Result<DeviceTest> try_out(const devices::DeviceConfig& device);
  Result<DeviceTest> try_scanner(const std::string& scanner);
  Result<DeviceTest> try_scale(const std::string& scale);
  Result<DeviceTest> try_printer(const std::string& printer);
  Result<DeviceTest> try_receipt_printer(const std::string& printer);

  DeviceBoard* board_;
  Env env_;
  ScannerDesk* scanners_;
  ScaleDesk* scales_;
  PrinterDesk* printers_;
  ReceiptDesk* receipts_;
  std::mutex turns_;   ///< one device is claimed or released at a time
  std::mutex begins_;  ///< one test begins at a time
};

}  // namespace cairn::agent
