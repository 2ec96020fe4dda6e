#pragma once
// An open USB device and the interface of it that is ours. Every transfer has a deadline, ends
// early when the driver's thread is woken to stop, and is over when the call returns: libusb holds
// nothing of it any more. One thread.

#include "core/base/bytes.h"
#include "core/base/time.h"
#include "device-drivers/usb/usb_bus.h"
#include "device-drivers/wire/waker.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::usb {

/// Base classes of interfaces (usb.org, "Defined Class Codes").
constexpr std::uint8_t kHidClass = 3;
constexpr std::uint8_t kPrinterClass = 7;

struct Endpoint {
  enum class Kind : std::uint8_t { kControl, kIsochronous, kBulk, kInterrupt };
  std::uint8_t address = 0;  ///< bit 7: towards the host
  Kind kind = Kind::kControl;
  std::uint16_t packet = 0;  ///< octets of its longest packet
  [[nodiscard]] bool is_in() const { return (address & 0x80U) != 0; }
};

/// One alternate setting of one interface (USB 2.0, 9.6.5).
struct Interface {
  std::uint8_t number = 0;
  std::uint8_t alternate = 0;
  std::uint8_t base_class = 0;
  std::uint8_t sub_class = 0;
  std::uint8_t protocol = 0;
  std::vector<Endpoint> endpoints;
  std::string class_descriptor;  ///< what the class has added behind it

  /// Null: it has none.
  [[nodiscard]] const Endpoint* find(Endpoint::Kind kind, bool in) const;
};

/// The set-up packet of a control transfer (USB 2.0, 9.3), without its length.
struct Request {
  std::uint8_t type = 0;
  std::uint8_t request = 0;
  std::uint16_t value = 0;
  std::uint16_t index = 0;
};

/// Until when a transfer may take, and what ends it before.
struct Limit {
  MonoTime until;
  const Waker& stop;
  const Clock& clock;
};

class Device {
 public:
  /// Errors: those of Bus::shared() and Bus::open().
  static Result<Device> open(const Address& address);
  Device(Device&&) = default;
  Device& operator=(Device&&) = delete;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  /// Releases what was claimed: closing alone would leave it without its driver.
  ~Device();

  [[nodiscard]] const Identity& identity() const { return opened_.identity; }
  /// Of the active configuration. Errors: usb_error().
  [[nodiscard]] Result<std::vector<Interface>> interfaces() const;

  /// Takes an interface from the driver of the kernel, which gets it back at release() or at the
  /// end. Errors: usb_error(), "device_busy" if another program has it.
  Result<> claim(const Interface& interface);
  void release(const Interface& interface);

  /// What the device sends, at most so many octets. Errors: usb_error(), "stopped".
  Result<Bytes> control_in(const Request& request, std::uint16_t most, const Limit& limit);
  Result<> control_out(const Request& request, BytesView data, const Limit& limit);

  struct Sent {
    std::size_t octets = 0;  ///< that the device took, as far as the host knows
    std::optional<Error> problem;
    bool in_doubt = false;  ///< it may have taken more: it went away or failed in the middle
  };
  /// Errors: usb_error() ("no_answer": it took no more until then), "stopped".
  Sent bulk_out(const Endpoint& endpoint, BytesView octets, const Limit& limit);

  /// Errors: usb_error().
  Result<> clear_halt(const Endpoint& endpoint);
  /// As if it had been plugged in anew. Errors: usb_error(); "device_gone": it has to be opened
  /// again.
  Result<> reset();

  [[nodiscard]] libusb_device_handle* handle() const { return opened_.handle.get(); }

 private:
  Device(std::shared_ptr<Bus> bus, OpenedDevice opened)
      : bus_(std::move(bus)), opened_(std::move(opened)) {}

  std::shared_ptr<Bus> bus_;  // outlives the handle
  OpenedDevice opened_;
  std::vector<std::uint8_t> claimed_;
};

}  // namespace cairn::devices::usb
