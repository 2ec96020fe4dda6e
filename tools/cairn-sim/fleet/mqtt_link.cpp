#include "tools/cairn-sim/fleet/mqtt_link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace cairn::simulator::fleet {
namespace {

constexpr std::size_t kUnsentMost = 1U << 20U;

bool again() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOTCONN; }

}  // namespace

Result<MqttLink> MqttLink::open(const Endpoint& broker) {
  const auto fail_with = [](const char* what) {
    return fail(ErrorCode::kUnavailable, "no_socket", what);
  };
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(broker.port);
  if (::inet_pton(AF_INET, broker.host.c_str(), &address.sin_addr) != 1) {
    return fail_with("the broker's address must be an IPv4 one, such as 127.0.0.1");
  }
  runtime::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail_with("no socket: too many open files? (ulimit -n)");
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int done = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (done != 0 && errno != EINPROGRESS) return fail_with("the broker cannot be reached");
  return MqttLink(std::move(fd));
}

bool MqttLink::send(BytesView octets) {
  out_ += octets;
  return flush();
}

bool MqttLink::flush() {
  while (!out_.empty()) {
    const ssize_t sent = ::send(fd_.get(), out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0) return again() && out_.size() <= kUnsentMost;
    out_.erase(0, static_cast<std::size_t>(sent));
  }
  out_.shrink_to_fit();
  return true;
}

bool MqttLink::receive(const std::function<void(const Packet&)>& take) {
  static thread_local std::array<char, 65'536> buffer;
  bool open = true;
  for (;;) {
    const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (got == 0) open = false;
    if (got < 0) open = again();
    if (got <= 0) break;
    in_.append(buffer.data(), static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) < buffer.size()) break;
  }
  BytesView rest = in_;
  for (;;) {
    const auto packet = take_packet(rest);
    if (!packet) return false;
    if (!*packet) break;
    take(**packet);
  }
  in_.erase(0, in_.size() - rest.size());
  if (in_.empty()) in_.shrink_to_fit();
  return open;
}

void MqttLink::cut() {
  const linger at_once{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fd_.close();
}

}  // namespace cairn::simulator::fleet
