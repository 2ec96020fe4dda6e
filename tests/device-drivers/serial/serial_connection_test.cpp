#include "device-drivers/serial/serial_connection.h"

#include "core/base/bytes.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/pty.h"

#include <termios.h>

#include <future>
#include <memory>

namespace cairn::devices::serial_connection_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The driver's side, and the device's: the other end of a pty.
struct Line {
  explicit Line(SerialFlow flow = SerialFlow::kXonXoff) {
    auto created = simulator::Pty::create(folder.file("printer"));
    REQUIRE(created);
    device = *std::move(created);
    SerialConnector connector({folder.file("printer"), 19200, SerialMode::k8N1, flow});
    auto opened = connector.connect(in(seconds(20)), waker, clock);
    REQUIRE(opened);
    connection = *std::move(opened);
  }
  [[nodiscard]] MonoTime in(Duration duration) const { return clock.mono_now() + duration; }
  /// What the driver sent so far, of which there must be so much.
  std::string heard(std::size_t size) const {
    std::string octets;
    const MonoTime until = in(seconds(20));
    while (octets.size() < size && clock.mono_now() < until) {
      const Bytes more = device->read();
      octets += more;
      if (more.empty()) wait_for(waker, milliseconds(1));
    }
    return octets;
  }

  /// How the driver has set the port.
  [[nodiscard]] termios settings() const {
    termios now{};
    REQUIRE(::tcgetattr(device->fd(), &now) == 0);
    return now;
  }

  test::TempFolder folder;
  test::MachineClock clock;
  Waker waker;
  std::unique_ptr<simulator::Pty> device;
  std::unique_ptr<ByteConnection> connection;
};

TEST_CASE("serial connection: octets go out and come back as they are", "[devices][serial]") {
  Line line;
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all.push_back(static_cast<char>(octet));
  const auto sent = line.connection->send(all, line.in(seconds(20)), line.waker, line.clock);
  CHECK(sent.all);
  CHECK(sent.octets == all.size());
  CHECK(line.heard(all.size()) == all);
  const std::string answer = {'\x12', '\x00', '\x1b'};
  REQUIRE(line.device->write(answer));
  const auto received = line.connection->receive(line.in(seconds(20)), line.waker, line.clock);
  REQUIRE(received);
  CHECK(*received == answer);
  const auto none = line.connection->receive(line.in(milliseconds(10)), line.waker, line.clock);
  REQUIRE(none);
  CHECK(none->empty());
}

TEST_CASE("serial connection: a printer that says XOFF is waited for, one that says XON gets more",
          "[devices][serial]") {
  Line line;
  REQUIRE(line.device->write("\x13"));
  // Only what was typed behind it tells that the line has seen it.
  REQUIRE(line.device->write("x"));
  CHECK(line.connection->receive(line.in(seconds(20)), line.waker, line.clock).value() == "x");
  const std::string label(100, 'L');
  const auto none = line.connection->send(label, line.in(milliseconds(50)), line.waker, line.clock);
  CHECK(none.none());
  CHECK(none.problem == "it takes no more");
  REQUIRE(line.device->write("\x11"));
  const auto sent = line.connection->send(label, line.in(seconds(20)), line.waker, line.clock);
  CHECK(sent.all);
  CHECK(line.heard(label.size()) == label);
}

TEST_CASE("serial connection: with RTS/CTS a printer that stops the line is waited for",
          "[devices][serial]") {
  // A pty has no wire CTS. What the kernel needs in order to look at it is seen in the settings of
  // the port; the line is stopped by a printer that reads nothing until the kernel takes no more.
  Line line(SerialFlow::kRtsCts);
  CHECK((line.settings().c_cflag & CRTSCTS) != 0);
  CHECK((line.settings().c_iflag & (IXON | IXOFF)) == 0);
  const std::string much(1U << 20U, 'L');
  auto sent = line.connection->send(much, line.in(milliseconds(50)), line.waker, line.clock);
  CHECK_FALSE(sent.all);
  REQUIRE(sent.octets > 0);
  const std::string before = much.substr(0, sent.octets);

  const std::string label(100, 'M');
  const auto none = line.connection->send(label, line.in(milliseconds(50)), line.waker, line.clock);
  CHECK(none.none());
  CHECK(none.problem == "it takes no more");

  // The octet that stops the line with XON/XOFF is data here: nothing but the wire stops it.
  REQUIRE(line.device->write("\x13"));
  const auto answer = line.connection->receive(line.in(seconds(20)), line.waker, line.clock);
  CHECK(answer.value() == "\x13");

  auto heard = std::async(std::launch::async, [&line, size = before.size() + label.size()] {
    return line.heard(size);
  });
  sent = line.connection->send(label, line.in(seconds(20)), line.waker, line.clock);
  CHECK(sent.all);
  CHECK(heard.get() == before + label);
}

TEST_CASE("serial connection: one that reads no more has got a part", "[devices][serial]") {
  Line line;
  const std::string much(1U << 20U, 'L');
  const auto sent = line.connection->send(much, line.in(milliseconds(200)), line.waker, line.clock);
  CHECK_FALSE(sent.all);
  CHECK(sent.octets > 0);
  CHECK(sent.octets < much.size());
  CHECK(sent.problem == "it takes no more");
}

TEST_CASE("serial connection: a pulled plug and a stop end every call", "[devices][serial]") {
  Line line;
  SECTION("stopped") {
    line.waker.wake();
    const auto received = line.connection->receive(line.in(seconds(20)), line.waker, line.clock);
    REQUIRE_FALSE(received);
    CHECK(received.error().reason == "stopped");
    line.connection->finish(line.in(seconds(20)), line.waker, line.clock);
  }
  SECTION("pulled out") {
    line.device.reset();
    const auto received = line.connection->receive(line.in(seconds(20)), line.waker, line.clock);
    REQUIRE_FALSE(received);
    CHECK(received.error().reason == "device_gone");
    const auto sent = line.connection->send("label", line.in(seconds(20)), line.waker, line.clock);
    CHECK(sent.none());
    CHECK_THAT(sent.problem, Catch::Contains("went away"));
    line.connection->finish(line.in(seconds(20)), line.waker, line.clock);
    SerialConnector connector({line.folder.file("printer")});
    const auto again = connector.connect(line.in(seconds(20)), line.waker, line.clock);
    REQUIRE_FALSE(again);
    CHECK(again.error().reason == "no_device");
  }
}

}  // namespace
}  // namespace cairn::devices::serial_connection_test
