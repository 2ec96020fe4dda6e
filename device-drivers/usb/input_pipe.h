#pragma once
// Everything that an endpoint sends, in order, for as long as the pipe lives: several transfers are
// always under way, so that nothing waits in the device for somebody to ask. One thread; libusb's
// thread puts in what arrives.

#include "device-drivers/usb/usb_device.h"
#include "device-drivers/wire/waker.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

struct libusb_transfer;

namespace cairn::devices::usb {

class InputPipe {
 public:
  /// at_once: octets of the longest message. The waker is woken when something has arrived; it and
  /// the device outlive the pipe.
  InputPipe(const Device& device, const Endpoint& endpoint, std::size_t at_once,
            const Waker& waker);
  InputPipe(const InputPipe&) = delete;
  InputPipe& operator=(const InputPipe&) = delete;
  /// Takes the transfers back and waits until libusb has let go of them.
  ~InputPipe();

  /// A message, or what went wrong in its place: "device_overflow" (it was longer than the device
  /// had said, and is lost), else usb_error(), after which the pipe ends.
  using Arrival = Result<Bytes>;
  /// What has arrived since the last call. Never waits.
  std::vector<Arrival> take();
  /// Nothing more will come: a new pipe is needed, or a new device.
  [[nodiscard]] bool has_ended() const;

 private:
  struct Slot;
  static void ended(libusb_transfer* transfer);
  void put(Slot& slot);
  void submit(Slot& slot);

  /// What nobody takes is dropped, the oldest first.
  static constexpr std::size_t kWaitingMost = 4096;

  const Waker& waker_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable came_back_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::size_t under_way_ = 0;
  bool closing_ = false;
  std::deque<Arrival> waiting_;
};

}  // namespace cairn::devices::usb
