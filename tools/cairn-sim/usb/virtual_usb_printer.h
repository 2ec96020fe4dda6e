#pragma once
// A label or receipt printer of the USB printer class that exists only as its wire: it prints and
// answers as the one on the network does, and its port has a status. Any thread.

#include "tools/cairn-sim/print_engine.h"
#include "tools/cairn-sim/usb/usb_played.h"
#include "tools/cairn-sim/wake_event.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace cairn::simulator {

struct VirtualUsbPrinterConfig {
  UsbPlace place;
  Duration print_time = std::chrono::milliseconds(300);
  PrinterLanguage language = PrinterLanguage::kZpl;
  std::string command_set;  ///< that its device id lists; empty: its language
};

class VirtualUsbPrinter final : private UsbFunction, public UsbPlayed, public PrintEngine {
 public:
  /// The clock must outlive the printer.
  VirtualUsbPrinter(const VirtualUsbPrinterConfig& config, const Clock& clock);
  ~VirtualUsbPrinter() override;

  void tell_state(json::Value& into) const override;
  [[nodiscard]] Counts counts() const override { return count(wire().is_open()); }

 private:
  void changed() override { wake_.wake(); }
  /// "mute" and "none"; the rest is of networks.
  [[nodiscard]] Result<> check(const PrinterFault& fault) const override;
  std::optional<Bytes> control(const UsbSetup& setup, BytesView out) override;
  std::vector<Bytes> take(BytesView octets) override;
  void power_off() override { PrintEngine::power_off(); }
  /// Says what it owes when it has printed.
  void serve();

  const std::string command_set_;
  const Clock& clock_;
  std::atomic<std::uint64_t> soft_resets_ = 0;
  const WakeEvent wake_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace cairn::simulator
