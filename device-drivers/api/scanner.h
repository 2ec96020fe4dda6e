#pragma once
// Port of every scanner driver, whatever the wire. A driver runs on its own thread and calls the
// sink from there; the sink copies, posts to the core loop and returns at once.

#include "core/base/time.h"
#include "device-drivers/api/device.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::devices {

/// One complete read, exactly as the device sent it without its suffix: 1 to Barcode::kMaxSize
/// octets.
struct Scan {
  std::string device;  ///< the configured name
  std::string sent;    ///< with the AIM identifier, if the device sends one
  MonoTime at;         ///< when its last octet arrived
  /// Whether `sent` begins with an AIM identifier; nothing: the wire does not say, it is as the
  /// device is configured.
  std::optional<bool> aim = std::nullopt;
};

/// A read that is no scan. Nothing of it is used; the person is told to scan again.
struct FailedRead {
  enum class Reason : std::uint8_t {
    kTooLong,     ///< more than Barcode::kMaxSize octets before the suffix
    kIncomplete,  ///< octets are missing: the line went quiet or the device went away before the
                  ///< suffix, or the line damaged one
  };
  std::string device;
  Reason reason = Reason::kIncomplete;
  MonoTime at;
};

/// Called on the driver's thread, in order, never concurrently for one device.
class ScannerSink {
 public:
  virtual ~ScannerSink() = default;
  virtual void on_scan(Scan scan) = 0;
  virtual void on_failed_read(FailedRead read) = 0;
  virtual void on_state(StateChange change) = 0;
};

/// Destruction stops the thread and closes the device; no call to the sink comes after it.
class Scanner {
 public:
  virtual ~Scanner() = default;
};

}  // namespace cairn::devices
