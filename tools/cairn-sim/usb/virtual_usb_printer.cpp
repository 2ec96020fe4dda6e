#include "tools/cairn-sim/usb/virtual_usb_printer.h"

#include <utility>

namespace cairn::simulator {
namespace {

constexpr BytesView kDeviceId =
    "MFG:Cairn;MODEL:Virtual label printer;COMMAND SET:ZPL;CLS:PRINTER;";

/// As many have it: one setting that only listens, one that talks back.
UsbDescription printer_description() {
  UsbDescription device;
  device.driver = "usblp";
  device.settings = {{7, 1, 1, {}, {{0x01, 2, 64}}}, {7, 1, 2, {}, {{0x01, 2, 64}, {0x82, 2, 64}}}};
  return device;
}

}  // namespace

VirtualUsbPrinter::VirtualUsbPrinter(const VirtualUsbPrinterConfig& config, const Clock& clock)
    : UsbPlayed(DeviceKind::kPrinter, config.place, printer_description(), *this, clock),
      clock_(clock),
      mechanism_(config.print_time) {}

/// Before what the wire calls is gone.
VirtualUsbPrinter::~VirtualUsbPrinter() { wire().unplug(); }

void VirtualUsbPrinter::tell_state(json::Value& into) const {
  tell_wire(into);
  const std::scoped_lock lock(printing_);
  const auto& obstacles = up_to_date().obstacles();
  into.set("paper", obstacles.paper_out ? "out" : "in")
      .set("lid", obstacles.lid_open ? "open" : "closed")
      .set("ribbon", obstacles.ribbon_out ? "out" : "in")
      .set("paused", obstacles.paused)
      .set("fault", mute_ ? "mute" : "none")
      .set("soft_resets", soft_resets_)
      .set("received", mechanism_.received())
      .set("waiting", mechanism_.waiting())
      .set("printed", mechanism_.printed());
}

void VirtualUsbPrinter::set_paper(bool in) {
  change([in](auto& obstacles) { obstacles.paper_out = !in; });
}

void VirtualUsbPrinter::set_lid(bool open) {
  change([open](auto& obstacles) { obstacles.lid_open = open; });
}

void VirtualUsbPrinter::set_ribbon(bool in) {
  change([in](auto& obstacles) { obstacles.ribbon_out = !in; });
}

void VirtualUsbPrinter::set_paused(bool on) {
  change([on](auto& obstacles) { obstacles.paused = on; });
}

void VirtualUsbPrinter::change(const std::function<void(PrinterMechanism::Obstacles&)>& how) {
  const std::scoped_lock lock(printing_);
  auto obstacles = mechanism_.obstacles();
  how(obstacles);
  mechanism_.set(obstacles, clock_.mono_now());
}

Result<> VirtualUsbPrinter::set_fault(const PrinterFault& fault) {
  using Kind = PrinterFault::Kind;
  if (fault.kind != Kind::kMute && fault.kind != Kind::kNone) {
    return fail(ErrorCode::kInvalid, "bad_fault",
                "a USB printer can be mute; what its wire can do says \"usb\"");
  }
  const std::scoped_lock lock(printing_);
  mute_ = fault.kind == Kind::kMute;
  return {};
}

PlayedPrinter::Counts VirtualUsbPrinter::counts() const {
  const bool open = wire().is_open();
  const std::scoped_lock lock(printing_);
  const PrinterMechanism& mechanism = up_to_date();
  return {mechanism.received(), mechanism.printed(), mechanism.waiting(), open};
}

std::vector<PrinterMechanism::Label> VirtualUsbPrinter::labels() const {
  const std::scoped_lock lock(printing_);
  const auto& labels = up_to_date().labels();
  return {labels.begin(), labels.end()};
}

Result<std::string> VirtualUsbPrinter::label(std::uint64_t number) const {
  const std::scoped_lock lock(printing_);
  return find_label(up_to_date(), number, name());
}

PrinterMechanism& VirtualUsbPrinter::up_to_date() const {
  mechanism_.advance(clock_.mono_now());
  return mechanism_;
}

std::optional<Bytes> VirtualUsbPrinter::control(const UsbSetup& setup, BytesView) {
  constexpr unsigned kPaperEmpty = 1U << 5U;
  constexpr unsigned kSelectedNoError = 0x18;
  const std::scoped_lock lock(printing_);
  if (setup.type == 0xA1 && setup.request == 0) {
    const auto size = static_cast<unsigned>(kDeviceId.size() + 2);
    Bytes answer{static_cast<char>(size >> 8U), static_cast<char>(size & 0xFFU)};
    return answer + Bytes(kDeviceId);
  }
  if (setup.type == 0xA1 && setup.request == 1) {
    const unsigned paper = mechanism_.obstacles().paper_out ? kPaperEmpty : 0;
    return Bytes{static_cast<char>(kSelectedNoError | paper)};
  }
  if (setup.type == 0x21 && setup.request == 2) {
    intake_.reset();
    ++soft_resets_;
    return Bytes();
  }
  return std::nullopt;
}

std::vector<Bytes> VirtualUsbPrinter::take(BytesView octets) {
  const std::scoped_lock lock(printing_);
  std::vector<Bytes> answers;
  for (auto& arrival : intake_.feed(octets)) {
    if (arrival.kind == ZplIntake::Arrival::Kind::kFormat) {
      mechanism_.take(std::move(arrival.zpl), clock_.mono_now());
    } else if (!mute_) {
      answers.push_back(up_to_date().host_status(intake_.is_partial()));
    }
  }
  return answers;
}

void VirtualUsbPrinter::power_off() {
  const std::scoped_lock lock(printing_);
  up_to_date().power_off();
  intake_.reset();
}

}  // namespace cairn::simulator
