#include "tools/cairn-sim/usb/wedge_node.h"

#include "tools/cairn-sim/usb/openers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <umockdev.h>
#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::chrono::seconds kPatience{2};

std::string plug_of(const WedgeIdentity& device) {
  return fmt::format("/devices/usb1/{}", device.port);
}
std::string input_of(const WedgeIdentity& device, int number) {
  return fmt::format("{}/{}:1.0/input/input{}", plug_of(device), device.port, number);
}
std::string event_of(const WedgeIdentity& device, int number) {
  return fmt::format("{}/event{}", input_of(device, number), number);
}

/// As umockdev wants to be told of it: its plug, its input device and the file of that.
std::string told_to_umockdev(const WedgeIdentity& device, int number) {
  constexpr int kFirstMinor = 64;
  const std::string serial =
      device.serial.empty() ? std::string() : fmt::format("A: serial={}\\n\n", device.serial);
  return fmt::format(
      "P: {plug}\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: BUSNUM=001\nE: DEVNUM={number:03}\n"
      "A: busnum=1\\n\nA: devnum={number}\\n\nA: speed=12\\n\nA: idVendor={vendor:04x}\\n\n"
      "A: idProduct={product:04x}\\n\n{serial}\n"
      "P: {input}\nE: SUBSYSTEM=input\nE: ID_INPUT=1\nE: ID_INPUT_KEYBOARD=1\n"
      "A: name=Cairn Barcode Scanner\\n\n\n"
      "P: {event}\nE: SUBSYSTEM=input\nE: DEVNAME=/dev/input/event{number}\nE: MAJOR=13\n"
      "E: MINOR={minor}\nE: ID_INPUT=1\nE: ID_INPUT_KEY=1\nE: ID_INPUT_KEYBOARD=1\n\n",
      fmt::arg("plug", plug_of(device)), fmt::arg("input", input_of(device, number)),
      fmt::arg("event", event_of(device, number)), fmt::arg("number", number),
      fmt::arg("minor", kFirstMinor + number), fmt::arg("vendor", device.vendor),
      fmt::arg("product", device.product), fmt::arg("serial", serial));
}

tl::unexpected<Error> cannot_play(std::string_view why) {
  return fail(ErrorCode::kUnavailable, "no_usb_device",
              fmt::format("cannot play a keyboard: {}", why));
}

tl::unexpected<Error> not_read() {
  return fail(ErrorCode::kUnavailable, "not_read",
              "the program that holds the keyboard does not read; the keys are lost");
}

template <std::size_t kBits>
Bytes octets_of(const std::bitset<kBits>& bits) {
  Bytes octets(kBits / 8, '\0');
  for (std::size_t bit = 0; bit < kBits; ++bit) {
    if (bits[bit]) octets[bit / 8] = static_cast<char>(octets[bit / 8] | (1 << (bit % 8)));
  }
  return octets;
}

template <class Value>
Bytes octets_of_value(const Value& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// The keys it has: those of every keyboard, up to the first button.
std::bitset<KEY_CNT> all_keys() {
  constexpr std::size_t kLast = 248;
  std::bitset<KEY_CNT> keys;
  for (std::size_t key = KEY_ESC; key <= kLast; ++key) keys.set(key);
  return keys;
}

std::bitset<KEY_CNT> knob_keys() {
  std::bitset<KEY_CNT> keys;
  for (const std::size_t key : {KEY_MUTE, KEY_VOLUMEDOWN, KEY_VOLUMEUP}) keys.set(key);
  return keys;
}

}  // namespace

void WedgeNode::Object::operator()(void* object) const { g_object_unref(object); }

WedgeNode::WedgeNode(std::shared_ptr<UsbBed> bed, WedgeIdentity device)
    : bed_(std::move(bed)),
      device_(std::move(device)),
      number_(bed_->next_number()),
      path_(fmt::format("/dev/input/event{}", number_)),
      place_(bed_->dir() + path_),
      base_(umockdev_ioctl_base_new()) {
  g_signal_connect_data(base_.get(), "handle-ioctl", reinterpret_cast<GCallback>(&handle), this,
                        nullptr, GConnectFlags{});
}

