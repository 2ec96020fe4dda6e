#pragma once
// The other end of a driver's TCP connection, played by the test itself: it accepts, reads, writes,
// closes and resets when the test says so.

#include "core/base/assert.h"
#include "core/base/endpoint.h"
#include "core/base/time.h"
#include "tools/cairn-sim/tcp_side.h"

#include <poll.h>

#include <optional>
#include <string>
#include <utility>

namespace cairn::devices::test {

class TcpPeer {
 public:
  TcpPeer() : listener_(open()) {}

  [[nodiscard]] Endpoint address() const { return {"127.0.0.1", listener_->port()}; }

  void accept() {
    wait(listener_->fd());
    side_.emplace(listener_->accept());
  }
  /// The next octets, exactly so many; fewer if the other side ends.
  std::string read(std::size_t size) {
    std::string octets;
    while (octets.size() < size) {
      wait(side_->fd());
      const auto more = side_->read(size - octets.size());
      if (!more) break;
      octets += *more;
    }
    return octets;
  }
  /// The other side has said that nothing more comes.
  bool is_at_end() {
    wait(side_->fd());
    return !side_->read(1);
  }
  void write(std::string octets) {
    side_->send(std::move(octets), MonoTime{});
    side_->flush(MonoTime{1});
    CAIRN_ASSERT(!side_->deadline(), "a few octets always fit");
  }
  void close() { side_.reset(); }
  void reset() {
    side_->reset_on_close();
    side_.reset();
  }
  void stop_listening() { listener_.reset(); }

 private:
  static std::optional<simulator::TcpListener> open() {
    auto listener = simulator::TcpListener::open({"127.0.0.1", 0});
    CAIRN_ASSERT(listener.has_value(), "the loopback has a free port");
    return *std::move(listener);
  }
  static void wait(int fd) {
    pollfd polled{fd, POLLIN, 0};
    CAIRN_ASSERT(::poll(&polled, 1, 20'000) == 1, "the driver does something");
  }

  std::optional<simulator::TcpListener> listener_;
  std::optional<simulator::TcpSide> side_;
};

}  // namespace cairn::devices::test
