#pragma once
// The wire of a virtual USB device: what the kernel's usbfs is to the programs that have it open.
// It takes their transfers (URBs), completes them when the device has something or takes something,
// and misbehaves when told to. Any thread; umockdev's thread brings the calls of the programs.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "tools/cairn-sim/usb/usb_bed.h"
#include "tools/cairn-sim/usb/usb_descriptors.h"
#include "tools/cairn-sim/usb/usb_fault.h"
#include "tools/cairn-sim/usb/usb_function.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cairn::simulator {

class UsbNode;

class UsbWire {
 public:
  /// The function and the clock must outlive the wire.
  UsbWire(std::shared_ptr<UsbBed> bed, UsbDescription device, UsbFunction& function,
          const Clock& clock);
  UsbWire(const UsbWire&) = delete;
  UsbWire& operator=(const UsbWire&) = delete;
  ~UsbWire();

  /// Under a number it never had before. Errors: kUnavailable "no_usb_device".
  Result<> plug();
  /// Every transfer that is under way is cut off.
  void unplug();
  [[nodiscard]] bool is_plugged() const;
  /// Some program has claimed its interface.
  [[nodiscard]] bool is_open() const;

  /// The device says something: messages of its endpoint towards the host, each for one transfer.
  void send(const std::vector<Bytes>& messages);
  /// The same of a device that remembers only its newest message.
  void say(Bytes message);
  void set_fault(const UsbFault& fault);
  [[nodiscard]] UsbFault fault() const;

  [[nodiscard]] const UsbDescription& device() const { return device_; }
  [[nodiscard]] const std::string& bed_dir() const { return bed_->dir(); }

 private:
  friend class UsbNode;
  struct Late {
    MonoTime due;
    Bytes message;
  };

  void serve();
  /// The rest of an unplug. Under plugging_.
  void finish_unplug();

  // For the node, under the lock.
  /// Octets of the host's for the device.
  void give(BytesView octets);
  void queue(std::vector<Bytes> messages);
  void out_arrived();
  [[nodiscard]] bool takes_now() const;
  [[nodiscard]] bool takes_octets() const;
  void was_pulled();

  const std::shared_ptr<UsbBed> bed_;
  const UsbDescription device_;
  UsbFunction& function_;
  const Clock& clock_;
  std::mutex plugging_;       // one plug() or unplug() at a time
  mutable std::mutex mutex_;  // guards what follows, the nodes too
  std::condition_variable changed_;
  std::shared_ptr<UsbNode> node_;               // none: unplugged
  std::vector<std::shared_ptr<UsbNode>> gone_;  // a program may still have them open
  UsbFault fault_;
  Bytes last_;             // message
  std::deque<Late> late_;  // of a slow device
  MonoTime takes_from_;    // the same towards the device
  bool pulled_ = false;    // the plug was pulled in the middle of a transfer
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace cairn::simulator
