#pragma once
// The listening socket of a server. One thread accepts; stop() from any other.

#include "core/base/result.h"
#include "core/runtime/unique_fd.h"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <memory>
#include <string>

namespace cairn::runtime {

class Listener {
 public:
  Listener();

  /// Binds and listens; `port` 0: any free one. Errors: as HttpServer::start.
  [[nodiscard]] Result<> open(const std::string& host, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const;

  /// Blocks for the next connection; null once stopped. Errors: kUnavailable "accept_failed" (no
  /// files or memory); the next call tries again after a pause.
  Result<std::unique_ptr<Poco::Net::StreamSocket>> accept();
  void stop();
  /// Only when nobody accepts any more.
  void close() { socket_.close(); }

 private:
  [[nodiscard]] bool stopped_within(int timeout_ms) const;

  Poco::Net::ServerSocket socket_;
  const UniqueFd stop_fd_;
  bool pause_ = false;
};

}  // namespace cairn::runtime
