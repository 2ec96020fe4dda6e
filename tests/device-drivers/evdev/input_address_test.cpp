#include "device-drivers/evdev/input_address.h"

#include "tests/support/catch.h"

namespace cairn::devices::evdev::input_address_test {
namespace {

TEST_CASE("keyboard: what a url may name", "[devices][wedge]") {
  for (const std::string text :
       {"05e0:1200", "05e0:1200:A-1", "port:1-1.2", "/dev/input/by-id/usb-Symbol_2-event-kbd",
        "/dev/input/by-path/platform-i8042-serio-0-event-kbd"}) {
    CAPTURE(text);
    const auto address = InputAddress::parse(text);
    REQUIRE(address);
    CHECK(address->text() == "evdev:" + text);
    CHECK(address->path.empty() == (text[0] != '/'));
  }
  for (const std::string text :
       {"", "05e0", "05e0:12", "0000:0000", "port:", "port:1", "event7", "/dev/input/",
        "/dev/ttyS0", "/etc/passwd", "/dev/input/../ttyS0", "//dev/input/event0"}) {
    CAPTURE(text);
    const auto address = InputAddress::parse(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().reason == "bad_device_url");
    CHECK(address.error().message.find("evdev:05e0:1200") != std::string::npos);
  }
  CHECK_FALSE(InputAddress::parse(std::string("/dev/input/a\0b", 14)));
  CHECK_FALSE(InputAddress::parse("/dev/input/" + std::string(300, 'x')));
}

}  // namespace
}  // namespace cairn::devices::evdev::input_address_test
