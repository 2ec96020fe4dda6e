#include "device-drivers/usb/usb_address.h"

#include "tests/support/catch.h"

namespace cairn::devices::usb::usb_address_test {
namespace {

TEST_CASE("usb address: the forms", "[devices][usb]") {
  const auto kind = Address::parse("0c2e:0B61");
  REQUIRE(kind);
  CHECK(kind->vendor == 0x0C2E);
  CHECK(kind->product == 0x0B61);
  CHECK(kind->text() == "usb:0c2e:0b61");
  const auto serial = Address::parse("0a5f:0166:XX:7");
  REQUIRE(serial);
  CHECK(serial->serial == "XX:7");
  CHECK(serial->text() == "usb:0a5f:0166:XX:7");
  const auto port = Address::parse("port:1-1.2");
  REQUIRE(port);
  CHECK(port->port == "1-1.2");
  CHECK(port->text() == "usb:port:1-1.2");
}

TEST_CASE("usb address: what is none", "[devices][usb]") {
  const std::string text =
      GENERATE("", "0c2e", "0c2e:", "0c2e:b61", "0c2e-0b61", "0c2g:0b61",
               "0c2e:0b61:", "0c2e:0b61x", "0000:0000", "port:", "port:1", "port:1-", "port:-1",
               "port:1-1.", "port:1-1-1", "port:a-1", "port:1.1-1", "port:1-1..2", "+c2e:0b61");
  CAPTURE(text);
  const auto parsed = Address::parse(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().reason == "bad_device_url");
}

TEST_CASE("usb address: which devices it may be", "[devices][usb]") {
  const Identity device{0x0C2E, 0x0B61, {}, "1-1.2"};
  CHECK(Address::parse("0c2e:0b61")->may_be(device));
  CHECK(Address::parse("0c2e:0b61:SN")->may_be(device));
  CHECK(Address::parse("port:1-1.2")->may_be(device));
  CHECK_FALSE(Address::parse("port:1-1.20")->may_be(device));
  CHECK_FALSE(Address::parse("0c2e:0b62")->may_be(device));
  CHECK(url_of({0x0C2E, 0x0B61, "SN", "1-1"}) == "usb:0c2e:0b61:SN");
}

}  // namespace
}  // namespace cairn::devices::usb::usb_address_test
