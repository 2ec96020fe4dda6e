#include "tools/cairn-sim/stop_signal.h"

#include "core/base/assert.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <pthread.h>

namespace cairn::simulator {

StopSignal::StopSignal() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t stop{};
  ::sigemptyset(&stop);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&stop, signal);
  ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  fd_ = ::signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
  CAIRN_ASSERT(fd_ >= 0, "no file descriptors left");
}

StopSignal::~StopSignal() { ::close(fd_); }

bool StopSignal::is_raised() const { return !pause(Duration::zero()); }

void StopSignal::raise() const { ::kill(::getpid(), SIGTERM); }

void StopSignal::wait() const {
  constexpr int kNothing = -1;
  wait_readable(kNothing);
}

Result<> StopSignal::pause(Duration duration) const {
  constexpr std::int64_t kSecond = 1'000'000;
  const timespec limit{static_cast<std::time_t>(duration.count() / kSecond),
                       static_cast<long>(duration.count() % kSecond * 1000)};
  pollfd stop{fd_, POLLIN, 0};
  if (::ppoll(&stop, 1, &limit, nullptr) <= 0) return {};
  return fail(ErrorCode::kUnavailable, "stopped", "the simulator was told to stop");
}

void StopSignal::wait_readable(int fd) const {
  std::array<pollfd, 2> polled{{{fd, POLLIN, 0}, {fd_, POLLIN, 0}}};
  while (::poll(polled.data(), polled.size(), -1) < 0 && errno == EINTR) continue;
}

}  // namespace cairn::simulator
