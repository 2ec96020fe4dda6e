#pragma once
// The network side of a virtual device: a listener and the connection it serves. Both never wait;
// their thread polls. One thread.

#include "core/base/endpoint.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/runtime/unique_fd.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::simulator {

class TcpListener {
 public:
  /// Listens at an IPv4 address of the loopback; port 0: any free one.
  /// Errors: kUnavailable "address_in_use", "no_listener".
  static Result<TcpListener> open(const Endpoint& at);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int fd() const { return socket_.get(); }
  /// A program that has connected; none: nobody waits.
  [[nodiscard]] runtime::UniqueFd accept() const;

 private:
  TcpListener(runtime::UniqueFd socket, std::uint16_t port)
      : socket_(std::move(socket)), port_(port) {}

  runtime::UniqueFd socket_;
  std::uint16_t port_;
};

class TcpSide {
 public:
  explicit TcpSide(runtime::UniqueFd socket);

  [[nodiscard]] int fd() const { return socket_.get(); }
  /// Octets taken so far.
  [[nodiscard]] std::size_t taken() const { return taken_; }

  /// What has arrived, at most so much; empty if nothing has; nothing: the other side is gone.
  std::optional<std::string> read(std::size_t most);

  /// Sends it at that time, after everything before it.
  void send(std::string octets, MonoTime due) { outgoing_.push_back({std::move(octets), due}); }
  /// Sends what is due.
  void flush(MonoTime now);
  /// When flush() has something to do.
  [[nodiscard]] std::optional<MonoTime> deadline() const;

  /// From now on closing it is a reset: the other side loses what it has not read yet.
  void reset_on_close() const;

 private:
  struct Outgoing {
    std::string octets;
    MonoTime due;
  };

  runtime::UniqueFd socket_;
  std::size_t taken_ = 0;
  std::deque<Outgoing> outgoing_;
};

}  // namespace cairn::simulator
