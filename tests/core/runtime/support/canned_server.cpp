#include "tests/core/runtime/support/canned_server.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace cairn::runtime::test {
namespace {

void answer(int listener, const std::string& text) {
  const UniqueFd peer(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  std::string request;
  while (request.find("\r\n\r\n") == std::string::npos) {
    std::array<char, 4096> chunk{};
    const ssize_t got = ::recv(peer.get(), chunk.data(), chunk.size(), 0);
    if (got <= 0) return;
    request.append(chunk.data(), static_cast<std::size_t>(got));
  }
  if (::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return;
  // What is left unread would turn the close into a reset, which could overtake the text.
  ::shutdown(peer.get(), SHUT_WR);
  std::array<char, 4096> rest{};
  while (::recv(peer.get(), rest.data(), rest.size(), MSG_DONTWAIT) > 0) continue;
}

}  // namespace

CannedServer::CannedServer(std::vector<std::string> texts)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_.get(), 16) != 0) {
    throw std::runtime_error("cannot listen");
  }
  thread_ = std::thread([listener = listener_.get(), texts = std::move(texts)] {
    for (const std::string& text : texts) answer(listener, text);
  });
}

CannedServer::~CannedServer() { thread_.join(); }

std::string CannedServer::url() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return fmt::format("http://127.0.0.1:{}", ntohs(address.sin_port));
}

}  // namespace cairn::runtime::test
