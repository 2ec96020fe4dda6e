#include "device-drivers/serial/serial_connection.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace cairn::devices {
namespace {

constexpr std::string_view kStopping = "closed here: the service stops, or the device was released";
constexpr Duration kBetweenLooks = std::chrono::milliseconds(10);

}  // namespace

ByteConnection::Sent SerialConnection::send(std::string_view octets, MonoTime until,
                                            const Waker& waker, const Clock& clock) {
  Sent sent;
  is_sent_ = false;
  while (sent.octets < octets.size()) {
    const auto taken = port_.write_some(octets.substr(sent.octets));
    if (!taken) {
      sent.problem = taken.error().message;
      return sent;
    }
    sent.octets += *taken;
    if (*taken > 0) continue;
    const MonoTime now = clock.mono_now();
    if (now >= until) {
      sent.problem = "it takes no more";
      return sent;
    }
    if (wait_on(port_.fd(), Await::kWritable, waker, until - now).by_waker) {
      sent.problem = kStopping;
      return sent;
    }
  }
  sent.all = true;
  return sent;
}

Result<std::string> SerialConnection::receive(MonoTime until, const Waker& waker,
                                              const Clock& clock) {
  while (true) {
    const MonoTime now = clock.mono_now();
    if (now >= until) return std::string();
    if (wait_on(port_.fd(), Await::kReadable, waker, until - now).by_waker) {
      return fail(ErrorCode::kUnavailable, "stopped", std::string(kStopping));
    }
    std::array<char, 4096> buffer{};
    const auto octets = port_.read(buffer);
    if (!octets) return fail(octets.error());
    if (!octets->empty()) return std::string(*octets);
  }
}

void SerialConnection::finish(MonoTime until, const Waker& waker, const Clock& clock) {
  while (port_.unsent() > 0) {
    const MonoTime now = clock.mono_now();
    if (now >= until) return;
    if (wait_for(waker, std::min(until - now, kBetweenLooks)).by_waker) return;
  }
  is_sent_ = true;
}

Result<std::unique_ptr<ByteConnection>> SerialConnector::connect(MonoTime, const Waker&,
                                                                 const Clock&) {
  auto port = SerialPort::open(line_.path, line_.baud, line_.mode, line_.flow);
  if (!port) return fail(port.error());
  return std::make_unique<SerialConnection>(*std::move(port));
}

}  // namespace cairn::devices
