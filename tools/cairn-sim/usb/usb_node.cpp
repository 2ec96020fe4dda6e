#include "tools/cairn-sim/usb/usb_node.h"

#include "tools/cairn-sim/usb/openers.h"

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

}  // namespace

void UsbNode::Object::operator()(void* object) const { g_object_unref(object); }

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
  if (claimed_.empty() || openers_of(device_) > 1) return;
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

/// To poll(2), writable means that a transfer can be fetched.
void UsbNode::show_whether_done() const {
  if (slave_.valid()) ::tcflow(slave_.get(), done_.empty() ? TCOOFF : TCOON);
}

}  // namespace cairn::simulator
