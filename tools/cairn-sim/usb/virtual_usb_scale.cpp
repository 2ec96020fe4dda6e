#include "tools/cairn-sim/usb/virtual_usb_scale.h"

#include "core/base/numbers.h"
#include "tools/cairn-sim/usb/hid_reports.h"

#include <poll.h>

#include <algorithm>
#include <limits>

namespace cairn::simulator {
namespace {

constexpr int kBetweenReportsMs = 100;
constexpr std::uint8_t kKilogram = 3;

UsbDescription scale_description() {
  UsbDescription device;
  device.driver = "usbhid";
  device.settings = {{3, 0, 0, hid_descriptor(scale_report_descriptor().size()), {{0x82, 3, 8}}}};
  return device;
}

std::uint8_t status_of(ScaleMechanism::State state, bool is_zero) {
  switch (state) {
    case ScaleMechanism::State::kMoving:
      return 3;
    case ScaleMechanism::State::kUnder:
      return 5;
    case ScaleMechanism::State::kOver:
      return 6;
    case ScaleMechanism::State::kStable:
      break;
  }
  return is_zero ? 2 : 4;
}

}  // namespace

VirtualUsbScale::VirtualUsbScale(const VirtualUsbScaleConfig& config, const Clock& clock)
    : UsbPlayed(DeviceKind::kScale, config.place, scale_description(), *this, clock),
      clock_(clock),
      mechanism_(config.settle) {
  thread_ = std::thread([this] { serve(); });
}

VirtualUsbScale::~VirtualUsbScale() {
  stopping_ = true;
  stop_.wake();
  thread_.join();
  wire().unplug();
}

void VirtualUsbScale::tell_state(json::Value& into) const {
  tell_wire(into);
  const std::scoped_lock lock(weighing_);
  const MonoTime now = clock_.mono_now();
  into.set("state", name_of(mechanism_.state(now)));
  if (const auto shown = mechanism_.shown(now)) {
    into.set("kg", *shown);
  } else {
    into.set_null("kg");
  }
  into.set("mute", mute_);
}

void VirtualUsbScale::put(std::int64_t grams) {
  change([this, grams] { mechanism_.put(grams, clock_.mono_now()); });
}

void VirtualUsbScale::move() {
  change([this] { mechanism_.move(); });
}

void VirtualUsbScale::overload() {
  change([this] { mechanism_.overload(); });
}

void VirtualUsbScale::lift() {
  change([this] { mechanism_.lift(); });
}

void VirtualUsbScale::mute(bool on) {
  change([this, on] { mute_ = on; });
}

Result<> VirtualUsbScale::garble(bool) {
  return fail(ErrorCode::kInvalid, "bad_fault",
              "USB hands over whole reports or none: use `fault garbage`");
}

void VirtualUsbScale::change(const std::function<void()>& how) {
  const std::scoped_lock lock(weighing_);
  how();
}

Bytes VirtualUsbScale::report() const {
  const std::scoped_lock lock(weighing_);
  if (mute_) return {};
  const MonoTime now = clock_.mono_now();
  // "01.250" is 1250 thousandths; a report has room for 65535.
  const auto shown = mechanism_.shown(now);
  std::int64_t number = shown ? parse_decimal(*shown, 3).value_or(0) : 0;
  std::int8_t exponent = -3;
  if (number > std::numeric_limits<std::uint16_t>::max()) {
    number /= 10;
    exponent = -2;
  }
  return scale_report({status_of(mechanism_.state(now), number == 0), kKilogram, exponent,
                       static_cast<std::uint16_t>(number)});
}

void VirtualUsbScale::serve() {
  while (!stopping_) {
    pollfd polled{stop_.fd(), POLLIN, 0};
    ::poll(&polled, 1, kBetweenReportsMs);
    if (stopping_ || !wire().is_open()) continue;
    if (Bytes message = report(); !message.empty()) wire().say(std::move(message));
  }
}

std::optional<Bytes> VirtualUsbScale::control(const UsbSetup& setup, BytesView) {
  constexpr std::uint16_t kReportDescriptor = 0x2200;
  constexpr std::uint16_t kInputReport3 = 0x0103;
  if (setup.type == 0x81 && setup.request == 6 && setup.value == kReportDescriptor) {
    return Bytes(scale_report_descriptor());
  }
  if (setup.type == 0xA1 && setup.request == 1 && setup.value == kInputReport3) {
    if (Bytes message = report(); !message.empty()) return message;
  }
  return std::nullopt;
}

}  // namespace cairn::simulator
