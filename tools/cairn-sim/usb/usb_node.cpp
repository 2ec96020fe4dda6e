#include "tools/cairn-sim/usb/usb_node.h"

#include "core/base/numbers.h"

#include <fcntl.h>
#include <fmt/format.h>
// The one needs what the other has.
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <pty.h>
#include <span>
#include <umockdev.h>
#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::uint8_t kTowardsHost = 0x80;
constexpr std::uint8_t kGetDescriptor = 6;
constexpr std::uint8_t kStandardToDevice = 0x80;
constexpr std::size_t kSetupOctets = 8;

std::string sysfs_of(const UsbDescription& device) {
  return fmt::format("/devices/usb1/{}", device.port);
}

/// As umockdev wants to be told of a device: what libusb reads of it, no more.
std::string told_to_umockdev(const UsbDescription& device, int number) {
  return fmt::format(
      "P: {sysfs}\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
      "E: DEVNAME=/dev/bus/usb/001/{number:03}\nE: MAJOR=189\nE: MINOR={minor}\nE: BUSNUM=001\n"
      "E: DEVNUM={number:03}\nA: busnum=1\\n\nA: devnum={number}\\n\nA: speed=12\\n\n"
      "A: bConfigurationValue=1\\n\nA: idVendor={vendor:04x}\\n\nA: idProduct={product:04x}\\n\n"
      "H: descriptors={descriptors}\n\n",
      fmt::arg("sysfs", sysfs_of(device)), fmt::arg("number", number),
      fmt::arg("minor", number - 1), fmt::arg("vendor", device.vendor),
      fmt::arg("product", device.product), fmt::arg("descriptors", to_hex(descriptors_of(device))));
}

/// What went wrong, and frees it.
std::string text_of(GError* error) {
  std::string text = error != nullptr ? error->message : "?";
  g_clear_error(&error);
  return text;
}

UsbSetup setup_of(const std::uint8_t* octets) {
  const auto two = [octets](std::size_t at) {
    return static_cast<std::uint16_t>(octets[at] | octets[at + 1] << 8U);
  };
  return {octets[0], octets[1], two(2), two(4), two(6)};
}

/// How many times programs other than this one have it open.
int openers(const std::string& device) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const std::string self = fmt::format("{}", ::getpid());
  int count = 0;
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const std::string name = process.path().filename().string();
    if (name == self || !parse_unsigned(name)) continue;
    for (const auto& file : fs::directory_iterator(process.path() / "fd", ignored)) {
      count += fs::read_symlink(file.path(), ignored) == device ? 1 : 0;
    }
  }
  return count;
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

void UsbNode::Object::operator()(void* object) const { g_object_unref(object); }

usbdevfs_urb& UsbNode::Urb::urb() const { return *reinterpret_cast<usbdevfs_urb*>(data->data); }

UsbNode::UsbNode(UsbWire& wire, int number)
    : wire_(wire),
      path_(fmt::format("/dev/bus/usb/001/{:03}", number)),
      syspath_("/sys" + sysfs_of(wire.device())),
      number_(number),
      base_(umockdev_ioctl_base_new()),
      place_(wire.bed_dir() + path_),
      driver_(wire.device().driver) {
  g_signal_connect_data(base_.get(), "handle-ioctl", reinterpret_cast<GCallback>(&handle), this,
                        nullptr, GConnectFlags{});
}

UsbNode::~UsbNode() {
  g_signal_handlers_disconnect_matched(base_.get(), G_SIGNAL_MATCH_DATA, 0, 0, nullptr, nullptr,
                                       this);
}

