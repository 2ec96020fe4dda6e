#include "device-drivers/network/tcp_connection.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/tcp_peer.h"
#include "tests/support/catch.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <ctime>
#include <thread>

namespace cairn::devices::tcp_connection_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::TcpPeer;

/// The driver's side.
struct Side {
  [[nodiscard]] MonoTime in(Duration duration) const { return clock.mono_now() + duration; }
  Result<TcpConnection> open(const Endpoint& to, Duration within = seconds(20)) const {
    return TcpConnection::open(to, in(within), waker, clock);
  }
  TcpConnection::Sent send(TcpConnection& to, std::string_view octets,
                           Duration within = seconds(20)) const {
    return to.send(octets, in(within), waker, clock);
  }
  Result<std::string> receive(TcpConnection& from, Duration within = seconds(20)) const {
    return from.receive(in(within), waker, clock);
  }

  test::MachineClock clock;
  Waker waker;
};

/// A listener whose queue of connections is full: a further one gets no answer at all.
class FullListener {
 public:
  FullListener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const generic = reinterpret_cast<sockaddr*>(&at);
    REQUIRE(::bind(fd_.get(), generic, size) == 0);
    REQUIRE(::listen(fd_.get(), 0) == 0);
    REQUIRE(::getsockname(fd_.get(), generic, &size) == 0);
    address_ = {"127.0.0.1", ntohs(at.sin_port)};
    for (auto& socket : waiting_) {
      socket = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      ::connect(socket.get(), generic, size);
    }
  }
  [[nodiscard]] const Endpoint& address() const { return address_; }

 private:
  FileDescriptor fd_;
  Endpoint address_;
  std::array<FileDescriptor, 4> waiting_{FileDescriptor(-1), FileDescriptor(-1), FileDescriptor(-1),
                                         FileDescriptor(-1)};
};

TEST_CASE("tcp: octets go both ways, and the end is told", "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  const auto sent = side.send(*connection, "hello");
  CHECK(sent.all);
  CHECK(sent.octets == 5);
  CHECK(sent.problem.empty());
  CHECK(peer.read(5) == "hello");
  peer.write("answer");
  CHECK(side.receive(*connection) == "answer");
  CHECK(side.receive(*connection, milliseconds(1)) == "");  // nothing came in time
  peer.close();
  const auto end = side.receive(*connection);
  REQUIRE_FALSE(end);
  CHECK(end.error().reason == "connection_closed");
}

TEST_CASE("tcp: no connection is explained", "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  const Endpoint nobody = peer.address();
  peer.stop_listening();
  const auto refused = side.open(nobody);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  CHECK(refused.error().reason == "no_connection");
  CHECK_THAT(refused.error().message, Catch::Contains(nobody.text()) &&
                                          Catch::Contains("refused") &&
                                          Catch::Contains("switched on"));

  const auto unknown = side.open({"no-such-printer.invalid", 9100});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().reason == "no_connection");

  const FullListener full;
  const auto silent = side.open(full.address(), milliseconds(200));
  REQUIRE_FALSE(silent);
  CHECK(silent.error().reason == "no_connection");
  CHECK_THAT(silent.error().message, Catch::Contains("it does not answer"));
}

TEST_CASE("tcp: who takes no more is given up in time, and what it took is counted",
          "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  const std::string much(64U << 20U, 'x');
  const std::clock_t before = std::clock();
  const auto sent = side.send(*connection, much, milliseconds(500));
  CHECK_FALSE(sent.all);
  CHECK(sent.octets > 0);
  CHECK(sent.octets < much.size());
  CHECK_THAT(sent.problem, Catch::Contains("no more"));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 4);
}

TEST_CASE("tcp: octets that nobody reads do not keep a sender busy", "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  peer.write("an answer that came late");
  const std::string much(64U << 20U, 'x');
  CHECK_FALSE(side.send(*connection, much, milliseconds(300)).all);  // everything is full now
  const std::clock_t before = std::clock();
  CHECK_FALSE(side.send(*connection, much, milliseconds(500)).all);
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 10);
}

TEST_CASE("tcp: a reset is a problem with a name", "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  peer.reset();
  const auto end = side.receive(*connection);
  REQUIRE_FALSE(end);
  CHECK(end.error().reason == "connection_closed");
  const auto sent = side.send(*connection, "x");
  CHECK_FALSE(sent.all);
  CHECK(sent.octets == 0);
  CHECK_FALSE(sent.problem.empty());
}

TEST_CASE("tcp: finishing says that nothing more comes and waits for the other side",
          "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  REQUIRE(side.send(*connection, "last").all);
  std::atomic<bool> closed = false;
  std::string heard;
  bool ended = false;
  std::thread other([&] {
    heard = peer.read(4);
    ended = peer.is_at_end();
    peer.write("still something to say");
    closed = true;
    peer.close();
  });
  connection->finish(side.in(seconds(20)), side.waker, side.clock);
  CHECK(closed);
  other.join();
  CHECK(heard == "last");
  CHECK(ended);
}

TEST_CASE("tcp: finishing does not wait for ever", "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  const MonoTime until = side.in(milliseconds(50));
  connection->finish(until, side.waker, side.clock);
  CHECK(side.clock.mono_now() >= until);
}

TEST_CASE("tcp: who never stops talking is not listened to for ever", "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  peer.write(std::string(50'000, 'x'));
  CHECK_FALSE(side.receive(*connection)->empty());  // there is more behind it
  CHECK(side.receive(*connection, Duration::zero()) == "");
  side.waker.wake();
  const auto woken = side.receive(*connection);
  REQUIRE_FALSE(woken);
  CHECK(woken.error().reason == "stopped");
}

TEST_CASE("tcp: whatever it waits for, it stops when it is told to", "[devices][tcp]") {
  const Side side;
  const FullListener full;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  const std::string much(64U << 20U, 'x');
  REQUIRE_FALSE(side.send(*connection, much, milliseconds(300)).all);
  side.waker.wake();  // it stays awake: whatever is begun now ends at once
  const MonoTime before = side.clock.mono_now();
  const auto opened = side.open(full.address());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().reason == "stopped");
  const auto received = side.receive(*connection);
  REQUIRE_FALSE(received);
  CHECK(received.error().reason == "stopped");
  CHECK_THAT(side.send(*connection, much).problem, Catch::Contains("closed here"));
  connection->finish(side.in(seconds(20)), side.waker, side.clock);
  CHECK(side.clock.mono_now() - before < seconds(5));
}

TEST_CASE("tcp: a thread that waits is woken", "[devices][tcp]") {
  const Side side;
  TcpPeer peer;
  auto connection = side.open(peer.address());
  REQUIRE(connection);
  peer.accept();
  std::string reason;
  std::thread waiting([&] {
    const auto received = side.receive(*connection);
    reason = received ? "received" : received.error().reason;
  });
  side.waker.wake();
  waiting.join();
  CHECK(reason == "stopped");
}

}  // namespace
}  // namespace cairn::devices::tcp_connection_test
