// The part of UsbNode that carries out transfers (URBs): what waits, what is done, and what the
// faults of its wire make of it.

#include "tools/cairn-sim/usb/usb_node.h"

// The one needs what the other has.
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <umockdev.h>
#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::uint8_t kTowardsHost = 0x80;
constexpr std::uint8_t kGetDescriptor = 6;
constexpr std::uint8_t kStandardToDevice = 0x80;
constexpr std::size_t kSetupOctets = 8;

UsbSetup setup_of(const std::uint8_t* octets) {
  const auto two = [octets](std::size_t at) {
    return static_cast<std::uint16_t>(octets[at] | octets[at + 1] << 8U);
  };
  return {octets[0], octets[1], two(2), two(4), two(6)};
}

Bytes noise(std::size_t size) {
  Bytes octets(size, '\0');
  unsigned value = 41;
  for (char& octet : octets) {
    value = value * 73 + 57;
    octet = static_cast<char>(value >> 3U);
  }
  return octets;
}

}  // namespace

usbdevfs_urb& UsbNode::Urb::urb() const { return *reinterpret_cast<usbdevfs_urb*>(data->data); }

int UsbNode::submit(UMockdevIoctlClient* client, UMockdevIoctlData* argument) {
  Urb urb{Ref<UMockdevIoctlData>(
              umockdev_ioctl_data_resolve(argument, 0, sizeof(usbdevfs_urb), nullptr)),
          nullptr, client};
  if (urb.data == nullptr) return -EFAULT;
  const auto& what = urb.urb();
  if (what.buffer_length > 0) {
    urb.buffer.reset(umockdev_ioctl_data_resolve(urb.data.get(), offsetof(usbdevfs_urb, buffer),
                                                 static_cast<gsize>(what.buffer_length), nullptr));
    if (urb.buffer == nullptr) return -EFAULT;
  }
  if (what.type == USBDEVFS_URB_TYPE_CONTROL) {
    if (what.buffer_length < static_cast<int>(kSetupOctets)) return -EINVAL;
    answer_control(std::move(urb));
  } else if ((what.endpoint & kTowardsHost) != 0) {
    waiting_in_.push_back(std::move(urb));
  } else {
    waiting_out_.push_back(std::move(urb));
    wire_.out_arrived();
  }
  pump();
  return 0;
}

int UsbNode::discard(std::uint64_t address) {
  const auto late = std::ranges::find_if(late_, [address](const LateAnswer& answer) {
    return answer.urb.data->client_addr == address;
  });
  if (late != late_.end()) {
    Urb urb = std::move(late->urb);
    late_.erase(late);
    cut_off(std::move(urb), -ENOENT);
    show_whether_done();
    return 0;
  }
  for (Urbs* urbs : {&waiting_in_, &waiting_out_}) {
    const auto found = std::ranges::find_if(
        *urbs, [address](const Urb& urb) { return urb.data->client_addr == address; });
    if (found == urbs->end()) continue;
    Urb urb = std::move(*found);
    urbs->erase(found);
    cut_off(std::move(urb), -ENOENT);
    show_whether_done();
    return 0;
  }
  return -EINVAL;
}

int UsbNode::reap(UMockdevIoctlClient* client, UMockdevIoctlData* argument) {
  const auto found =
      std::ranges::find_if(done_, [client](const Urb& urb) { return urb.client == client; });
  if (found == done_.end()) return gone_ ? -ENODEV : -EAGAIN;
  const Ref<UMockdevIoctlData> pointer(
      umockdev_ioctl_data_resolve(argument, 0, sizeof(void*), nullptr));
  umockdev_ioctl_data_set_ptr(pointer.get(), 0, found->data.get());
  done_.erase(found);
  show_whether_done();
  wire_.changed_.notify_all();
  return 0;
}

void UsbNode::answer_control(Urb urb) {
  const UsbSetup setup = setup_of(urb.buffer->data);
  const std::size_t room = std::min<std::size_t>(
      static_cast<std::size_t>(urb.urb().buffer_length) - kSetupOctets, setup.length);
  auto* const data = urb.buffer->data + kSetupOctets;
  std::optional<Bytes> answer;
  const auto number = static_cast<std::uint8_t>(setup.value & 0xFFU);
  if (setup.type == kStandardToDevice && setup.request == kGetDescriptor &&
      setup.value >> 8U == 3) {
    answer = string_descriptor(wire_.device(), number);
    if (answer->empty()) answer.reset();
  } else {
    const bool in = (setup.type & kTowardsHost) != 0;
    answer = wire_.function_.control(
        setup, in ? BytesView() : BytesView(reinterpret_cast<const char*>(data), room));
    if (answer && !in) return reply(std::move(urb), 0, room);
  }
  if (!answer) return reply(std::move(urb), -EPIPE, 0);
  const std::size_t size = std::min(answer->size(), room);
  std::memcpy(data, answer->data(), size);
  reply(std::move(urb), 0, size);
}