Result<> UsbNode::appear() {
  const auto bad = [](std::string why) {
    return fail(ErrorCode::kUnavailable, "no_usb_device",
                "cannot play a USB device: " + std::move(why));
  };
  // A device file of umockdev's own is a plain one, which poll(2) always finds ready and which
  // cannot hang up: libusb would spin, and never see an unplug. A pty does both: it is stopped
  // while nothing is done. It is there before the device is, which programs open at once.
  int master = -1;
  int slave = -1;
  std::array<char, 64> name{};
  if (::openpty(&master, &slave, name.data(), nullptr, nullptr) != 0) return bad("no pty");
  device_ = name.data();
  master_ = runtime::UniqueFd(master);
  slave_ = runtime::UniqueFd(slave);
  for (const int fd : {master, slave}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  termios settings{};
  ::tcgetattr(slave, &settings);
  ::cfmakeraw(&settings);
  ::tcsetattr(slave, TCSANOW, &settings);
  show_whether_done();
  std::error_code failed;
  const std::filesystem::path place(place_);
  std::filesystem::create_directories(place.parent_path(), failed);
  std::filesystem::remove(place, failed);
  std::filesystem::create_symlink(device_, place, failed);
  if (failed) return bad(failed.message());

  auto* const bed = wire_.bed_->testbed();
  GError* error = nullptr;
  if (umockdev_testbed_attach_ioctl(bed, path_.c_str(), base_.get(), &error) == FALSE) {
    return bad(text_of(error));
  }
  const std::string told = told_to_umockdev(wire_.device(), number_);
  if (umockdev_testbed_add_from_string(bed, told.c_str(), &error) == FALSE) {
    return bad(text_of(error));
  }
  umockdev_testbed_uevent(bed, syspath_.c_str(), "add");
  return {};
}

void UsbNode::hang_up() {
  gone_ = true;
  waiting_in_.clear();
  waiting_out_.clear();
  slave_.close();
  master_.close();
}

void UsbNode::disappear() {
  auto* const bed = wire_.bed_->testbed();
  umockdev_testbed_uevent(bed, syspath_.c_str(), "remove");
  umockdev_testbed_detach_ioctl(bed, path_.c_str(), nullptr);
  umockdev_testbed_remove_device(bed, syspath_.c_str());
  std::error_code ignored;
  std::filesystem::remove(place_, ignored);
}

int UsbNode::handle(UMockdevIoctlBase*, UMockdevIoctlClient* client, void* node) {
  auto* const self = static_cast<UsbNode*>(node);
  const std::scoped_lock lock(self->wire_.mutex_);
  return self->ioctl(client);
}

int UsbNode::ioctl(UMockdevIoctlClient* client) {
  const auto request = static_cast<unsigned long>(umockdev_ioctl_client_get_request(client));
  const int outcome = carry_out(client, request);
  umockdev_ioctl_client_complete(client, outcome < 0 ? -1 : outcome, outcome < 0 ? -outcome : 0);
  return TRUE;
}

int UsbNode::carry_out(UMockdevIoctlClient* client, unsigned long request) {
  UMockdevIoctlData* const argument = umockdev_ioctl_client_get_arg(client);
  const auto read = [argument](auto& value) {
    const Ref<UMockdevIoctlData> data(
        umockdev_ioctl_data_resolve(argument, 0, sizeof value, nullptr));
    if (data != nullptr) std::memcpy(&value, data->data, sizeof value);
  };
  if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY) {
    return reap(client, argument);
  }
  if (gone_) return -ENODEV;
  switch (request) {
    case USBDEVFS_GET_CAPABILITIES: {
      forget_the_dead();
      const std::uint32_t can = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
                                USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
                                USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
      const Ref<UMockdevIoctlData> data(
          umockdev_ioctl_data_resolve(argument, 0, sizeof can, nullptr));
      std::memcpy(data->data, &can, sizeof can);
      return mend({UsbFault::Kind::kStallReopen});  // asked once, by who opens it
    }
    case USBDEVFS_GETDRIVER:
      return driver_of(argument);
    case USBDEVFS_IOCTL:
      return drive(argument);
    case USBDEVFS_DISCONNECT_CLAIM: {
      usbdevfs_disconnect_claim wanted{};
      read(wanted);
      return claim(client, wanted.interface, true);
    }
    case USBDEVFS_CLAIMINTERFACE: {
      unsigned interface = 0;
      read(interface);
      return claim(client, interface, false);
    }
    case USBDEVFS_RELEASEINTERFACE: {
      unsigned interface = 0;
      read(interface);
      return release(interface);
    }
    case USBDEVFS_SETCONFIGURATION:
    case USBDEVFS_SETINTERFACE:
      return 0;
    case USBDEVFS_CLEAR_HALT:
      return mend({UsbFault::Kind::kStall});
    case USBDEVFS_RESET:
      return mend({UsbFault::Kind::kStall, UsbFault::Kind::kStallReset});
    case USBDEVFS_SUBMITURB:
      return submit(client, argument);
    case USBDEVFS_DISCARDURB: {
      std::uint64_t address = 0;
      std::memcpy(&address, argument->data, sizeof address);
      return discard(address);
    }
    default:
      return -ENOTTY;
  }
}

int UsbNode::driver_of(UMockdevIoctlData* argument) {
  const Ref<UMockdevIoctlData> data(
      umockdev_ioctl_data_resolve(argument, 0, sizeof(usbdevfs_getdriver), nullptr));
  auto* const asked = reinterpret_cast<usbdevfs_getdriver*>(data->data);
  const std::string name = claimed_.contains(asked->interface) ? "usbfs" : driver_;
  if (name.empty()) return -ENODATA;
  std::ranges::fill(asked->driver, '\0');
  std::memcpy(asked->driver, name.data(), std::min(name.size(), sizeof asked->driver - 1));
  return 0;
}

