#include "device-drivers/hid/hid_link.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::devices::hid {
namespace {

/// What comes that soon after opening was there before: nobody scans or weighs so fast.
constexpr Duration kDrain = std::chrono::milliseconds(100);
constexpr Duration kAnswerWithin = std::chrono::seconds(1);

// Requests of the class (HID 1.11, 7.1 and 7.2).
constexpr std::uint8_t kStandardIn = 0x81;
constexpr std::uint8_t kClassIn = 0xA1;
constexpr std::uint8_t kClassOut = 0x21;
constexpr std::uint8_t kGetDescriptor = 6;
constexpr std::uint8_t kGetReport = 1;
constexpr std::uint8_t kSetReport = 9;
constexpr std::uint16_t kReportDescriptor = 0x2200;
constexpr std::uint16_t kInputReport = 0x0100;
constexpr std::uint16_t kFeatureReport = 0x0300;

/// How long the report descriptor is, by the HID descriptor (6.2.1); else as long as we take.
std::uint16_t descriptor_size(const usb::Interface& interface) {
  constexpr std::uint16_t kMost = 4096;
  constexpr std::size_t kLengthAt = 7;
  constexpr char kHidDescriptor = 0x21;
  const std::string& octets = interface.class_descriptor;
  if (octets.size() < kLengthAt + 2 || octets[1] != kHidDescriptor) return kMost;
  const auto low = static_cast<std::uint8_t>(octets[kLengthAt]);
  const auto high = static_cast<std::uint8_t>(octets[kLengthAt + 1]);
  return std::min(static_cast<std::uint16_t>(high << kBitsPerOctet | low), kMost);
}

/// A boot keyboard or mouse (HID 1.11, 4.2) is somebody's to type with: it is left to the kernel.
bool may_be_read(const usb::Interface& interface) {
  constexpr std::uint8_t kBoot = 1;
  return interface.base_class == usb::kHidClass && interface.sub_class != kBoot &&
         interface.alternate == 0 &&
         interface.find(usb::Endpoint::Kind::kInterrupt, true) != nullptr;
}

}  // namespace

HidLink::HidLink(HidLinkConfig config, HidSession& session, Report report, const Clock& clock)
    : config_(std::move(config)),
      session_(session),
      report_(std::move(report)),
      clock_(clock),
      news_(config_.name) {
  thread_ = std::thread([this] { run(); });
}

HidLink::~HidLink() {
  stopping_ = true;
  stop_.wake();
  waker_.wake();
  thread_.join();
}

void HidLink::run() {
  std::optional<usb::Bus::Watch> watch;
  while (!stopping_) {
    waker_.clear();  // first: what changes from here on wakes again
    const auto bus = usb::Bus::shared();
    if (bus && !watch) watch.emplace(*bus, waker_);
    std::optional<Error> lost;
    {
      auto opened = open();
      lost = opened ? serve(*opened) : std::optional(opened.error());
    }
    if (!lost || stopping_) return;
    report(DeviceState::kOffline, lost->message);
    wait_for(waker_, back_off_.pause());
  }
}

Result<HidLink::Opened> HidLink::open() {
  auto device = usb::Device::open(config_.address);
  if (!device) return fail(device.error());
  const auto interfaces = device->interfaces();
  if (!interfaces) return fail(interfaces.error());
  Error why{ErrorCode::kInvalid, "no_hid",
            "the device has no HID interface: set the scanner or scale to HID POS mode"};
  for (const usb::Interface& one : *interfaces) {
    if (!may_be_read(one)) continue;
    const auto octets = try_interface(*device, one);
    if (octets) return Opened{*std::move(device), one, *octets};
    // What hinders one is worth more than what another is not.
    if (why.code == ErrorCode::kInvalid) why = octets.error();
  }
  return fail(std::move(why));
}

Result<std::size_t> HidLink::try_interface(usb::Device& device, const usb::Interface& one) {
  if (auto claimed = device.claim(one); !claimed) return fail(claimed.error());
  const auto read = [&]() -> Result<std::size_t> {
    const auto octets =
        device.control_in({kStandardIn, kGetDescriptor, kReportDescriptor, one.number},
                          descriptor_size(one), limit());
    if (!octets) return fail(octets.error());
    const auto descriptor = ReportDescriptor::parse(*octets);
    if (!descriptor) return fail(descriptor.error());
    if (auto is = session_.opened(*descriptor, device.identity(), clock_.mono_now()); !is) {
      return fail(is.error());
    }
    return descriptor->input_octets;
  }();
  if (!read) {
    device.release(one);
    return read;
  }
  set_feature(device, one);
  return read;
}

