#include "device-drivers/usb/input_pipe.h"

#include "core/base/assert.h"

#include <algorithm>
#include <iterator>
#include <libusb.h>

namespace cairn::devices::usb {
namespace {

constexpr std::size_t kUnderWay = 4;

/// Whole packets: a device that sends more than it should never overruns the end of the buffer
/// within one.
std::size_t in_packets(std::size_t octets, std::size_t packet) {
  const std::size_t size = std::max<std::size_t>(packet, 1);
  return std::max<std::size_t>((octets + size - 1) / size, 1) * size;
}

}  // namespace

/// One transfer and its buffer.
struct InputPipe::Slot {
  Slot(InputPipe& to, std::size_t size)
      : pipe(to), transfer(::libusb_alloc_transfer(0), &::libusb_free_transfer), buffer(size) {
    CAIRN_ASSERT(transfer != nullptr, "no memory left");
  }
  InputPipe& pipe;
  std::unique_ptr<libusb_transfer, void (*)(libusb_transfer*)> transfer;
  std::vector<unsigned char> buffer;
  bool idle = true;  // it came back with nothing and waits for somebody to look
};

InputPipe::InputPipe(const Device& device, const Endpoint& endpoint, std::size_t at_once,
                     const Waker& waker)
    : waker_(waker) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < kUnderWay; ++i) {
    slots_.push_back(std::make_unique<Slot>(*this, in_packets(at_once, endpoint.packet)));
    Slot& slot = *slots_.back();
    const auto fill = endpoint.kind == Endpoint::Kind::kInterrupt
                          ? &::libusb_fill_interrupt_transfer
                          : &::libusb_fill_bulk_transfer;
    fill(slot.transfer.get(), device.handle(), endpoint.address, slot.buffer.data(),
         static_cast<int>(slot.buffer.size()), &ended, &slot, 0);
    submit(slot);
  }
}

InputPipe::~InputPipe() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  // Not under the lock, which the callbacks want. Those that are not under way say so.
  for (const auto& slot : slots_) ::libusb_cancel_transfer(slot->transfer.get());
  std::unique_lock lock(mutex_);
  came_back_.wait(lock, [this] { return under_way_ == 0; });
}

std::vector<InputPipe::Arrival> InputPipe::take() {
  const std::scoped_lock lock(mutex_);
  std::vector<Arrival> arrived(std::make_move_iterator(waiting_.begin()),
                               std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  for (const auto& slot : slots_) {
    if (slot->idle) submit(*slot);
  }
  return arrived;
}

bool InputPipe::has_ended() const {
  const std::scoped_lock lock(mutex_);
  return under_way_ == 0 && waiting_.empty() &&
         std::ranges::none_of(slots_, [](const auto& slot) { return slot->idle; });
}

void InputPipe::submit(Slot& slot) {
  slot.idle = false;
  const int code = ::libusb_submit_transfer(slot.transfer.get());
  if (code == 0) {
    ++under_way_;
  } else {
    waiting_.push_back(fail(usb_error(code)));
    waker_.wake();
  }
}

void InputPipe::ended(libusb_transfer* transfer) {
  auto* const slot = static_cast<Slot*>(transfer->user_data);
  slot->pipe.put(*slot);
}

void InputPipe::put(Slot& slot) {
  const std::scoped_lock lock(mutex_);
  --under_way_;
  came_back_.notify_all();
  const libusb_transfer& transfer = *slot.transfer;
  const auto status = transfer.status;
  const bool is_empty = status == LIBUSB_TRANSFER_COMPLETED && transfer.actual_length <= 0;
  if (status == LIBUSB_TRANSFER_CANCELLED) return;
  if (status == LIBUSB_TRANSFER_COMPLETED && !is_empty) {
    waiting_.push_back(Bytes(slot.buffer.begin(), slot.buffer.begin() + transfer.actual_length));
  } else if (status == LIBUSB_TRANSFER_OVERFLOW) {
    waiting_.push_back(
        fail(ErrorCode::kUnavailable, "device_overflow", "the device sent more than it had said"));
  } else if (status == LIBUSB_TRANSFER_STALL) {
    waiting_.push_back(fail(usb_error(LIBUSB_ERROR_PIPE)));
  } else if (status == LIBUSB_TRANSFER_NO_DEVICE) {
    waiting_.push_back(fail(usb_error(LIBUSB_ERROR_NO_DEVICE)));
  } else if (!is_empty) {
    waiting_.push_back(fail(usb_error(LIBUSB_ERROR_IO)));
  }
  if (waiting_.size() > kWaitingMost) waiting_.pop_front();
  // Some printers answer at once with nothing, again and again: they are asked when somebody looks.
  slot.idle = is_empty;
  const bool goes_on =
      status == LIBUSB_TRANSFER_OVERFLOW || (status == LIBUSB_TRANSFER_COMPLETED && !is_empty);
  if (goes_on && !closing_) submit(slot);
  waker_.wake();
}

}  // namespace cairn::devices::usb
