#include "tests/core/runtime/support/raw_peer.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace cairn::runtime::test {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

}  // namespace

RawPeer::RawPeer(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) {
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("nobody listens");
  }
}

bool RawPeer::send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) return false;
    if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawPeer::finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }

bool RawPeer::readable(milliseconds within) {
  pollfd polled{socket_.get(), POLLIN, 0};
  return !buffer_.empty() || ::poll(&polled, 1, static_cast<int>(within.count())) > 0;
}

bool RawPeer::read_more() {
  pollfd polled{socket_.get(), POLLIN, 0};
  if (::poll(&polled, 1, static_cast<int>(duration_cast<milliseconds>(kPatience).count())) <= 0) {
    throw std::runtime_error("nothing came; so far: " + buffer_);
  }
  std::array<char, 65536> chunk{};
  const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), 0);
  if (got <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

std::string RawPeer::read_until(std::string_view text) {
  std::size_t at = 0;
  while ((at = buffer_.find(text)) == std::string::npos) {
    if (!read_more()) throw std::runtime_error("closed; so far: " + buffer_);
  }
  std::string taken = buffer_.substr(0, at + text.size());
  buffer_.erase(0, at + text.size());
  return taken;
}

std::string RawPeer::read_to_end() {
  while (read_more()) continue;
  return std::exchange(buffer_, {});
}

RawResponse RawPeer::response(bool has_body) {
  const std::string head = read_until("\r\n\r\n");
  RawResponse response;
  response.status = std::stoi(head.substr(head.find(' ') + 1, 3));
  std::string_view lines = head;
  lines.remove_prefix(lines.find("\r\n") + 2);
  while (lines != "\r\n") {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    const auto colon = line.find(": ");
    response.headers.emplace(line.substr(0, colon), line.substr(colon + 2));
    lines.remove_prefix(line.size() + 2);
  }
  const std::size_t length = has_body && !response.header("Content-Length").empty()
                                 ? std::stoul(response.header("Content-Length"))
                                 : 0;
  while (buffer_.size() < length) {
    if (!read_more()) throw std::runtime_error("the body was cut off");
  }
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

std::string get(std::string_view path, std::string_view fields) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", path, fields);
}

std::string post(std::string_view path, std::string_view body, std::string_view fields) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n{}\r\n{}", path,
                     body.size(), fields, body);
}

}  // namespace cairn::runtime::test
