#pragma once
// Driver of barcode scanners in keyboard mode ("wedges"). They are taken from the screen: what they
// read is a scan of a known device, never text in whatever has the focus.

#include "device-drivers/api/scanner.h"
#include "device-drivers/evdev/input_address.h"
#include "device-drivers/evdev/input_device.h"
#include "device-drivers/evdev/input_nodes.h"
#include "device-drivers/evdev/keystroke_reader.h"
#include "device-drivers/usb/back_off.h"
#include "device-drivers/wire/state_news.h"
#include "device-drivers/wire/waker.h"

#include <atomic>
#include <optional>
#include <string>
#include <thread>

namespace cairn::devices::evdev {

struct KeyboardScannerConfig {
  std::string name;
  InputAddress address;
};

/// The first report is online, or offline with the reason. Offline is reported again only when the
/// reason changes.
class KeyboardScanner final : public Scanner {
 public:
  /// Starts the thread. The sink and the clock must outlive the scanner.
  KeyboardScanner(KeyboardScannerConfig config, KeyDecoder decoder, ScannerSink& sink,
                  const Clock& clock);
  KeyboardScanner(const KeyboardScanner&) = delete;
  KeyboardScanner& operator=(const KeyboardScanner&) = delete;
  /// Stops within 100 ms, as long as the sink does not block.
  ~KeyboardScanner() override;

 private:
  void run();
  /// Taken. Errors: why it cannot be used.
  Result<InputDevice> open(const InputNodes& nodes);
  Result<> take(InputDevice& device);
  /// Drops what was typed before and right after it was taken.
  Result<> settle(InputDevice& device);
  /// Until the thread has to end (nothing) or the device is lost (why).
  std::optional<Error> serve(InputDevice& device);
  Result<> read(InputDevice& device);
  void handle(const InputDevice::Arrival& arrival, MonoTime now);
  void fail_read(std::optional<FailedRead::Reason> why, MonoTime at);
  void report(DeviceState state, const std::string& detail);

  const KeyboardScannerConfig config_;
  ScannerSink& sink_;
  const Clock& clock_;
  KeystrokeReader reader_;
  const Waker waker_;
  std::atomic<bool> stopping_ = false;
  bool settling_ = false;  // reads do not count yet
  StateNews news_;
  usb::BackOff back_off_;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace cairn::devices::evdev
