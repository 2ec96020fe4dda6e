#include "device-drivers/serial/serial_port.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/pty.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <fstream>

namespace cairn::devices::serial_port_test {
namespace {

using simulator::Pty;
using test::TempFolder;

Result<SerialPort> open(const std::string& path) {
  return SerialPort::open(path, 9600, SerialMode::k8N1);
}

std::string refusal(const std::string& path) {
  const auto port = open(path);
  return port ? "opened" : port.error().reason;
}

/// Reads once something is there, or the other side is gone.
Result<std::string> read_some(SerialPort& port) {
  pollfd polled{port.fd(), POLLIN, 0};
  REQUIRE(::poll(&polled, 1, 20'000) == 1);
  std::array<char, 256> buffer{};
  const auto octets = port.read(buffer);
  if (!octets) return fail(octets.error());
  return std::string(*octets);
}

TEST_CASE("serial port: reads what arrives and never waits", "[devices][serial]") {
  const TempFolder folder;
  const auto pty = Pty::create(folder.file("tty"));
  REQUIRE(pty);
  auto port = open(folder.file("tty"));
  REQUIRE(port);
  std::array<char, 16> buffer{};
  CHECK(port->read(buffer) == std::string_view());
  REQUIRE((*pty)->write("A\xff\r"));
  CHECK(read_some(*port) == "A\xff\r");
}

TEST_CASE("serial port: what was received before it was opened is dropped", "[devices][serial]") {
  const TempFolder folder;
  const auto pty = Pty::create(folder.file("tty"));
  REQUIRE(pty);
  REQUIRE((*pty)->write("stale\r"));
  auto port = open(folder.file("tty"));
  REQUIRE(port);
  REQUIRE((*pty)->write("fresh\r"));
  CHECK(read_some(*port) == "fresh\r");
}

TEST_CASE("serial port: seven data bits come without the eighth", "[devices][serial]") {
  const TempFolder folder;
  const auto pty = Pty::create(folder.file("tty"));
  REQUIRE(pty);
  auto port = SerialPort::open(folder.file("tty"), 9600, SerialMode::k7E1);
  REQUIRE(port);
  REQUIRE(
      (*pty)->write("\xb4"
                    "0\x8d"));
  CHECK(read_some(*port) == "40\r");
}

TEST_CASE("serial port: belongs to one opener at a time", "[devices][serial]") {
  const TempFolder folder;
  const auto pty = Pty::create(folder.file("tty"));
  REQUIRE(pty);
  {
    const auto first = open(folder.file("tty"));
    REQUIRE(first);
    const auto second = open(folder.file("tty"));
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::kConflict);
    CHECK_THAT(second.error().message, Catch::Contains("another program holds it"));
  }
  CHECK(open(folder.file("tty")));
}

TEST_CASE("serial port: reports that the device went away", "[devices][serial]") {
  const TempFolder folder;
  auto pty = Pty::create(folder.file("tty"));
  REQUIRE(pty);
  auto port = open(folder.file("tty"));
  REQUIRE(port);
  pty->reset();
  const auto octets = read_some(*port);
  REQUIRE_FALSE(octets);
  CHECK(octets.error().reason == "device_gone");
  CHECK(refusal(folder.file("tty")) == "no_device");
}

TEST_CASE("serial port: refuses what is no serial device", "[devices][serial]") {
  const TempFolder folder;
  std::ofstream(folder.file("text")) << "4006381333931\r";
  REQUIRE(::mkfifo(folder.file("fifo").c_str(), 0600) == 0);
  for (const std::string& path : {std::string("/dev/null"), std::string("/dev/zero"),
                                  folder.file("text"), folder.file("fifo"), folder.file("")}) {
    CAPTURE(path);
    const auto port = open(path);
    REQUIRE_FALSE(port);
    CHECK(port.error().code == ErrorCode::kInvalid);
    CHECK_THAT(port.error().message, Catch::Contains("not a serial device"));
  }
  CHECK(refusal(folder.file("missing")) == "no_device");
  CHECK(refusal("/dev/null/tty") == "no_device");
}

TEST_CASE("serial port: a bad speed is refused before anything is opened", "[devices][serial]") {
  const auto port = SerialPort::open("/dev/null", 9601, SerialMode::k8N1);
  REQUIRE_FALSE(port);
  CHECK(port.error().reason == "bad_baud");
}

TEST_CASE("serial port: each error says what to do", "[devices][serial]") {
  struct Row {
    int number;
    ErrorCode code;
    std::string_view reason;
    std::string says;
  };
  const std::vector<Row> rows{
      {ENOENT, ErrorCode::kUnavailable, "no_device", "is it plugged in?"},
      {ENODEV, ErrorCode::kUnavailable, "no_device", "is it plugged in?"},
      {ENXIO, ErrorCode::kUnavailable, "no_device", "is it plugged in?"},
      {EIO, ErrorCode::kUnavailable, "no_device", "is it plugged in?"},
      {EBUSY, ErrorCode::kConflict, "port_busy", "another program holds it"},
      {EWOULDBLOCK, ErrorCode::kConflict, "port_busy", "another program holds it"},
      {EACCES, ErrorCode::kDenied, "no_permission", "add the service user to group dialout"},
      {EPERM, ErrorCode::kDenied, "no_permission", "add the service user to group dialout"},
      {ENOTTY, ErrorCode::kInvalid, "not_serial", "not a serial device"},
      {EMFILE, ErrorCode::kUnavailable, "open_failed", "Too many open files"},
  };
  for (const Row& row : rows) {
    const Error error = open_error("/dev/ttyACM0", row.number);
    CAPTURE(error.message);
    CHECK(error.code == row.code);
    CHECK(error.reason == row.reason);
    CHECK_THAT(error.message, Catch::Contains(row.says) && Catch::Contains("/dev/ttyACM0"));
  }
}

}  // namespace
}  // namespace cairn::devices::serial_port_test
