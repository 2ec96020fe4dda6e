#include "device-drivers/serial/serial_scanner.h"

#include "core/base/assert.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace cairn::devices {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// No scanner pauses that long within a code, not even at 1200 baud or over radio.
constexpr Duration kGap = seconds(1);
constexpr Duration kFirstRetry = milliseconds(100);
constexpr Duration kLastRetry = seconds(1);
/// A port that closes sooner is not back yet, e.g. a plug with a loose contact: retries go on
/// slowing.
constexpr Duration kSettled = seconds(1);

/// poll(2) ignores it.
constexpr int kNoPort = -1;

/// For poll(2): rounded up, so that it does not wake just before the time and spin.
int poll_ms(std::optional<Duration> limit) {
  if (!limit) return -1;
  return static_cast<int>(
      std::chrono::ceil<milliseconds>(std::max(*limit, Duration::zero())).count());
}

}  // namespace

SerialScanner::SerialScanner(SerialScannerConfig config, ScannerSink& sink, const Clock& clock)
    : config_(std::move(config)),
      sink_(sink),
      clock_(clock),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CAIRN_ASSERT(stop_.is_open(), "no file descriptors left");
  thread_ = std::thread([this] { run(); });
}

SerialScanner::~SerialScanner() {
  CAIRN_ASSERT(::eventfd_write(stop_.get(), 1) == 0, "an eventfd takes a one");
  thread_.join();
}

void SerialScanner::run() {
  while (true) {
    const MonoTime started = clock_.mono_now();
    auto port = SerialPort::open(config_.path, config_.baud, config_.mode);
    const auto lost = port ? listen(*std::move(port)) : std::optional(port.error());
    if (!lost) return;
    report(DeviceState::kOffline, lost->message);
    if (clock_.mono_now() - started >= kSettled) retry_ = kFirstRetry;
    if (wait(kNoPort, retry_).to_stop) return;
    retry_ = std::min(retry_ * 2, kLastRetry);
  }
}

std::optional<Error> SerialScanner::listen(SerialPort port) {
  report(DeviceState::kOnline, {});
  LineFramer framer(kGap);
  std::array<char, 4096> buffer{};
  while (true) {
    const auto due = framer.deadline();
    const Wake wake = wait(port.fd(), due ? std::optional(*due - clock_.mono_now()) : std::nullopt);
    if (wake.to_stop) return std::nullopt;
    // Read before anything is concluded: what arrived before the device went away still counts, and
    // only a read that finds nothing proves silence.
    const auto octets = port.read(buffer);
    const MonoTime now = clock_.mono_now();
    if (!octets || (octets->empty() && wake.hung_up)) {
      if (const auto cut_off = framer.reset()) deliver(tl::unexpected(*cut_off), now);
      return octets ? gone_error() : octets.error();
    }
    if (octets->empty()) {
      if (const auto given_up = framer.quiet(now)) deliver(tl::unexpected(*given_up), now);
      continue;
    }
    retry_ = kFirstRetry;
    for (const LineFramer::Read& read : framer.feed(*octets, now)) deliver(read, now);
  }
}

SerialScanner::Wake SerialScanner::wait(int port_fd, std::optional<Duration> limit) const {
  std::array<pollfd, 2> polled{{{port_fd, POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
  const int ready = ::poll(polled.data(), polled.size(), poll_ms(limit));
  CAIRN_ASSERT(ready >= 0 || errno == EINTR, "poll works on open descriptors");
  if (ready <= 0) return {};
  return {.to_stop = polled[1].revents != 0,
          .hung_up = (polled[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0};
}

void SerialScanner::deliver(const LineFramer::Read& read, MonoTime at) {
  if (read) {
    sink_.on_scan({config_.name, *read, at});
  } else {
    sink_.on_failed_read({config_.name, read.error(), at});
  }
}

void SerialScanner::report(DeviceState state, const std::string& detail) {
  if (reported_ && reported_->state == state && reported_->detail == detail) return;
  reported_ = StateChange{config_.name, state, detail};
  sink_.on_state(*reported_);
}

}  // namespace cairn::devices
