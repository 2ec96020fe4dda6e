#pragma once
// The process's one view of the USB: libusb with a thread that hears of transfers and of devices
// that come and go. It lives as long as somebody uses it. Any thread.

#include "core/base/result.h"
#include "device-drivers/usb/usb_address.h"
#include "device-drivers/wire/waker.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

struct libusb_context;
struct libusb_device;
struct libusb_device_handle;

namespace cairn::devices::usb {

/// Open; closed on destruction. All transfers have ended by then.
using Handle = std::unique_ptr<libusb_device_handle, void (*)(libusb_device_handle*)>;

struct OpenedDevice {
  Handle handle;
  Identity identity;
};

class Bus {
 public:
  /// Errors: kUnavailable "no_usb" (libusb says why).
  static Result<std::shared_ptr<Bus>> shared();

  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;
  ~Bus();

  /// All that are attached, hubs too. No serial numbers: a device has to be opened for them.
  [[nodiscard]] std::vector<Identity> attached() const;

  /// Opens the first that fits. Asks for the serial number if the address has one.
  /// Errors: kUnavailable "no_device", kDenied "no_permission", kUnavailable "open_failed".
  Result<OpenedDevice> open(const Address& address) const;

  /// Wakes when a device comes or goes, until it ends. The waker must outlive it.
  class Watch {
   public:
    Watch(std::shared_ptr<Bus> bus, const Waker& waker);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

   private:
    std::shared_ptr<Bus> bus_;
    const Waker& waker_;
  };

 private:
  struct Hotplug;

  explicit Bus(libusb_context* context);
  void listen();
  void wake_all();
  void serve();

  libusb_context* const context_;
  int listening_ = -1;  // libusb's number of the callback; -1: it hears of no changes
  std::mutex mutex_;    // guards watchers_
  std::set<const Waker*> watchers_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

/// What a number of libusb's means for a device, and what to do about it.
/// kUnavailable "device_gone", "device_stalled", "no_answer", "device_error", kConflict
/// "device_busy", kDenied "no_permission".
Error usb_error(int code);

/// kUnavailable "stopped": the driver's thread has to end.
Error stopped_error();

}  // namespace cairn::devices::usb
