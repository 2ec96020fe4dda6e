#include "core/runtime/detail/sse_client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace cairn::runtime {
namespace {

constexpr std::size_t kBatch = 16U << 10U;
// Bounds what the kernel queues for a screen that has stopped reading.
constexpr int kKernelBuffer = 64 << 10;
// A kiosk that lost its power must not keep one of few places until TCP gives up, 15 minutes later.
constexpr unsigned kDeadPeerMs = 15'000;

}  // namespace

SseClient::SseClient(UniqueFd socket, std::string first, std::uint64_t after, std::uint64_t lag_max)
    : socket_(std::move(socket)), unsent_(std::move(first)), after_(after), lag_max_(lag_max) {
  ::setsockopt(fd(), SOL_SOCKET, SO_SNDBUF, &kKernelBuffer, sizeof kKernelBuffer);
  ::setsockopt(fd(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kDeadPeerMs, sizeof kDeadPeerMs);
}

void SseClient::send(const EventRing& ring) {
  while (state_ == State::kAlive && !blocked_) {
    if (!ring.read(after_, unsent_, kBatch)) state_ = State::kTooSlow;
    if (unsent_.empty()) break;
    const ssize_t sent = ::send(fd(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
      unsent_.erase(0, static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      blocked_ = true;
    } else if (errno != EINTR) {
      state_ = State::kGone;
    }
  }
  if (blocked_ && ring.last() - after_ > lag_max_) state_ = State::kTooSlow;
}

void SseClient::read() {
  std::array<char, 4096> ignored{};
  const ssize_t got = ::recv(fd(), ignored.data(), ignored.size(), MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) state_ = State::kGone;
}

void SseClient::add(std::string_view frame) {
  if (unsent_.empty()) unsent_ = frame;
}

}  // namespace cairn::runtime
