#include "tools/cairn-sim/usb/key_typing.h"

#include "device-drivers/evdev/keystroke_reader.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/usb/wedge_fault.h"

#include <chrono>

namespace cairn::simulator::key_typing_test {
namespace {

namespace evdev = devices::evdev;

/// What the driver makes of what the simulator types.
std::string typed(const TypingStyle& style, const std::string& driver_layout, BytesView octets) {
  const auto typing = KeyTyping::create(style);
  REQUIRE(typing);
  auto decoder = evdev::KeyDecoder::create(*evdev::KeyboardLayout::parse(driver_layout));
  REQUIRE(decoder);
  std::string text;
  for (const Keystroke& stroke : typing->strokes(octets)) {
    const auto is = decoder->take({stroke.code, stroke.down ? 1 : 0});
    if (is.unknown) text += '?';
    if (is.octet) text += *is.octet;
  }
  CHECK_FALSE(decoder->any_down());
  return text;
}

std::string all_octets() {
  std::string octets;
  for (int octet = 1; octet <= 0xFF; ++octet) {
    if (octet != '\t' && octet != '\n') octets += static_cast<char>(octet);
  }
  return octets;
}

TEST_CASE("typing: every octet arrives, in every layout and style", "[simulator][wedge]") {
  for (const std::string layout :
       {"us", "de", "fr", "gb", "de(nodeadkeys)", "us(intl)", "es", "it", "ch", "be", "pl", "se"}) {
    CAPTURE(layout);
    CHECK(typed({layout, false, false}, layout, all_octets()) == all_octets());
    CHECK(typed({layout, false, true}, layout, all_octets()) == all_octets());
    CHECK(typed({"us", true, false}, layout, all_octets()) == all_octets());
  }
}

TEST_CASE("typing: CR is Enter and HT is Tab", "[simulator][wedge]") {
  CHECK(typed({}, "us", "1\t2\r") == "1\r2\r");
}

TEST_CASE("typing: with a wrong layout other characters arrive", "[simulator][wedge]") {
  CHECK(typed({"de", false, false}, "us", "ZY-1") == "YZ/1");
  CHECK(typed({"fr", false, false}, "us", "4006") == "$))^");
  CHECK(typed({"us", false, false}, "fr", "4006") == "'\xe0\xe0-");
}

TEST_CASE("typing: an unknown layout is refused", "[simulator][wedge]") {
  for (const std::string layout : {"", "zz", "(x)", "de(zz)"}) {
    CAPTURE(layout);
    const auto typing = KeyTyping::create({layout, false, false});
    REQUIRE_FALSE(typing);
    CHECK(typing.error().reason == "bad_layout");
  }
}

TEST_CASE("wedge fault: is told as it is typed", "[simulator][wedge]") {
  for (const std::string text :
       {"none", "drop", "stuck", "unplug_after=0", "unplug_after=1000000"}) {
    const auto fault = WedgeFault::parse(text);
    REQUIRE(fault);
    CHECK(fault->text() == text);
  }
  for (const std::string text :
       {"", "nak", "unplug_after", "unplug_after=", "unplug_after=-1", "unplug_after=1000001"}) {
    CAPTURE(text);
    CHECK_FALSE(WedgeFault::parse(text));
  }
}

}  // namespace
}  // namespace cairn::simulator::key_typing_test
