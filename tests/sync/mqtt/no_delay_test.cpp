#include "sync/mqtt/no_delay.h"

#include "tests/support/catch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cairn::sync::no_delay_test {
namespace {

/// A connection of this process with itself, and the port it goes to.
struct Loop {
  int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  int client = ::socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port = 0;

  Loop() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener, any, size) == 0);
    REQUIRE(::listen(listener, 1) == 0);
    REQUIRE(::getsockname(listener, any, &size) == 0);
    port = ntohs(address.sin_port);
    REQUIRE(::connect(client, any, size) == 0);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    ::close(client);
    ::close(listener);
  }
  [[nodiscard]] bool delays() const {
    int set = 0;
    socklen_t size = sizeof set;
    REQUIRE(::getsockopt(client, IPPROTO_TCP, TCP_NODELAY, &set, &size) == 0);
    return set == 0;
  }
};

TEST_CASE("no delay: connections to the port, and no others", "[sync][mqtt]") {
  const Loop broker;
  const Loop other;
  REQUIRE(broker.delays());
  CHECK(send_without_delay(broker.port) == 1);
  CHECK_FALSE(broker.delays());
  CHECK(other.delays());
  CHECK(send_without_delay(broker.port) == 1);
  CHECK(send_without_delay(0) == 0);
}

}  // namespace
}  // namespace cairn::sync::no_delay_test
