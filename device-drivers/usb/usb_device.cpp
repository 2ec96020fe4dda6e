#include "device-drivers/usb/usb_device.h"

#include "core/base/assert.h"

#include <algorithm>
#include <libusb.h>
#include <limits>
#include <span>
#include <thread>
#include <utility>

namespace cairn::devices::usb {
namespace {

using Config = std::unique_ptr<libusb_config_descriptor, void (*)(libusb_config_descriptor*)>;

Interface interface_of(const libusb_interface_descriptor& from) {
  Interface to{from.bInterfaceNumber,
               from.bAlternateSetting,
               from.bInterfaceClass,
               from.bInterfaceSubClass,
               from.bInterfaceProtocol,
               {},
               {}};
  for (const auto& endpoint : std::span(from.endpoint, from.bNumEndpoints)) {
    constexpr unsigned kKindBits = 3;
    to.endpoints.push_back({endpoint.bEndpointAddress,
                            static_cast<Endpoint::Kind>(endpoint.bmAttributes & kKindBits),
                            endpoint.wMaxPacketSize});
  }
  if (from.extra_length > 0) {
    to.class_descriptor.assign(from.extra, from.extra + from.extra_length);
  }
  return to;
}

/// A number of libusb's for how a transfer ended; 0: well.
int code_of(libusb_transfer_status status) {
  switch (status) {
    case LIBUSB_TRANSFER_COMPLETED:
      return 0;
    case LIBUSB_TRANSFER_CANCELLED:
    case LIBUSB_TRANSFER_TIMED_OUT:
      return LIBUSB_ERROR_TIMEOUT;
    case LIBUSB_TRANSFER_STALL:
      return LIBUSB_ERROR_PIPE;
    case LIBUSB_TRANSFER_NO_DEVICE:
      return LIBUSB_ERROR_NO_DEVICE;
    case LIBUSB_TRANSFER_OVERFLOW:
      return LIBUSB_ERROR_OVERFLOW;
    case LIBUSB_TRANSFER_ERROR:
      break;
  }
  return LIBUSB_ERROR_IO;
}

struct Outcome {
  std::size_t octets = 0;
  std::optional<Error> problem;
  bool in_doubt = false;
};

/// A transfer from its submission to the call of its callback.
class Transfer {
 public:
  Transfer() : transfer_(::libusb_alloc_transfer(0), &::libusb_free_transfer) {
    CAIRN_ASSERT(transfer_ != nullptr, "no memory left");
  }

  void fill_control(libusb_device_handle* handle, std::span<unsigned char> buffer) {
    ::libusb_fill_control_transfer(transfer_.get(), handle, buffer.data(), &ended, this, 0);
  }
  void fill_bulk(libusb_device_handle* handle, std::uint8_t endpoint,
                 std::span<unsigned char> buffer) {
    ::libusb_fill_bulk_transfer(transfer_.get(), handle, endpoint, buffer.data(),
                                static_cast<int>(buffer.size()), &ended, this, 0);
  }

  Outcome run(const Limit& limit) {
    if (const int code = ::libusb_submit_transfer(transfer_.get()); code != 0) {
      return {0, usb_error(code), false};
    }
    const bool stopped = wait(limit);
    const int code = code_of(transfer_->status);
    Outcome outcome{static_cast<std::size_t>(std::max(transfer_->actual_length, 0)), {}, false};
    if (code == 0) return outcome;
    outcome.problem = stopped ? stopped_error() : usb_error(code);
    // A transfer that was taken back says exactly how far it came; one that was cut off does not.
    outcome.in_doubt = code != LIBUSB_ERROR_TIMEOUT && code != LIBUSB_ERROR_PIPE;
    return outcome;
  }

 private:
  /// Until it has ended; true: it was told to stop before.
  bool wait(const Limit& limit) {
    bool cancelled = false;
    bool stopped = false;
    while (true) {
      const MonoTime now = limit.clock.mono_now();
      const auto left = cancelled ? std::nullopt : std::optional(limit.until - now);
      const Woken woken = cancelled ? wait_for(done_, std::nullopt)
                                    : wait_on(done_.fd(), Await::kReadable, limit.stop, left);
      if (woken.readable || (cancelled && woken.by_waker)) break;
      if (cancelled) continue;
      if (woken.by_waker || limit.clock.mono_now() >= limit.until) {
        stopped = woken.by_waker;
        cancelled = true;
        ::libusb_cancel_transfer(transfer_.get());  // fails if it has just ended
      }
    }
    // It has woken us and is about to return: nothing of ours may go before that.
    while (!is_over_.load(std::memory_order_acquire)) std::this_thread::yield();
    return stopped;
  }

