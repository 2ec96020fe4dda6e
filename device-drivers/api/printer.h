#pragma once
// Port of every printer driver, whatever the wire. A driver runs on its own thread and calls the
// sink from there; the sink copies, posts to the core loop and returns at once.

#include "core/base/result.h"
#include "device-drivers/api/device.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::devices {

/// What is on the label of a parcel: plain text and numbers; the driver knows the printer's
/// language.
struct ParcelLabel {
  std::string sender;     ///< the site's name
  std::string reference;  ///< of the order
  std::string weight;     ///< "1.250 kg"
  std::string sscc;       ///< 18 digits
  std::string tracking;   ///< 2 to 30 capital letters and digits
};

struct PrintJob {
  std::string id;  ///< the caller's name for it
  ParcelLabel label;
};

/// How a job ended; each job ends once.
struct PrintResult {
  enum class Outcome : std::uint8_t {
    kDone,     ///< the printer says that it has printed it
    kFailed,   ///< nothing of the label was sent: it may be printed again
    kUnknown,  ///< the printer took octets of the label and did not say that it is done: a person
               ///< has to look. Never sent again by itself
  };
  std::string device;
  std::string job;
  Outcome outcome = Outcome::kUnknown;
  std::string detail;  ///< a sentence for a person: why it is not done
};

/// "done", "failed", "unknown".
std::string_view name_of(PrintResult::Outcome outcome);

/// Called on the driver's thread, in order, never concurrently for one device.
class PrinterSink {
 public:
  virtual ~PrinterSink() = default;
  virtual void on_printed(PrintResult result) = 0;
  virtual void on_state(StateChange change) = 0;
};

/// Destruction stops the thread; a job under way ends as failed or unknown first, those behind it
/// as failed. No call to the sink comes after it.
class Printer {
 public:
  virtual ~Printer() = default;
  /// Puts a job in the queue. Any thread. Errors: kUnavailable "printer_busy" (the queue is full:
  /// nothing was printed).
  virtual Result<> print(PrintJob job) = 0;
};

}  // namespace cairn::devices
