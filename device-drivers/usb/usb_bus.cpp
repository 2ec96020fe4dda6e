#include "device-drivers/usb/usb_bus.h"

#include <fmt/format.h>

#include <array>
#include <libusb.h>
#include <span>
#include <utility>

namespace cairn::devices::usb {
namespace {

std::string port_of(libusb_device* device) {
  constexpr std::size_t kDeepest = 7;  // USB 3.0, 10.16.2.8
  std::array<std::uint8_t, kDeepest> ports{};
  const int depth = ::libusb_get_port_numbers(device, ports.data(), ports.size());
  std::string text = fmt::format("{}", ::libusb_get_bus_number(device));
  for (int i = 0; i < depth; ++i) {
    text += fmt::format("{}{}", i == 0 ? '-' : '.', ports.at(static_cast<std::size_t>(i)));
  }
  return text;
}

Identity identity_of(libusb_device* device) {
  libusb_device_descriptor descriptor{};
  ::libusb_get_device_descriptor(device, &descriptor);  // it is in memory and cannot fail
  return {descriptor.idVendor, descriptor.idProduct, {}, port_of(device)};
}

/// Empty: it has none, or does not say.
std::string serial_of(libusb_device* device, libusb_device_handle* handle) {
  libusb_device_descriptor descriptor{};
  ::libusb_get_device_descriptor(device, &descriptor);
  if (descriptor.iSerialNumber == 0) return {};
  std::array<unsigned char, 256> text{};
  const int size = ::libusb_get_string_descriptor_ascii(handle, descriptor.iSerialNumber,
                                                        text.data(), text.size());
  return size > 0 ? std::string(text.begin(), text.begin() + size) : std::string();
}

/// The devices of one moment, kept for as long as it lives.
class DeviceList {
 public:
  explicit DeviceList(libusb_context* context)
      : count_(::libusb_get_device_list(context, &devices_)) {}
  DeviceList(const DeviceList&) = delete;
  DeviceList& operator=(const DeviceList&) = delete;
  ~DeviceList() {
    if (count_ >= 0) ::libusb_free_device_list(devices_, 1);
  }
  [[nodiscard]] std::span<libusb_device* const> all() const {
    return {devices_, count_ > 0 ? static_cast<std::size_t>(count_) : 0};
  }

 private:
  libusb_device** devices_ = nullptr;
  ssize_t count_;
};

Result<OpenedDevice> open_one(libusb_device* device) {
  libusb_device_handle* handle = nullptr;
  if (const int code = ::libusb_open(device, &handle); code != 0) return fail(usb_error(code));
  return OpenedDevice{Handle(handle, &::libusb_close), identity_of(device)};
}

}  // namespace

struct Bus::Hotplug {
  static int changed(libusb_context*, libusb_device*, libusb_hotplug_event, void* bus) {
    static_cast<Bus*>(bus)->wake_all();
    return 0;
  }
};

Result<std::shared_ptr<Bus>> Bus::shared() {
  static std::mutex mutex;
  static std::weak_ptr<Bus> current;
  const std::scoped_lock lock(mutex);
  if (auto bus = current.lock()) return bus;
  libusb_context* context = nullptr;
  if (const int code = ::libusb_init(&context); code != 0) {
    return fail(ErrorCode::kUnavailable, "no_usb",
                fmt::format("USB devices cannot be used on this machine: {}",
                            ::libusb_strerror(static_cast<libusb_error>(code))));
  }
  std::shared_ptr<Bus> bus(new Bus(context));
  current = bus;
  return bus;
}

Bus::Bus(libusb_context* context) : context_(context) {
  listen();
  thread_ = std::thread([this] { serve(); });
}

Bus::~Bus() {
  if (listening_ >= 0) ::libusb_hotplug_deregister_callback(context_, listening_);
  stopping_ = true;
  ::libusb_interrupt_event_handler(context_);
  thread_.join();
  ::libusb_exit(context_);
}

/// Where that cannot be had, drivers find a device when they look again by themselves.
void Bus::listen() {
  if (::libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG) == 0) return;
  libusb_hotplug_callback_handle handle = -1;
  const int code = ::libusb_hotplug_register_callback(
      context_, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT, 0,
      LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
      &Hotplug::changed, this, &handle);
  if (code == 0) listening_ = handle;
}

void Bus::serve() {
  while (!stopping_) ::libusb_handle_events_completed(context_, nullptr);
}

void Bus::wake_all() {
  const std::scoped_lock lock(mutex_);
  for (const Waker* waker : watchers_) waker->wake();
}

std::vector<Identity> Bus::attached() const {
  const DeviceList list(context_);
  std::vector<Identity> devices;
  for (libusb_device* device : list.all()) devices.push_back(identity_of(device));
  return devices;
}

Result<OpenedDevice> Bus::open(const Address& address) const {
  const DeviceList list(context_);
  Result<OpenedDevice> opened =
      fail(ErrorCode::kUnavailable, "no_device",
           fmt::format("no such device: is it plugged in? ({})", address.text()));
  for (libusb_device* device : list.all()) {
    if (!address.may_be(identity_of(device))) continue;
    auto one = open_one(device);
    if (one && !address.serial.empty()) {
      one->identity.serial = serial_of(device, one->handle.get());
      if (one->identity.serial != address.serial) continue;
    }
    if (one) return one;
    opened = std::move(one);  // why not, unless another one fits
  }
  return opened;
}

Bus::Watch::Watch(std::shared_ptr<Bus> bus, const Waker& waker)
    : bus_(std::move(bus)), waker_(waker) {
  const std::scoped_lock lock(bus_->mutex_);
  bus_->watchers_.insert(&waker_);
}

Bus::Watch::~Watch() {
  const std::scoped_lock lock(bus_->mutex_);
  bus_->watchers_.erase(&waker_);
}

Error usb_error(int code) {
  switch (code) {
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_NOT_FOUND:
      return {ErrorCode::kUnavailable, "device_gone", "the device went away: was it unplugged?"};
    case LIBUSB_ERROR_ACCESS:
      return {ErrorCode::kDenied, "no_permission",
              "permission denied: install the udev rules of Cairn and add the service user to "
              "group cairn-usb"};
    case LIBUSB_ERROR_BUSY:
      return {ErrorCode::kConflict, "device_busy", "another program holds it"};
    case LIBUSB_ERROR_TIMEOUT:
      return {ErrorCode::kUnavailable, "no_answer", "the device does not answer"};
    case LIBUSB_ERROR_PIPE:
      return {ErrorCode::kUnavailable, "device_stalled", "the device refused what it was sent"};
    default:
      return {
          ErrorCode::kUnavailable, "device_error",
          fmt::format("the device failed: {}", ::libusb_strerror(static_cast<libusb_error>(code)))};
  }
}

Error stopped_error() {
  return {ErrorCode::kUnavailable, "stopped",
          "closed here: the service stops, or the device was released"};
}

}  // namespace cairn::devices::usb