  static void ended(libusb_transfer* transfer) {
    auto* const self = static_cast<Transfer*>(transfer->user_data);
    self->done_.wake();
    self->is_over_.store(true, std::memory_order_release);  // last: it may be gone from here on
  }

  std::unique_ptr<libusb_transfer, void (*)(libusb_transfer*)> transfer_;
  const Waker done_;
  std::atomic<bool> is_over_ = false;
};

std::vector<unsigned char> with_setup(const Request& request, std::size_t length) {
  std::vector<unsigned char> buffer(LIBUSB_CONTROL_SETUP_SIZE + length);
  ::libusb_fill_control_setup(buffer.data(), request.type, request.request, request.value,
                              request.index, static_cast<std::uint16_t>(length));
  return buffer;
}

}  // namespace

const Endpoint* Interface::find(Endpoint::Kind kind, bool in) const {
  const auto found = std::ranges::find_if(
      endpoints, [kind, in](const Endpoint& one) { return one.kind == kind && one.is_in() == in; });
  return found != endpoints.end() ? &*found : nullptr;
}

Result<Device> Device::open(const Address& address) {
  auto bus = Bus::shared();
  if (!bus) return fail(bus.error());
  auto opened = (*bus)->open(address);
  if (!opened) return fail(opened.error());
  // Where the system cannot do that, the claim says that the interface is busy.
  ::libusb_set_auto_detach_kernel_driver(opened->handle.get(), 1);
  return Device(*std::move(bus), *std::move(opened));
}

Device::~Device() {
  for (const std::uint8_t number : claimed_) ::libusb_release_interface(handle(), number);
}

Result<std::vector<Interface>> Device::interfaces() const {
  libusb_config_descriptor* read = nullptr;
  const int code = ::libusb_get_active_config_descriptor(::libusb_get_device(handle()), &read);
  if (code != 0) return fail(usb_error(code));
  const Config config(read, &::libusb_free_config_descriptor);
  std::vector<Interface> interfaces;
  for (const auto& one : std::span(config->interface, config->bNumInterfaces)) {
    for (const auto& setting :
         std::span(one.altsetting, static_cast<std::size_t>(one.num_altsetting))) {
      interfaces.push_back(interface_of(setting));
    }
  }
  return interfaces;
}

Result<> Device::claim(const Interface& interface) {
  if (const int code = ::libusb_claim_interface(handle(), interface.number); code != 0) {
    return fail(usb_error(code));
  }
  claimed_.push_back(interface.number);
  if (interface.alternate == 0) return {};
  const int code =
      ::libusb_set_interface_alt_setting(handle(), interface.number, interface.alternate);
  if (code == 0) return {};
  release(interface);
  return fail(usb_error(code));
}

void Device::release(const Interface& interface) {
  if (std::erase(claimed_, interface.number) == 0) return;
  ::libusb_release_interface(handle(), interface.number);
}

Result<Bytes> Device::control_in(const Request& request, std::uint16_t most, const Limit& limit) {
  auto buffer = with_setup(request, most);
  Transfer transfer;
  transfer.fill_control(handle(), buffer);
  const Outcome outcome = transfer.run(limit);
  if (outcome.problem) return fail(*outcome.problem);
  const auto data = std::span(buffer).subspan(LIBUSB_CONTROL_SETUP_SIZE,
                                              std::min<std::size_t>(outcome.octets, most));
  return Bytes(data.begin(), data.end());
}

Result<> Device::control_out(const Request& request, BytesView data, const Limit& limit) {
  auto buffer = with_setup(request, data.size());
  std::ranges::copy(data, buffer.begin() + LIBUSB_CONTROL_SETUP_SIZE);
  Transfer transfer;
  transfer.fill_control(handle(), buffer);
  const Outcome outcome = transfer.run(limit);
  if (outcome.problem) return fail(*outcome.problem);
  return {};
}

Device::Sent Device::bulk_out(const Endpoint& endpoint, BytesView octets, const Limit& limit) {
  std::vector<unsigned char> buffer(octets.begin(), octets.end());
  Transfer transfer;
  transfer.fill_bulk(handle(), endpoint.address, buffer);
  Outcome outcome = transfer.run(limit);
  return {outcome.octets, std::move(outcome.problem), outcome.in_doubt};
}

Result<> Device::clear_halt(const Endpoint& endpoint) {
  const int code = ::libusb_clear_halt(handle(), endpoint.address);
  if (code != 0) return fail(usb_error(code));
  return {};
}

Result<> Device::reset() {
  const int code = ::libusb_reset_device(handle());
  if (code != 0) return fail(usb_error(code));
  return {};
}

}  // namespace cairn::devices::usb