void UsbNode::reply(Urb urb, int status, std::size_t octets) {
  if (wire_.fault_.kind != UsbFault::Kind::kSlow) return complete(std::move(urb), status, octets);
  const MonoTime due = wire_.clock_.mono_now() + std::chrono::milliseconds(wire_.fault_.number);
  late_.push_back({due, std::move(urb), status, octets});
}

void UsbNode::give_late_answers() {
  const bool is_slow = wire_.fault_.kind == UsbFault::Kind::kSlow;
  while (!gone_ && !late_.empty() && !(is_slow && wire_.clock_.mono_now() < late_.front().due)) {
    LateAnswer answer = std::move(late_.front());
    late_.pop_front();
    complete(std::move(answer.urb), answer.status, answer.octets);
  }
}

void UsbNode::complete(Urb urb, int status, std::size_t octets) {
  urb.urb().status = status;
  urb.urb().actual_length = static_cast<int>(octets);
  done_.push_back(std::move(urb));
}

void UsbNode::cut_off(Urb urb, int status) {
  const std::size_t taken = urb.taken;
  complete(std::move(urb), status, taken);
}

void UsbNode::pump() {
  give_late_answers();
  if (is_halted()) {
    for (Urbs* urbs : {&waiting_in_, &waiting_out_}) {
      while (!urbs->empty()) {
        Urb urb = std::move(urbs->front());
        urbs->pop_front();
        cut_off(std::move(urb), -EPIPE);
      }
    }
  }
  while (!is_silent() && !gone_ && !waiting_out_.empty() && wire_.takes_now()) {
    Urb urb = std::move(waiting_out_.front());
    waiting_out_.pop_front();
    if (!complete_out(std::move(urb))) return;
  }
  while (!is_silent() && !gone_ && !waiting_in_.empty() && !messages_.empty()) {
    Urb urb = std::move(waiting_in_.front());
    waiting_in_.pop_front();
    if (!complete_in(std::move(urb))) return;
  }
  show_whether_done();
}

bool UsbNode::complete_in(Urb urb) {
  using Kind = UsbFault::Kind;
  UsbFault& fault = wire_.fault_;
  const bool counts = fault.kind == Kind::kUnplugAfter && !wire_.takes_octets();
  if (counts && fault.number == 0) return pull();
  Bytes message = std::move(messages_.front());
  messages_.pop_front();
  const auto room = static_cast<std::size_t>(urb.urb().buffer_length);
  int status = message.size() > room ? -EOVERFLOW : 0;
  if (fault.kind == Kind::kOverflow) status = -EOVERFLOW;
  if (fault.kind == Kind::kShort) message.resize(message.size() / 2);
  if (fault.kind == Kind::kGarbage) message = noise(message.size());
  mend({Kind::kOverflow, Kind::kShort, Kind::kGarbage});
  const std::size_t size = std::min(message.size(), room);
  std::memcpy(urb.buffer->data, message.data(), size);
  complete(std::move(urb), status, size);
  if (!counts || --fault.number > 0) return true;
  return pull();
}

bool UsbNode::complete_out(Urb urb) {
  using Kind = UsbFault::Kind;
  UsbFault& fault = wire_.fault_;
  const auto size = static_cast<std::size_t>(urb.urb().buffer_length);
  const BytesView octets =
      size > 0 ? BytesView(reinterpret_cast<const char*>(urb.buffer->data), size) : BytesView();
  const BytesView rest = octets.substr(urb.taken);
  const bool counts = fault.kind == Kind::kUnplugAfter || fault.kind == Kind::kNakAfter;
  const std::size_t taken = counts ? std::min(rest.size(), fault.number) : rest.size();
  wire_.give(rest.substr(0, taken));
  if (counts) fault.number -= taken;
  if (counts && fault.number == 0) {
    if (fault.kind == Kind::kUnplugAfter) return pull();
    fault = {Kind::kNak, 0};
  }
  if (taken < rest.size()) {  // it stays under way until the host takes it back
    urb.taken += taken;
    waiting_out_.push_front(std::move(urb));
  } else {
    complete(std::move(urb), 0, size);
  }
  return true;
}

/// In the middle of a transfer, which never ends. Always false.
bool UsbNode::pull() {
  hang_up();
  wire_.was_pulled();
  return false;
}

bool UsbNode::is_silent() const { return wire_.fault_.kind == UsbFault::Kind::kNak; }

bool UsbNode::is_halted() const {
  using Kind = UsbFault::Kind;
  const Kind kind = wire_.fault_.kind;
  return kind == Kind::kStall || kind == Kind::kStallReset || kind == Kind::kStallReopen;
}

}  // namespace cairn::simulator
