#pragma once
// Port of every receipt printer driver, whatever the wire, with the cash drawer that hangs on it. A
// driver runs on its own thread and calls the sink from there; the sink copies, posts to the core
// loop and returns at once.

#include "core/base/result.h"
#include "device-drivers/api/printer.h"
#include "device-drivers/escpos/receipt_page.h"

#include <string>

namespace cairn::devices {

struct ReceiptJob {
  std::string id;  ///< the caller's name for it
  ReceiptPage page;
};

/// Destruction stops the thread; a job under way ends as failed or unknown first, those behind it
/// as failed. No call to the sink comes after it.
class ReceiptPrinter {
 public:
  virtual ~ReceiptPrinter() = default;
  /// Puts a receipt in the queue; it ends once, as PrintResult says. Any thread. Errors:
  /// kUnavailable "printer_busy" (the queue is full: nothing was printed).
  virtual Result<> print(ReceiptJob job) = 0;
  /// Puts an impulse for the drawer in the queue; it ends as a receipt does, done meaning that the
  /// printer gave the impulse. If the drawer was opened just before its turn it fails: another
  /// impulse so soon would burn its coil. Any thread. Errors: kUnavailable "printer_busy".
  virtual Result<> open_drawer(std::string id) = 0;
};

}  // namespace cairn::devices
