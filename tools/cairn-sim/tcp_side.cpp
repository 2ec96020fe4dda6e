#include "tools/cairn-sim/tcp_side.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace cairn::simulator {
namespace {

tl::unexpected<Error> no_listener(const Endpoint& at, int error_number) {
  if (error_number == EADDRINUSE) {
    return fail(ErrorCode::kUnavailable, "address_in_use",
                fmt::format("cannot listen at {}: another program does", at.text()));
  }
  return fail(ErrorCode::kUnavailable, "no_listener",
              fmt::format("cannot listen at {}: {}", at.text(),
                          std::generic_category().message(error_number)));
}

}  // namespace

Result<TcpListener> TcpListener::open(const Endpoint& at) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(at.port);
  if (::inet_pton(AF_INET, at.host.c_str(), &address.sin_addr) != 1) {
    return no_listener(at, EADDRNOTAVAIL);
  }
  runtime::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return no_listener(at, errno);
  const int one = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  constexpr int kBacklog = 16;
  if (::bind(socket.get(), generic, size) != 0 || ::listen(socket.get(), kBacklog) != 0 ||
      ::getsockname(socket.get(), generic, &size) != 0) {
    return no_listener(at, errno);
  }
  return TcpListener(std::move(socket), ntohs(address.sin_port));
}

runtime::UniqueFd TcpListener::accept() const {
  return runtime::UniqueFd(::accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

TcpSide::TcpSide(runtime::UniqueFd socket) : socket_(std::move(socket)) {
  const int one = 1;  // so that what is sent in pieces arrives in pieces
  ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

std::optional<std::string> TcpSide::read(std::size_t most) {
  std::array<char, 4096> buffer{};
  const ssize_t count = ::recv(fd(), buffer.data(), std::min(most, buffer.size()), 0);
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return std::nullopt;
  if (count < 0) return std::string();
  taken_ += static_cast<std::size_t>(count);
  return std::string(buffer.data(), static_cast<std::size_t>(count));
}

void TcpSide::flush(MonoTime now) {
  while (!outgoing_.empty() && outgoing_.front().due <= now) {
    std::string& octets = outgoing_.front().octets;
    const ssize_t count = ::send(fd(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) {
      // Nobody reads it; the next look is soon enough.
      constexpr Duration kAgain = std::chrono::milliseconds(20);
      outgoing_.front().due = now + kAgain;
      return;
    }
    if (count < 0 && errno != EINTR) return outgoing_.clear();  // read() tells that it is gone
    octets.erase(0, count > 0 ? static_cast<std::size_t>(count) : 0);
    if (octets.empty()) outgoing_.pop_front();
  }
}

std::optional<MonoTime> TcpSide::deadline() const {
  return outgoing_.empty() ? std::nullopt : std::optional(outgoing_.front().due);
}

void TcpSide::reset_on_close() const {
  const linger now{1, 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace cairn::simulator
