#include "tools/cairn-sim/usb/virtual_usb_printer.h"

#include <fmt/format.h>
#include <poll.h>

namespace cairn::simulator {
namespace {

/// As many have it: one setting that only listens, one that talks back.
UsbDescription printer_description() {
  UsbDescription device;
  device.driver = "usblp";
  device.settings = {{7, 1, 1, {}, {{0x01, 2, 64}}}, {7, 1, 2, {}, {{0x01, 2, 64}, {0x82, 2, 64}}}};
  return device;
}

/// What GET_DEVICE_ID gets: its length, itself included, in two octets, and pairs (USB printer
/// class 1.1, 4.2.1).
Bytes device_id(std::string_view command_set) {
  const std::string pairs =
      fmt::format("MFG:Cairn;MODEL:Virtual label printer;COMMAND SET:{};CLS:PRINTER;", command_set);
  const auto size = static_cast<unsigned>(pairs.size() + 2);
  return Bytes{static_cast<char>(size >> 8U), static_cast<char>(size & 0xFFU)} + pairs;
}

/// What GET_PORT_STATUS gets (4.2.2): no paper; paused, it is not selected; an open lid and a
/// ribbon that is used up are errors.
Bytes port_status(const PrinterMechanism::Obstacles& obstacles) {
  const unsigned paper_empty = obstacles.paper_out ? 1U << 5U : 0;
  const unsigned selected = obstacles.paused ? 0 : 1U << 4U;
  const unsigned no_error = obstacles.lid_open || obstacles.ribbon_out ? 0 : 1U << 3U;
  return {static_cast<char>(paper_empty | selected | no_error)};
}

}  // namespace

VirtualUsbPrinter::VirtualUsbPrinter(const VirtualUsbPrinterConfig& config, const Clock& clock)
    : UsbPlayed(DeviceKind::kPrinter, config.place, printer_description(), *this, clock),
      PrintEngine(config.place.name, config.language, config.print_time, clock),
      command_set_(config.command_set.empty() ? command_set_of(config.language)
                                              : config.command_set),
      clock_(clock) {
  thread_ = std::thread([this] { serve(); });
}

/// Before what the wire calls is gone.
VirtualUsbPrinter::~VirtualUsbPrinter() {
  stopping_ = true;
  wake_.wake();
  thread_.join();
  wire().unplug();
}

void VirtualUsbPrinter::tell_state(json::Value& into) const {
  tell_wire(into);
  into.set("connected", wire().is_open()).set("soft_resets", soft_resets_.load());
  tell(into);
}

Result<> VirtualUsbPrinter::check(const PrinterFault& fault) const {
  using Kind = PrinterFault::Kind;
  if (fault.kind == Kind::kMute || fault.kind == Kind::kNone) return {};
  return fail(ErrorCode::kInvalid, "bad_fault",
              "a USB printer can be mute; what its wire can do says \"usb\"");
}

std::optional<Bytes> VirtualUsbPrinter::control(const UsbSetup& setup, BytesView) {
  if (setup.type == 0xA1 && setup.request == 0) return device_id(command_set_);
  if (setup.type == 0xA1 && setup.request == 1) return port_status(obstacles());
  if (setup.type == 0x21 && setup.request == 2) {
    forget_half();
    ++soft_resets_;
    return Bytes();
  }
  return std::nullopt;
}

std::vector<Bytes> VirtualUsbPrinter::take(BytesView octets) {
  auto answers = hear(octets);
  changed();
  return answers;
}

void VirtualUsbPrinter::serve() {
  while (!stopping_) {
    pollfd polled{wake_.fd(), POLLIN, 0};
    ::poll(&polled, 1, poll_ms(deadline(), clock_.mono_now()));
    wake_.clear();
    if (stopping_) return;
    if (const auto answers = owed(); !answers.empty()) wire().send(answers);
  }
}

}  // namespace cairn::simulator