void HidLink::set_feature(usb::Device& device, const usb::Interface& one) {
  const std::string feature = session_.feature();
  if (feature.empty()) return;
  const auto id = static_cast<std::uint8_t>(feature.front());
  // Those that do not have it refuse it, and work without.
  (void)device.control_out(
      {kClassOut, kSetReport, static_cast<std::uint16_t>(kFeatureReport | id), one.number}, feature,
      limit());
}

std::optional<Error> HidLink::serve(Opened& opened) {
  bool fresh = true;
  while (true) {
    const auto read_on = read(opened, std::exchange(fresh, false));
    if (stopping_) return std::nullopt;
    const Error& why = read_on.error();  // nothing else ends it
    const bool gone = why.reason == "device_gone";
    // Whatever was under way is lost: what comes next may be the rest of a code.
    if (!gone) session_.damaged(clock_.mono_now());
    if (gone || !recover(opened)) {
      session_.lost(clock_.mono_now());
      return why;
    }
  }
}

Result<> HidLink::read(Opened& opened, bool fresh) {
  usb::InputPipe pipe(opened.device, *opened.interface.find(usb::Endpoint::Kind::kInterrupt, true),
                      opened.report_octets, waker_);
  if (fresh) {
    if (auto drained = drain(pipe); !drained) return drained;
    if (!stopping_) report(DeviceState::kOnline, {});
  }
  while (!stopping_) {
    waker_.clear();
    const auto taken = take(pipe);
    if (!taken) return fail(taken.error());
    if (!*taken) session_.quiet(clock_.mono_now());
    if (auto asked = ask(opened, pipe); !asked) return asked;
    const auto due = session_.deadline();
    wait_for(waker_, due ? std::optional(*due - clock_.mono_now()) : std::nullopt);
  }
  return {};
}

Result<> HidLink::drain(usb::InputPipe& pipe) {
  const MonoTime end = clock_.mono_now() + kDrain;
  for (MonoTime now = clock_.mono_now(); !stopping_ && now < end; now = clock_.mono_now()) {
    waker_.clear();
    for (const auto& arrival : pipe.take()) {
      if (!arrival && arrival.error().reason != "device_overflow") return fail(arrival.error());
    }
    if (!stopping_) wait_for(waker_, end - now);
  }
  waker_.wake();  // whatever else it was woken for meanwhile is looked at next
  return {};
}

Result<bool> HidLink::take(usb::InputPipe& pipe) {
  const auto arrived = pipe.take();
  for (const auto& arrival : arrived) {
    const MonoTime now = clock_.mono_now();
    if (arrival) {
      back_off_.works();
      session_.received(*arrival, now);
    } else if (arrival.error().reason == "device_overflow") {
      session_.damaged(now);
    } else {
      return fail(arrival.error());
    }
  }
  return !arrived.empty();
}

Result<> HidLink::ask(Opened& opened, usb::InputPipe& pipe) {
  const auto id = session_.to_ask();
  if (!id) return {};
  const auto report = opened.device.control_in(
      {kClassIn, kGetReport, static_cast<std::uint16_t>(kInputReport | *id),
       opened.interface.number},
      static_cast<std::uint16_t>(opened.report_octets), limit());
  if (report) {
    // What came by itself while it was asked is older than its answer.
    if (const auto before = take(pipe); !before) return fail(before.error());
    session_.received(*report, clock_.mono_now());
  } else if (report.error().reason == "device_stalled") {
    session_.cannot_be_asked();
  } else {
    return fail(report.error());
  }
  return {};
}

Result<> HidLink::recover(Opened& opened) {
  switch (back_off_.failed()) {
    case usb::BackOff::Step::kClearHalt:
      return opened.device.clear_halt(
          *opened.interface.find(usb::Endpoint::Kind::kInterrupt, true));
    case usb::BackOff::Step::kReset: {
      auto done = opened.device.reset();
      if (done) set_feature(opened.device, opened.interface);
      return done;
    }
    case usb::BackOff::Step::kReopen:
      break;
  }
  return fail(ErrorCode::kUnavailable, "device_error", "the device has to be opened again");
}

usb::Limit HidLink::limit() const { return {clock_.mono_now() + kAnswerWithin, stop_, clock_}; }

void HidLink::report(DeviceState state, const std::string& detail) {
  if (auto change = news_.of(state, detail)) report_(*std::move(change));
}

}  // namespace cairn::devices::hid
