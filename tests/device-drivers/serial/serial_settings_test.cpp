#include "device-drivers/serial/serial_settings.h"

#include "tests/support/catch.h"

#include <utility>
#include <vector>

namespace cairn::devices::serial_settings_test {
namespace {

TEST_CASE("serial settings: the mode decides data bits and parity", "[devices][serial]") {
  struct Row {
    std::string_view mode;
    tcflag_t shape;
    tcflag_t input;
  };
  const std::vector<Row> rows{
      {"8N1", CS8, IGNBRK},
      {"8E1", CS8 | PARENB, IGNBRK | INPCK},
      {"7E1", CS7 | PARENB, IGNBRK | INPCK | ISTRIP},
      {"7O1", CS7 | PARENB | PARODD, IGNBRK | INPCK | ISTRIP},
  };
  for (const Row& row : rows) {
    CAPTURE(row.mode);
    const auto mode = parse_serial_mode(row.mode);
    REQUIRE(mode);
    const auto settings = build_termios(9600, *mode);
    REQUIRE(settings);
    CHECK((settings->c_cflag & (CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS)) == row.shape);
    CHECK((settings->c_cflag & (CREAD | CLOCAL)) == (CREAD | CLOCAL));
    CHECK(settings->c_iflag == row.input);
    CHECK(settings->c_oflag == 0);
    CHECK(settings->c_lflag == 0);
    CHECK(settings->c_cc[VMIN] == 1);
    CHECK(settings->c_cc[VTIME] == 0);
  }
}

TEST_CASE("serial settings: the speeds are the usual steps", "[devices][serial]") {
  const std::vector<std::pair<std::uint32_t, speed_t>> rows{
      {1200, B1200},     {2400, B2400},     {4800, B4800},     {9600, B9600},
      {19200, B19200},   {38400, B38400},   {57600, B57600},   {115200, B115200},
      {230400, B230400}, {460800, B460800}, {921600, B921600},
  };
  for (const auto& [baud, speed] : rows) {
    CAPTURE(baud);
    CHECK(check_baud(baud));
    const auto settings = build_termios(baud, SerialMode::k8N1);
    REQUIRE(settings);
    CHECK(::cfgetispeed(&*settings) == speed);
    CHECK(::cfgetospeed(&*settings) == speed);
  }
  for (const std::uint32_t baud : {0U, 1U, 300U, 9601U, 1'000'000U}) {
    CAPTURE(baud);
    CHECK_FALSE(check_baud(baud));
    const auto settings = build_termios(baud, SerialMode::k8N1);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().code == ErrorCode::kInvalid);
    CHECK(settings.error().reason == "bad_baud");
    CHECK_THAT(settings.error().message, Catch::Contains("115200"));
  }
}

TEST_CASE("serial settings: an unknown mode is refused with the known ones", "[devices][serial]") {
  for (const std::string_view mode : {"", "8n1", "8N2", "9N1", "8N1 ", "7N1"}) {
    CAPTURE(mode);
    const auto parsed = parse_serial_mode(mode);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::kInvalid);
    CHECK(parsed.error().reason == "bad_mode");
    CHECK_THAT(parsed.error().message, Catch::Contains("8N1, 8E1, 7E1, 7O1"));
  }
}

TEST_CASE(
    "serial settings: flow control is the printer's XOFF or a wire, and no reset at the close",
    "[devices][serial]") {
  const auto plain = build_termios(9600, SerialMode::k8N1);
  REQUIRE(plain);
  CHECK((plain->c_cflag & HUPCL) != 0);
  const auto octets = build_termios(9600, SerialMode::k8N1, parse_serial_flow("xonxoff").value());
  REQUIRE(octets);
  CHECK(octets->c_iflag == (IGNBRK | IXON));
  CHECK(octets->c_cc[VSTART] == 0x11);
  CHECK(octets->c_cc[VSTOP] == 0x13);
  CHECK((octets->c_cflag & (HUPCL | CRTSCTS)) == 0);
  const auto wire = build_termios(9600, SerialMode::k8N1, parse_serial_flow("rtscts").value());
  REQUIRE(wire);
  CHECK(wire->c_iflag == IGNBRK);
  CHECK((wire->c_cflag & (HUPCL | CRTSCTS)) == CRTSCTS);
  const auto unknown = parse_serial_flow("dtr");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().reason == "bad_flow");
  CHECK_THAT(unknown.error().message, Catch::Contains("xonxoff, rtscts"));
}

}  // namespace
}  // namespace cairn::devices::serial_settings_test