int UsbNode::drive(UMockdevIoctlData* argument) {
  const Ref<UMockdevIoctlData> data(
      umockdev_ioctl_data_resolve(argument, 0, sizeof(usbdevfs_ioctl), nullptr));
  const auto wanted =
      static_cast<unsigned>(reinterpret_cast<usbdevfs_ioctl*>(data->data)->ioctl_code);
  if (wanted == static_cast<unsigned>(USBDEVFS_DISCONNECT)) {
    if (driver_.empty()) return -ENODATA;
    driver_.clear();
    return 0;
  }
  if (wanted == static_cast<unsigned>(USBDEVFS_CONNECT)) {
    driver_ = wire_.device().driver;
    return 1;
  }
  return -ENOTTY;
}

int UsbNode::claim(UMockdevIoctlClient* client, unsigned interface, bool detach) {
  if (claimed_.contains(interface)) return -EBUSY;
  if (!driver_.empty() && !detach) return -EBUSY;
  driver_.clear();
  claimed_[interface] = client;
  return 0;
}

/// A program that was killed releases nothing, and umockdev does not tell. If nobody but this one
/// has the device file open, whoever else claimed it is dead. To be called when it is opened: one
/// that is dead may have had the same address.
void UsbNode::forget_the_dead() {
  if (claimed_.empty() || openers(device_) > 1) return;
  for (Urbs* urbs : {&waiting_in_, &waiting_out_, &done_}) urbs->clear();
  claimed_.clear();
}

int UsbNode::release(unsigned interface) {
  claimed_.erase(interface);
  return 0;
}

int UsbNode::mend(std::initializer_list<UsbFault::Kind> faults) {
  if (std::ranges::find(faults, wire_.fault_.kind) != faults.end()) wire_.fault_ = {};
  return 0;
}

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
  for (Urbs* urbs : {&waiting_in_, &waiting_out_}) {
    const auto found = std::ranges::find_if(
        *urbs, [address](const Urb& urb) { return urb.data->client_addr == address; });
    if (found == urbs->end()) continue;
    Urb urb = std::move(*found);
    urbs->erase(found);
    complete(std::move(urb), -ENOENT, 0);
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
    if (answer && !in) return complete(std::move(urb), 0, room);
  }
  if (!answer) return complete(std::move(urb), -EPIPE, 0);
  const std::size_t size = std::min(answer->size(), room);
  std::memcpy(data, answer->data(), size);
  complete(std::move(urb), 0, size);
}

void UsbNode::complete(Urb urb, int status, std::size_t octets) {
  urb.urb().status = status;
  urb.urb().actual_length = static_cast<int>(octets);
  done_.push_back(std::move(urb));
}

void UsbNode::pump() {
  if (is_halted()) {
    for (Urbs* urbs : {&waiting_in_, &waiting_out_}) {
      while (!urbs->empty()) {
        Urb urb = std::move(urbs->front());
        urbs->pop_front();
        complete(std::move(urb), -EPIPE, 0);
      }
    }
  }
  const bool silent = wire_.fault_.kind == UsbFault::Kind::kNak;
  while (!silent && !gone_ && !waiting_out_.empty() && wire_.takes_now()) {
    Urb urb = std::move(waiting_out_.front());
    waiting_out_.pop_front();
    if (!complete_out(std::move(urb))) return;
  }
  while (!silent && !gone_ && !waiting_in_.empty() && !messages_.empty()) {
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
  UsbFault& fault = wire_.fault_;
  const auto size = static_cast<std::size_t>(urb.urb().buffer_length);
  const BytesView octets =
      size > 0 ? BytesView(reinterpret_cast<const char*>(urb.buffer->data), size) : BytesView();
  if (fault.kind != UsbFault::Kind::kUnplugAfter) {
    wire_.give(octets);
    complete(std::move(urb), 0, size);
    return true;
  }
  const std::size_t taken = std::min(size, fault.number);
  fault.number -= taken;
  wire_.give(octets.substr(0, taken));
  if (fault.number == 0) return pull();
  complete(std::move(urb), 0, size);
  return true;
}

/// In the middle of a transfer, which never ends. Always false.
bool UsbNode::pull() {
  hang_up();
  wire_.was_pulled();
  return false;
}

bool UsbNode::is_halted() const {
  using Kind = UsbFault::Kind;
  const Kind kind = wire_.fault_.kind;
  return kind == Kind::kStall || kind == Kind::kStallReset || kind == Kind::kStallReopen;
}

/// To poll(2), writable means that a transfer can be fetched.
void UsbNode::show_whether_done() const {
  if (slave_.valid()) ::tcflow(slave_.get(), done_.empty() ? TCOOFF : TCOON);
}

}  // namespace cairn::simulator
