#pragma once
// A label printer of the USB printer class that exists only as its wire: it takes ZPL, prints and
// answers ~HS as the one on the network does. Any thread.

#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/usb/usb_played.h"
#include "tools/cairn-sim/zpl_intake.h"

#include <chrono>
#include <functional>
#include <mutex>

namespace cairn::simulator {

struct VirtualUsbPrinterConfig {
  UsbPlace place;
  Duration print_time = std::chrono::milliseconds(300);
};

class VirtualUsbPrinter final : private UsbFunction, public UsbPlayed, public PlayedPrinter {
 public:
  /// The clock must outlive the printer.
  VirtualUsbPrinter(const VirtualUsbPrinterConfig& config, const Clock& clock);
  ~VirtualUsbPrinter() override;

  void tell_state(json::Value& into) const override;

  void set_paper(bool in) override;
  void set_lid(bool open) override;
  void set_ribbon(bool in) override;
  void set_paused(bool on) override;
  /// "mute" and "none"; the rest is of networks.
  Result<> set_fault(const PrinterFault& fault) override;
  [[nodiscard]] Counts counts() const override;
  [[nodiscard]] std::vector<PrinterMechanism::Label> labels() const override;
  [[nodiscard]] Result<std::string> label(std::uint64_t number) const override;

 private:
  std::optional<Bytes> control(const UsbSetup& setup, BytesView out) override;
  std::vector<Bytes> take(BytesView octets) override;
  void power_off() override;
  void change(const std::function<void(PrinterMechanism::Obstacles&)>& how);
  /// Prints what is due by now.
  PrinterMechanism& up_to_date() const;

  const Clock& clock_;
  mutable std::mutex printing_;  // guards what follows
  mutable PrinterMechanism mechanism_;
  ZplIntake intake_;
  bool mute_ = false;
  std::uint64_t soft_resets_ = 0;
};

}  // namespace cairn::simulator
