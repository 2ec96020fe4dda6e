#include "tools/cairn-sim/usb/virtual_usb_scanner.h"

#include "tools/cairn-sim/octets.h"
#include "tools/cairn-sim/usb/hid_reports.h"
#include "tools/cairn-sim/virtual_scanner.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::simulator {
namespace {

constexpr std::size_t kRecentScansMost = 20;

UsbDescription scanner_description() {
  UsbDescription device;
  device.driver = "usbhid";
  device.settings = {
      {3, 0, 0, hid_descriptor(scanner_report_descriptor().size()), {{0x81, 3, 64}}}};
  return device;
}

}  // namespace

VirtualUsbScanner::VirtualUsbScanner(const VirtualUsbScannerConfig& config, const Clock& clock)
    : UsbPlayed(DeviceKind::kScanner, config.place, scanner_description(), *this, clock),
      aim_(config.aim) {}

/// Before what the wire calls is gone.
VirtualUsbScanner::~VirtualUsbScanner() { wire().unplug(); }

void VirtualUsbScanner::tell_state(json::Value& into) const {
  tell_wire(into);
  const std::scoped_lock lock(mutex_);
  auto recent = json::Value::array();
  for (const std::string& sent : recent_) recent.add(sent);
  into.set("aim", aim_).set("recent", std::move(recent));
}

Result<Bytes> VirtualUsbScanner::scan(const Label& label) {
  if (label.code.empty()) return fail(ErrorCode::kInvalid, "no_code", "what shall be scanned?");
  if (label.aim && !aim_) {
    return fail(ErrorCode::kConflict, "no_aim",
                fmt::format("{} is not set up to send AIM identifiers (setting aim)", name()));
  }
  if (const auto open = check_open(); !open) return fail(open.error());
  const std::string aim =
      !aim_ ? std::string() : label.aim.value_or(std::string(usual_aim(label.code)));
  wire().send(scanner_reports(aim, label.code));
  note(aim + label.code);
  return aim + label.code;
}

Result<> VirtualUsbScanner::send(BytesView octets) {
  if (auto open = check_open(); !open) return open;
  wire().send({Bytes(octets)});
  note(octets);
  return {};
}

void VirtualUsbScanner::note(BytesView sent) {
  const std::scoped_lock lock(mutex_);
  recent_.push_front(format_octets(sent));
  if (recent_.size() > kRecentScansMost) recent_.pop_back();
}

std::optional<Bytes> VirtualUsbScanner::control(const UsbSetup& setup, BytesView) {
  constexpr std::uint16_t kReportDescriptor = 0x2200;
  if (setup.type == 0x81 && setup.request == 6 && setup.value == kReportDescriptor) {
    return Bytes(scanner_report_descriptor());
  }
  return std::nullopt;
}

}  // namespace cairn::simulator
