#pragma once
// A barcode scanner in HID POS mode that exists only as its USB wire. Any thread.

#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/usb/usb_played.h"

#include <deque>
#include <mutex>
#include <string>

namespace cairn::simulator {

struct VirtualUsbScannerConfig {
  UsbPlace place;
  bool aim = false;  ///< its reports have AIM identifiers
};

class VirtualUsbScanner final : private UsbFunction, public UsbPlayed, public PlayedScanner {
 public:
  /// The clock must outlive the scanner.
  VirtualUsbScanner(const VirtualUsbScannerConfig& config, const Clock& clock);
  ~VirtualUsbScanner() override;

  void tell_state(json::Value& into) const override;

  /// What it returns is identifier and code, as the driver is to put them together.
  Result<Bytes> scan(const Label& label) override;
  /// One report as it is.
  Result<> send(BytesView octets) override;

 private:
  std::optional<Bytes> control(const UsbSetup& setup, BytesView out) override;
  std::vector<Bytes> take(BytesView) override { return {}; }
  void note(BytesView sent);

  const bool aim_;
  mutable std::mutex mutex_;  // guards what follows
  std::deque<std::string> recent_;
};

}  // namespace cairn::simulator
