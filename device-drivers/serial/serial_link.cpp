#include "device-drivers/serial/serial_link.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::devices {
namespace {

constexpr Duration kLastRetry = std::chrono::seconds(1);
/// A port that closes sooner is not back yet, e.g. a plug with a loose contact: retries go on
/// slowing.
constexpr Duration kSettled = std::chrono::seconds(1);

}  // namespace

SerialLink::SerialLink(SerialLinkConfig config, SerialSession& session, Report report,
                       const Clock& clock)
    : config_(std::move(config)),
      session_(session),
      report_(std::move(report)),
      clock_(clock),
      news_(config_.name) {
  thread_ = std::thread([this] { run(); });
}

SerialLink::~SerialLink() {
  stopping_ = true;
  waker_.wake();
  thread_.join();
}

void SerialLink::run() {
  while (!stopping_) {
    const MonoTime started = clock_.mono_now();
    auto port = SerialPort::open(config_.path, config_.baud, config_.mode);
    const auto lost = port ? serve(*std::move(port)) : std::optional(port.error());
    if (!lost) return;
    report(DeviceState::kOffline, lost->message);
    if (clock_.mono_now() - started >= kSettled) retry_ = kFirstRetry;
    wait_for(waker_, retry_);
    waker_.clear();
    retry_ = std::min(retry_ * 2, kLastRetry);
  }
}

std::optional<Error> SerialLink::serve(SerialPort port) {
  if (session_.opened(clock_.mono_now())) report(DeviceState::kOnline, {});
  std::array<char, 4096> buffer{};
  while (true) {
    if (auto sent = send(port); !sent) {
      session_.lost(clock_.mono_now());
      return sent.error();
    }
    const auto due = session_.deadline();
    const Woken woken = wait_on(port.fd(), Await::kReadable, waker_,
                                due ? std::optional(*due - clock_.mono_now()) : std::nullopt);
    if (stopping_) return std::nullopt;
    if (woken.by_waker) waker_.clear();
    // Read before anything is concluded: what arrived before the device went away still counts, and
    // only a read that finds nothing proves silence.
    const auto octets = port.read(buffer);
    const MonoTime now = clock_.mono_now();
    if (!octets || (octets->empty() && woken.hung_up)) {
      session_.lost(now);
      return octets ? gone_error() : octets.error();
    }
    if (octets->empty()) {
      session_.quiet(now);
      continue;
    }
    retry_ = kFirstRetry;
    session_.received(*octets, now);
  }
}

Result<> SerialLink::send(SerialPort& port) {
  const std::string octets = session_.to_send();
  return octets.empty() ? Result<>() : port.write(octets);
}

void SerialLink::report(DeviceState state, const std::string& detail) {
  if (auto change = news_.of(state, detail)) report_(*std::move(change));
}

}  // namespace cairn::devices