WedgeNode::~WedgeNode() {
  umockdev_testbed_detach_ioctl(bed_->testbed(), path_.c_str(), nullptr);
  g_signal_handlers_disconnect_matched(base_.get(), G_SIGNAL_MATCH_DATA, 0, 0, nullptr, nullptr,
                                       this);
}

Result<> WedgeNode::appear() {
  // A FIFO: programs wait for it to be readable, and it hangs up when its only writer is gone. Its
  // writes are whole (they are far smaller than PIPE_BUF). It is there before the device is, which
  // programs open at once.
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(place_).parent_path(), failed);
  std::filesystem::remove(place_, failed);
  constexpr mode_t kMode = 0600;
  if (::mkfifo(place_.c_str(), kMode) != 0) return cannot_play("no FIFO");
  {
    // Read and write, so that it opens without a reader, and writes to nobody do no harm.
    const std::scoped_lock lock(mutex_);
    fifo_ = runtime::UniqueFd(::open(place_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!fifo_.valid()) return cannot_play("no FIFO");
  }
  auto* const bed = bed_->testbed();
  GError* error = nullptr;
  const std::string told = told_to_umockdev(device_, number_);
  if (umockdev_testbed_attach_ioctl(bed, path_.c_str(), base_.get(), &error) == FALSE ||
      umockdev_testbed_add_from_string(bed, told.c_str(), &error) == FALSE) {
    const std::string why = error != nullptr ? error->message : "?";
    g_clear_error(&error);
    return cannot_play(why);
  }
  umockdev_testbed_uevent(bed, ("/sys" + event_of(device_, number_)).c_str(), "add");
  return {};
}

void WedgeNode::disappear() {
  {
    const std::scoped_lock lock(mutex_);
    fifo_.close();
    grabbed_ = false;
    down_.reset();
    asked_.notify_all();
  }
  auto* const bed = bed_->testbed();
  umockdev_testbed_uevent(bed, ("/sys" + event_of(device_, number_)).c_str(), "remove");
  umockdev_testbed_remove_device(bed, ("/sys" + event_of(device_, number_)).c_str());
  umockdev_testbed_remove_device(bed, ("/sys" + input_of(device_, number_)).c_str());
  umockdev_testbed_remove_device(bed, ("/sys" + plug_of(device_)).c_str());
  std::error_code ignored;
  std::filesystem::remove(place_, ignored);
}

bool WedgeNode::is_grabbed() const {
  const std::scoped_lock lock(mutex_);
  return grabbed_;
}

WedgeNode::Grabs WedgeNode::grabs() const {
  const std::scoped_lock lock(mutex_);
  return grabs_;
}

bool WedgeNode::is_down(std::uint16_t code) const {
  const std::scoped_lock lock(mutex_);
  return down_[code];
}

Result<> WedgeNode::write(Keystroke stroke) {
  {
    const std::scoped_lock lock(mutex_);
    if (down_[stroke.code] == stroke.down) return {};  // so does the kernel
    down_[stroke.code] = stroke.down;
  }
  return write_frame(EV_KEY, stroke.code, stroke.down ? 1 : 0);
}

void WedgeNode::lose(Keystroke stroke) {
  const std::scoped_lock lock(mutex_);
  down_[stroke.code] = stroke.down;
}

Result<> WedgeNode::tell_lost() {
  std::uint64_t before = 0;
  {
    const std::scoped_lock lock(mutex_);
    before = times_asked_;
  }
  if (auto written = write_frame(EV_SYN, SYN_DROPPED, 0); !written) return written;
  std::unique_lock lock(mutex_);
  const bool asked =
      asked_.wait_for(lock, kPatience, [&] { return times_asked_ != before || !fifo_.valid(); });
  if (!asked) return not_read();
  return {};
}

/// An event and the SYN_REPORT that ends its packet.
Result<> WedgeNode::write_frame(std::uint16_t type, std::uint16_t code, std::int32_t value) {
  std::array<input_event, 2> events{};
  events[0].type = type;
  events[0].code = code;
  events[0].value = value;
  events[1].type = EV_SYN;
  events[1].code = SYN_REPORT;
  for (bool waited = false;; waited = true) {
    int fd = -1;
    {
      const std::scoped_lock lock(mutex_);
      if (!fifo_.valid()) return {};  // unplugged meanwhile
      fd = fifo_.get();
      if (::write(fd, events.data(), sizeof events) == sizeof events) return {};
    }
    if (waited) return not_read();
    pollfd polled{fd, POLLOUT, 0};
    ::poll(&polled, 1, static_cast<int>(std::chrono::milliseconds(kPatience).count()));
  }
}

