#include "sync/mqtt/no_delay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>

namespace cairn::sync {
namespace {

constexpr int kDescriptorsMost = 4096;

/// 0: not connected by TCP.
std::uint16_t peer_port_of(int descriptor) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  // The one cast that the interface of sockets asks for.
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return 0;
  std::uint16_t port = 0;
  if (peer.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &peer, sizeof address);
    port = ntohs(address.sin_port);
  } else if (peer.ss_family == AF_INET6) {
    sockaddr_in6 address{};
    std::memcpy(&address, &peer, sizeof address);
    port = ntohs(address.sin6_port);
  }
  return port;
}

}  // namespace

int send_without_delay(std::uint16_t peer_port) {
  int connections = 0;
  if (peer_port == 0) return connections;
  for (int descriptor = 0; descriptor < kDescriptorsMost; ++descriptor) {
    if (peer_port_of(descriptor) != peer_port) continue;
    const int yes = 1;
    if (::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0) ++connections;
  }
  return connections;
}

}  // namespace cairn::sync
