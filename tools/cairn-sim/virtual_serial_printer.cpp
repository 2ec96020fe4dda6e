#include "tools/cairn-sim/virtual_serial_printer.h"

#include <poll.h>

#include <algorithm>
#include <array>

namespace cairn::simulator {
namespace {

/// While no program has the line open it is hung up, and poll(2) would return at once.
constexpr Duration kLookForProgram = std::chrono::milliseconds(20);

}  // namespace

VirtualSerialPrinter::VirtualSerialPrinter(const VirtualSerialPrinterConfig& config,
                                           const Clock& clock)
    : SerialPlayed(DeviceKind::kPrinter, config.name, config.link),
      PrintEngine(config.name, config.language, config.print_time, clock),
      clock_(clock) {}

VirtualSerialPrinter::~VirtualSerialPrinter() { pull(); }

void VirtualSerialPrinter::tell_state(json::Value& into) const {
  into.set("plugged", is_plugged()).set("connected", is_open());
  tell(into);
}

Result<> VirtualSerialPrinter::check(const PrinterFault& fault) const {
  using Kind = PrinterFault::Kind;
  if (fault.kind == Kind::kMute || fault.kind == Kind::kDeaf || fault.kind == Kind::kNone) {
    return {};
  }
  return fail(ErrorCode::kInvalid, "bad_fault",
              "a printer on a serial line can be mute or deaf; the rest is of networks");
}

bool VirtualSerialPrinter::reads() const {
  return fault().kind != PrinterFault::Kind::kDeaf && !is_full();
}

void VirtualSerialPrinter::serve(Pty& line) {
  // Nobody reads it: as with a real line, it is lost.
  const auto say = [&line](const std::vector<Bytes>& answers) {
    for (const Bytes& one : answers) (void)line.write(one);
  };
  while (!is_stopping()) {
    const bool listens = reads();
    const bool is_open = line.is_open();
    const MonoTime now = clock_.mono_now();
    auto due = deadline();
    if (listens && !is_open)
      due = std::min(due.value_or(now + kLookForProgram), now + kLookForProgram);
    std::array<pollfd, 2> polled{
        {{listens && is_open ? line.fd() : -1, POLLIN, 0}, {wake().fd(), POLLIN, 0}}};
    ::poll(polled.data(), polled.size(), poll_ms(due, now));
    wake().clear();
    advance();
    while (!is_stopping() && reads()) {
      const Bytes octets = line.read();
      if (octets.empty()) break;
      say(hear(octets));
    }
    if (!is_stopping()) say(owed());
  }
}

}  // namespace cairn::simulator
