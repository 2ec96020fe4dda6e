#include "core/runtime/detail/listener.h"

#include "core/base/assert.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace cairn::runtime {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr int kBacklog = 128;
constexpr int kPauseMs = 500;

/// Child processes (the barcode decoder) must not keep our connections and our port open.
void close_on_exec(const Poco::Net::Socket& socket) {
  ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
}

tl::unexpected<Error> listen_error(int number, const std::string& address,
                                   const std::string& details) {
  switch (number) {
    case EADDRINUSE:
      return fail(ErrorCode::kUnavailable, "address_in_use",
                  fmt::format("cannot listen at {}: another program uses this address", address));
    case EACCES:
      return fail(ErrorCode::kDenied, "port_not_allowed",
                  fmt::format("cannot listen at {}: ports below 1024 need a privilege", address));
    case EADDRNOTAVAIL:
      return fail(ErrorCode::kInvalid, "bad_address",
                  fmt::format("cannot listen at {}: this machine has no such address", address));
    default:
      return fail(ErrorCode::kInternal, "listen_failed",
                  fmt::format("cannot listen at {}: {}", address, details));
  }
}

Result<SocketAddress> address_of(const std::string& host, std::uint16_t port) {
  try {
    return SocketAddress(host, port);
  } catch (const Poco::Exception&) {
    return fail(ErrorCode::kInvalid, "bad_address",
                fmt::format("cannot listen at {}: this is no address of a machine", host));
  }
}

}  // namespace

Listener::Listener() : stop_fd_(::eventfd(0, EFD_CLOEXEC)) {
  CAIRN_ASSERT(stop_fd_.valid(), "a process that cannot open an eventfd cannot serve anybody");
}

Result<> Listener::open(const std::string& host, std::uint16_t port) {
  const auto address = address_of(host, port);
  if (!address) return fail(address.error());
  try {
    // Without reusePort = false, which is not the default, two programs could share one port.
    if (address->family() == SocketAddress::IPv6) {
      socket_.bind6(*address, true, false, false);
    } else {
      socket_.bind(*address, true, false);
    }
    socket_.listen(kBacklog);
    socket_.setBlocking(false);  // a peer may be gone again between poll and accept
    close_on_exec(socket_);
  } catch (const Poco::Exception& e) {
    return listen_error(e.code(), address->toString(), e.displayText());
  }
  return {};
}

std::uint16_t Listener::port() const { return socket_.address().port(); }

Result<std::unique_ptr<StreamSocket>> Listener::accept() {
  // Out of files: the connection stays in the backlog, so without a pause this would spin.
  if (pause_ && stopped_within(kPauseMs)) return nullptr;
  pause_ = false;
  for (;;) {
    std::array<pollfd, 2> polled{pollfd{stop_fd_.get(), POLLIN, 0},
                                 pollfd{socket_.impl()->sockfd(), POLLIN, 0}};
    if (::poll(polled.data(), polled.size(), -1) < 0) continue;  // interrupted
    if (polled[0].revents != 0) return nullptr;
    try {
      auto accepted = std::make_unique<StreamSocket>(socket_.acceptConnection());
      close_on_exec(*accepted);
      accepted->setNoDelay(true);
      return accepted;
    } catch (const Poco::Exception& e) {
      const int number = e.code();
      if (number != EMFILE && number != ENFILE && number != ENOBUFS && number != ENOMEM) continue;
      pause_ = true;
      return fail(ErrorCode::kUnavailable, "accept_failed", e.displayText());
    }
  }
}

void Listener::stop() {
  const std::uint64_t one = 1;
  const ssize_t written = ::write(stop_fd_.get(), &one, sizeof one);
  CAIRN_ASSERT(written == sizeof one, "an eventfd takes a number");
}

bool Listener::stopped_within(int timeout_ms) const {
  pollfd polled{stop_fd_.get(), POLLIN, 0};
  return ::poll(&polled, 1, timeout_ms) > 0;
}

}  // namespace cairn::runtime
