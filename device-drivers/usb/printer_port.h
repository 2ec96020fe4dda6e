#pragma once
// A printer of the USB printer class (base class 7, Device Class Definition for Printing Devices
// 1.1) as a connection for octets. The device stays ours between two connections: whoever gives it
// back after each label fights with the kernel's driver for it.

#include "device-drivers/usb/input_pipe.h"
#include "device-drivers/usb/usb_device.h"
#include "device-drivers/wire/byte_connection.h"

#include <memory>
#include <optional>
#include <vector>

namespace cairn::devices::usb {

/// The alternate setting to use: one that talks back (protocol 2), else one that only listens (1).
/// IEEE 1284.4 (3) and IPP (4) are other wires. Null: it is no printer. Pure.
const Interface* choose_printer(const std::vector<Interface>& interfaces);

class PrinterPort final : public Connector {
 public:
  /// `language`: what is sent there, as a printer lists it in its device id ("ZPL"); empty:
  /// printers of that kind list theirs under too many names.
  explicit PrinterPort(Address address, std::string language = {});
  ~PrinterPort() override;

  /// Errors: those of Device::open(), kInvalid "no_printer", "other_language" (it says that it does
  /// not speak that language), and those of a claim.
  Result<std::unique_ptr<ByteConnection>> connect(MonoTime until, const Waker& waker,
                                                  const Clock& clock) override;
  void watch(const Waker& waker) override;
  bool has_changed() override;
  [[nodiscard]] bool is_one_line() const override { return true; }

 private:
  class Connection;
  struct Opened;

  Result<> open(const Waker& waker, const Clock& clock);
  [[nodiscard]] bool is_present() const;

  const Address address_;
  const std::string language_;
  std::shared_ptr<Bus> bus_;
  std::optional<Bus::Watch> watch_;
  bool present_ = false;
  std::unique_ptr<Opened> opened_;  // none: not open, or it failed
};

}  // namespace cairn::devices::usb