int WedgeNode::handle(UMockdevIoctlBase*, UMockdevIoctlClient* client, void* node) {
  auto* const self = static_cast<WedgeNode*>(node);
  const int outcome = self->answer(client);
  umockdev_ioctl_client_complete(client, outcome < 0 ? -1 : outcome, outcome < 0 ? -outcome : 0);
  return TRUE;
}

int WedgeNode::answer(UMockdevIoctlClient* client) {
  const auto request = static_cast<unsigned>(umockdev_ioctl_client_get_request(client));
  if (_IOC_TYPE(request) != 'E') return -ENOTTY;
  UMockdevIoctlData* const argument = umockdev_ioctl_client_get_arg(client);
  if (request == EVIOCGRAB) {
    std::uint64_t on = 0;
    std::memcpy(&on, argument->data, sizeof on);
    return grab(on != 0);
  }
  const std::size_t most = _IOC_SIZE(request);
  Bytes told_octets;
  {
    const std::scoped_lock lock(mutex_);
    if (!fifo_.valid()) return -ENODEV;
    told_octets = told(request, most);
    if (_IOC_NR(request) == _IOC_NR(EVIOCGKEY(0))) {
      ++times_asked_;
      asked_.notify_all();
    }
  }
  if (told_octets.empty()) return -EINVAL;
  const std::unique_ptr<UMockdevIoctlData, Object> data(
      umockdev_ioctl_data_resolve(argument, 0, most, nullptr));
  if (data == nullptr) return -EFAULT;
  told_octets.resize(most, '\0');
  std::memcpy(data->data, told_octets.data(), most);
  return static_cast<int>(most);
}

/// A program that was killed lets go of nothing by itself: if at most one other than this one has
/// the file open, whoever else grabbed it is dead.
int WedgeNode::grab(bool on) {
  const std::scoped_lock lock(mutex_);
  if (!fifo_.valid()) return -ENODEV;
  if (!on) {
    if (!grabbed_) return -EINVAL;
    grabbed_ = false;
    ++grabs_.given_back;
    return 0;
  }
  if (grabbed_ && openers_of(place_) > 1) return -EBUSY;
  grabbed_ = true;
  ++grabs_.taken;
  return 0;
}

/// What linux/input.h says is told. Empty: it does not know the request.
Bytes WedgeNode::told(unsigned request, std::size_t most) const {
  constexpr unsigned kTypes = _IOC_NR(EVIOCGBIT(0, 0));
  constexpr unsigned kLastType = kTypes + EV_MAX;
  const unsigned number = _IOC_NR(request);
  const Bytes nothing(std::max<std::size_t>(most, 1), '\0');
  if (number == _IOC_NR(EVIOCGVERSION)) return octets_of_value(std::int32_t{EV_VERSION});
  if (number == _IOC_NR(EVIOCGID)) {
    return octets_of_value(input_id{BUS_USB, device_.vendor, device_.product, 0x110});
  }
  if (number == _IOC_NR(EVIOCGNAME(0))) return "Cairn Barcode Scanner";
  if (number == _IOC_NR(EVIOCGPHYS(0))) return "usb-" + device_.port;
  if (number == _IOC_NR(EVIOCGKEY(0))) return octets_of(down_);
  if (number == kTypes) {
    return octets_of_value(std::uint8_t{1U << unsigned{EV_SYN} | 1U << unsigned{EV_KEY}});
  }
  if (number == kTypes + EV_KEY) return octets_of(device_.types ? all_keys() : knob_keys());
  const bool known = number == _IOC_NR(EVIOCGUNIQ(0)) || number == _IOC_NR(EVIOCGPROP(0)) ||
                     number == _IOC_NR(EVIOCGLED(0)) || number == _IOC_NR(EVIOCGSW(0)) ||
                     (number > kTypes && number <= kLastType);
  return known ? nothing : Bytes();
}

}  // namespace cairn::simulator
