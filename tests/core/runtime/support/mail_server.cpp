#include "tests/core/runtime/support/mail_server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace cairn::runtime::test {

ScriptedMailServer::ScriptedMailServer(Script script, std::string for_ever,
                                       std::chrono::milliseconds pause)
    : script_(std::move(script)),
      for_ever_(std::move(for_ever)),
      pause_(pause),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), any, size) != 0 || ::listen(listener_.get(), 1) != 0 ||
      ::getsockname(listener_.get(), any, &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedMailServer::~ScriptedMailServer() {
  ::shutdown(listener_.get(), SHUT_RDWR);  // nobody came
  if (thread_.joinable()) thread_.join();
}

const std::string& ScriptedMailServer::heard() {
  if (thread_.joinable()) thread_.join();
  return heard_;
}

bool ScriptedMailServer::hear(const std::string& end) {
  const std::size_t before = heard_.size();
  while (heard_.find(end, before) == std::string::npos) {
    std::array<char, 4096> chunk{};
    const ssize_t got = ::recv(client_.get(), chunk.data(), chunk.size(), 0);
    if (got <= 0) return false;
    heard_.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return true;
}

void ScriptedMailServer::serve() {
  client_ = UniqueFd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  const auto say = [this](const std::string& text) {
    return ::send(client_.get(), text.data(), text.size(), MSG_NOSIGNAL) >= 0;
  };
  bool text_follows = false;
  for (std::size_t each = 0; each < script_.size(); ++each) {
    if (each > 0 && !hear(text_follows ? "\r\n.\r\n" : "\r\n")) return;
    text_follows = script_[each].starts_with("354");
    if (!say(script_[each])) return;
  }
  while (!for_ever_.empty() && say(for_ever_)) std::this_thread::sleep_for(pause_);
  ::shutdown(client_.get(), SHUT_WR);
  while (hear("\r\n")) continue;
}

}  // namespace cairn::runtime::test
