#include "device-drivers/network/tcp_connection.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <optional>
#include <system_error>

namespace cairn::devices {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

tl::unexpected<Error> no_connection(const Endpoint& to, std::string_view why) {
  return fail(ErrorCode::kUnavailable, "no_connection",
              fmt::format("no connection to {}: {}; is it switched on?", to.text(), why));
}

tl::unexpected<Error> stopped() {
  return fail(ErrorCode::kUnavailable, "stopped",
              "closed here: the service stops, or the device was released");
}

std::string text_of(int error_number) { return std::generic_category().message(error_number); }

/// Waits until the connection attempt has ended. The errno it ended with, 0: connected.
int outcome_of_connect(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/// Errors: "stopped", or why not.
Result<FileDescriptor> connect_to(const Endpoint& to, const addrinfo& address, MonoTime until,
                                  const Waker& waker, const Clock& clock) {
  FileDescriptor socket(::socket(
      address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
  if (!socket.is_open()) return no_connection(to, text_of(errno));
  const int one = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return no_connection(to, text_of(errno));
  while (true) {
    const MonoTime now = clock.mono_now();
    if (now >= until) return no_connection(to, "it does not answer");
    const Woken woken = wait_on(socket.get(), Await::kWritable, waker, until - now);
    if (woken.by_waker) return stopped();
    if (!woken.writable && !woken.hung_up) continue;
    if (const int error = outcome_of_connect(socket.get()); error != 0) {
      return no_connection(to, text_of(error));
    }
    return socket;
  }
}

}  // namespace

Result<TcpConnection> TcpConnection::open(const Endpoint& to, MonoTime until, const Waker& waker,
                                          const Clock& clock) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code =
      ::getaddrinfo(to.host.c_str(), fmt::format("{}", to.port).c_str(), &hints, &found);
  if (code != 0) return no_connection(to, ::gai_strerror(code));
  const Addresses addresses(found, &::freeaddrinfo);
  auto connected = Result<FileDescriptor>(no_connection(to, "the name has no address"));
  for (const addrinfo* one = found; one != nullptr && !connected; one = one->ai_next) {
    connected = connect_to(to, *one, until, waker, clock);
    if (!connected && connected.error().reason == "stopped") break;
  }
  if (!connected) return fail(connected.error());
  return TcpConnection(*std::move(connected));
}

ByteConnection::Sent TcpConnection::send(std::string_view octets, MonoTime until,
                                         const Waker& waker, const Clock& clock) {
  Sent sent;
  while (sent.octets < octets.size()) {
    const std::string_view rest = octets.substr(sent.octets);
    const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count > 0) {
      sent.octets += static_cast<std::size_t>(count);
      continue;
    }
    if (count < 0 && errno != EAGAIN && errno != EINTR) {
      sent.problem = text_of(errno);
      return sent;
    }
    const MonoTime now = clock.mono_now();
    if (now >= until) {
      sent.problem = "it takes no more";
      return sent;
    }
    if (wait_on(socket_.get(), Await::kWritable, waker, until - now).by_waker) {
      sent.problem = stopped().value().message;
      return sent;
    }
  }
  sent.all = true;
  return sent;
}

Result<std::string> TcpConnection::receive(MonoTime until, const Waker& waker, const Clock& clock) {
  while (true) {
    // Looked at each time: a device that never stops talking must not keep its driver for ever.
    const MonoTime now = clock.mono_now();
    if (now >= until) return std::string();
    if (wait_on(socket_.get(), Await::kReadable, waker, until - now).by_waker) return stopped();
    std::array<char, 4096> buffer{};
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) return std::string(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0) {
      return fail(ErrorCode::kUnavailable, "connection_closed", "it closed the connection");
    }
    if (errno != EAGAIN && errno != EINTR) {
      return fail(ErrorCode::kUnavailable, "connection_closed", text_of(errno));
    }
  }
}

void TcpConnection::finish(MonoTime until, const Waker& waker, const Clock& clock) {
  ::shutdown(socket_.get(), SHUT_WR);
  while (true) {
    const auto late = receive(until, waker, clock);
    if (!late || late->empty()) return;
  }
}

Result<std::unique_ptr<ByteConnection>> TcpConnector::connect(MonoTime until, const Waker& waker,
                                                              const Clock& clock) {
  auto connection = TcpConnection::open(address_, until, waker, clock);
  if (!connection) return fail(connection.error());
  return std::make_unique<TcpConnection>(*std::move(connection));
}

}  // namespace cairn::devices
