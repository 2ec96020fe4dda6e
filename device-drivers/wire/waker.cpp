#include "device-drivers/wire/waker.h"

#include "core/base/assert.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

namespace cairn::devices {
namespace {

/// For poll(2): rounded up, so that it does not wake just before the time and spin.
int poll_ms(std::optional<Duration> limit) {
  if (!limit) return -1;
  return static_cast<int>(
      std::chrono::ceil<std::chrono::milliseconds>(std::max(*limit, Duration::zero())).count());
}

}  // namespace

Waker::Waker() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CAIRN_ASSERT(event_.is_open(), "no file descriptors left");
}

void Waker::wake() const { CAIRN_ASSERT(::eventfd_write(fd(), 1) == 0, "an eventfd takes a one"); }

void Waker::clear() const {
  eventfd_t count = 0;
  ::eventfd_read(fd(), &count);  // fails if there was none, and that is fine
}

Woken wait_on(int wire, Await await, const Waker& waker, std::optional<Duration> limit) {
  const short wanted = await == Await::kWritable ? POLLOUT : POLLIN;
  std::array<pollfd, 2> polled{{{wire, wanted, 0}, {waker.fd(), POLLIN, 0}}};
  const int ready = ::poll(polled.data(), polled.size(), poll_ms(limit));
  CAIRN_ASSERT(ready >= 0 || errno == EINTR, "poll works on open descriptors");
  if (ready <= 0) return {};
  const auto happened = polled[0].revents;
  return {.by_waker = polled[1].revents != 0,
          .readable = (happened & POLLIN) != 0,
          .writable = (happened & POLLOUT) != 0,
          .hung_up = (happened & (POLLHUP | POLLERR | POLLNVAL)) != 0};
}

Woken wait_for(const Waker& waker, std::optional<Duration> limit) {
  constexpr int kNoWire = -1;  // poll(2) ignores it
  return wait_on(kNoWire, Await::kReadable, waker, limit);
}

}  // namespace cairn::devices
