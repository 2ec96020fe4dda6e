#include "device-drivers/evdev/key_decoder.h"

#include "tests/device-drivers/evdev/keys.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::devices::evdev::key_decoder_test {
namespace {

using test::Keys;
using test::keys;
using test::operator+;

KeyDecoder decoder_of(const std::string& layout) {
  const auto parsed = KeyboardLayout::parse(layout);
  REQUIRE(parsed);
  auto decoder = KeyDecoder::create(*parsed);
  REQUIRE(decoder);
  return *std::move(decoder);
}

/// "?" for what is no octet.
std::string type(KeyDecoder& decoder, const Keys& events) {
  std::string text;
  for (const KeyEvent& event : events) {
    const Typed typed = decoder.take(event);
    if (typed.unknown) text += '?';
    if (typed.octet) text += *typed.octet;
  }
  return text;
}

std::string type(const std::string& layout, const Keys& events) {
  KeyDecoder decoder = decoder_of(layout);
  const std::string text = type(decoder, events);
  CHECK_FALSE(decoder.any_down());
  return text;
}

const Keys kLetters = keys({KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I, KEY_O,
                            KEY_P, KEY_A, KEY_S, KEY_D, KEY_F, KEY_G, KEY_H, KEY_J, KEY_K,
                            KEY_L, KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M});
const Keys kDigits = keys(
    {KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0, KEY_MINUS, KEY_EQUAL});
const Keys kMarks = keys({KEY_LEFTBRACE, KEY_RIGHTBRACE, KEY_BACKSLASH, KEY_SEMICOLON,
                          KEY_APOSTROPHE, KEY_GRAVE, KEY_COMMA, KEY_DOT, KEY_SLASH, KEY_SPACE});

Keys held(int modifier, Keys events) {
  const auto code = static_cast<std::uint16_t>(modifier);
  events.insert(events.begin(), {code, 1});
  events.push_back({code, 0});
  return events;
}

TEST_CASE("keys: every key of the US layout", "[devices][wedge]") {
  CHECK(type("us", kLetters) == "qwertyuiopasdfghjklzxcvbnm");
  CHECK(type("us", held(KEY_LEFTSHIFT, kLetters)) == "QWERTYUIOPASDFGHJKLZXCVBNM");
  CHECK(type("us", held(KEY_RIGHTSHIFT, kLetters)) == "QWERTYUIOPASDFGHJKLZXCVBNM");
  CHECK(type("us", kDigits) == "1234567890-=");
  CHECK(type("us", held(KEY_LEFTSHIFT, kDigits)) == "!@#$%^&*()_+");
  CHECK(type("us", kMarks) == R"([]\;'`,./ )");
  CHECK(type("us", held(KEY_LEFTSHIFT, kMarks)) == R"({}|:"~<>? )");
}

TEST_CASE("keys: the German layout, with AltGr and accents", "[devices][wedge]") {
  CHECK(type("de", kLetters) == "qwertzuiopasdfghjklyxcvbnm");
  CHECK(type("de", keys({KEY_1, KEY_2, KEY_0, KEY_MINUS})) == "120\xdf");
  CHECK(type("de", keys({KEY_7, KEY_MINUS, KEY_2}, {KEY_LEFTSHIFT})) == "/?\"");
  CHECK(type("de", keys({KEY_7, KEY_8, KEY_9, KEY_0, KEY_MINUS, KEY_Q, KEY_RIGHTBRACE, KEY_102ND},
                        {KEY_RIGHTALT})) == R"({[]}\@~|)");
  CHECK(type("de", keys({KEY_GRAVE, KEY_SPACE})) == "^");
  CHECK(type("de", keys({KEY_GRAVE, KEY_GRAVE})) == "^");
  CHECK(type("de", keys({KEY_GRAVE, KEY_E})) == "\xea");
  CHECK(type("de", keys({KEY_GRAVE}) + keys({KEY_E}, {KEY_LEFTSHIFT})) == "\xca");
  CHECK(type("de", keys({KEY_EQUAL, KEY_SPACE})) == "\xb4");
  CHECK(type("de", keys({KEY_EQUAL}, {KEY_LEFTSHIFT}) + keys({KEY_SPACE})) == "`");
  CHECK(type("de", keys({KEY_SEMICOLON, KEY_APOSTROPHE, KEY_LEFTBRACE})) == "\xf6\xe4\xfc");
  CHECK(type("de(nodeadkeys)", keys({KEY_GRAVE, KEY_1})) == "^1");
}

TEST_CASE("keys: the French and the British layout", "[devices][wedge]") {
  CHECK(type("fr", keys({KEY_Q, KEY_W, KEY_A, KEY_Z, KEY_SEMICOLON, KEY_M})) == "azqwm,");
  CHECK(type("fr", keys({KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0})) ==
        "&\xe9\"'(-\xe8_\xe7\xe0");
  CHECK(type("fr", held(KEY_LEFTSHIFT, keys({KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8,
                                             KEY_9, KEY_0}))) == "1234567890");
  CHECK(type("fr", keys({KEY_5, KEY_MINUS, KEY_8, KEY_9, KEY_0}, {KEY_RIGHTALT})) == R"([]\^@)");
  CHECK(type("fr", keys({KEY_LEFTBRACE, KEY_SPACE})) == "^");
  CHECK(type("fr", keys({KEY_LEFTBRACE, KEY_O})) == "\xf4");
  CHECK(type("fr", keys({KEY_LEFTBRACE}, {KEY_LEFTSHIFT}) + keys({KEY_U})) == "\xfc");
  CHECK(type("gb", keys({KEY_3, KEY_2, KEY_APOSTROPHE}, {KEY_LEFTSHIFT})) == "\xa3\"@");
  CHECK(type("gb", keys({KEY_BACKSLASH, KEY_102ND})) == "#\\");
}

TEST_CASE("keys: Num Lock is on, Caps Lock is the scanner's own", "[devices][wedge]") {
  const Keys pad = keys({KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5, KEY_KP6, KEY_KP7,
                         KEY_KP8, KEY_KP9, KEY_KPDOT, KEY_KPMINUS, KEY_KPPLUS, KEY_KPASTERISK});
  CHECK(type("us", pad) == "0123456789.-+*");
  CHECK(type("us", keys({KEY_CAPSLOCK, KEY_A, KEY_1}) + keys({KEY_A}, {KEY_LEFTSHIFT}) +
                       keys({KEY_CAPSLOCK, KEY_A})) == "A1aa");
  CHECK(type("us", keys({KEY_NUMLOCK, KEY_KP4, KEY_NUMLOCK, KEY_KP4})) == "?4");
}

TEST_CASE("keys: with Alt held the numeric pad has the octet's number", "[devices][wedge]") {
  struct Row {
    Keys digits;
    std::string octets;
  };
  const std::vector<Row> rows{
      {keys({KEY_KP6, KEY_KP5}), "A"},
      {keys({KEY_KP0, KEY_KP6, KEY_KP5}), "A"},
      {keys({KEY_KP0, KEY_KP0, KEY_KP2, KEY_KP9}), "\x1d"},
      {keys({KEY_KP9, KEY_KP3}), "]"},
      {keys({KEY_KP1, KEY_KP3}), "\r"},
      {keys({KEY_KP0, KEY_KP2, KEY_KP5, KEY_KP5}), "\xff"},
      {keys({KEY_KP2, KEY_KP5, KEY_KP6}), "?"},
      {keys({KEY_KP0}), "?"},
      {keys({KEY_KP9, KEY_KP9, KEY_KP9, KEY_KP9}), "?"},
      {keys({KEY_KP0, KEY_KP0, KEY_KP0, KEY_KP6, KEY_KP5}), "?"},
      {keys({KEY_KP6, KEY_A, KEY_KP5}), "?"},
      {keys({KEY_6, KEY_5}), "??"},
      {{}, ""},
  };
  for (const std::string layout : {"us", "de", "fr"}) {
    for (const Row& row : rows) {
      CAPTURE(layout, row.octets);
      KeyDecoder decoder = decoder_of(layout);
      CHECK(type(decoder, held(KEY_LEFTALT, row.digits)) == row.octets);
      CHECK(type(decoder, held(KEY_LEFTALT, keys({KEY_KP4, KEY_KP8}))) == "0");
    }
  }
}

TEST_CASE("keys: GS is Ctrl and the closing bracket, or F8, whatever the layout",
          "[devices][wedge]") {
  for (const std::string layout : {"us", "de", "fr", "gb"}) {
    CAPTURE(layout);
    CHECK(type(layout, keys({KEY_RIGHTBRACE}, {KEY_LEFTCTRL})) == "\x1d");
    CHECK(type(layout, keys({KEY_RIGHTBRACE}, {KEY_RIGHTCTRL})) == "\x1d");
    CHECK(type(layout, keys({KEY_LEFTBRACE, KEY_BACKSLASH}, {KEY_LEFTCTRL})) == "\x1b\x1c");
    CHECK(type(layout, keys({KEY_F8})) == "\x1d");
    CHECK(type(layout, keys({KEY_B, KEY_D}, {KEY_LEFTCTRL})) == "\x02\x04");
    CHECK(type(layout, keys({KEY_J}, {KEY_LEFTCTRL})) == "\n");
  }
  CHECK(type("de", keys({KEY_9}, {KEY_LEFTCTRL, KEY_RIGHTALT})) == "\x1d");
  CHECK(type("us", keys({KEY_6, KEY_MINUS}, {KEY_LEFTCTRL, KEY_LEFTSHIFT})) == "\x1e\x1f");
  CHECK(type("us", keys({KEY_1, KEY_2, KEY_F1}, {KEY_LEFTCTRL})) == "???");
}

TEST_CASE("keys: Enter and Tab end, also after an accent", "[devices][wedge]") {
  CHECK(type("us", keys({KEY_1, KEY_ENTER, KEY_2, KEY_KPENTER, KEY_3, KEY_TAB})) == "1\r2\r3\r");
  CHECK(type("de", keys({KEY_GRAVE, KEY_ENTER, KEY_A})) == "?\ra");
  CHECK(type("de", keys({KEY_GRAVE, KEY_F8, KEY_A})) ==
        "?\x1d"
        "a");
}

TEST_CASE("keys: what is no octet is told", "[devices][wedge]") {
  CHECK(type("us", keys({KEY_F1, KEY_LEFT, KEY_VOLUMEUP, KEY_POWER, KEY_MAX})) == "?????");
  CHECK(type("us", keys({BTN_LEFT, KEY_RESERVED})) == "??");
  CHECK(type("de", keys({KEY_E}, {KEY_RIGHTALT})) == "?");  // the Euro sign
  CHECK(type("de", keys({KEY_GRAVE, KEY_X, KEY_X})) == "?x");
  CHECK(type("us", {{0xFFFF, 1}, {0xFFFF, 0}}) == "?");
}

TEST_CASE("keys: repeats, keys that go up and modifiers type nothing", "[devices][wedge]") {
  CHECK(type("us", {{KEY_A, 1}, {KEY_A, 2}, {KEY_A, 2}, {KEY_A, 0}}) == "a");
  CHECK(type("us", {{KEY_A, 0}, {KEY_A, 2}, {KEY_A, -1}, {KEY_A, 7}}).empty());
  CHECK(type("us", keys({KEY_LEFTSHIFT, KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTALT, KEY_RIGHTALT,
                         KEY_LEFTMETA, KEY_CAPSLOCK, KEY_NUMLOCK, KEY_SCROLLLOCK}))
            .empty());
  // As fast as a scanner rolls over: the next is down before the first is up.
  CHECK(type("us", {{KEY_A, 1}, {KEY_B, 1}, {KEY_A, 0}, {KEY_C, 1}, {KEY_B, 0}, {KEY_C, 0}}) ==
        "abc");
}

TEST_CASE("keys: what was said about lost events holds from then on", "[devices][wedge]") {
  KeyDecoder decoder = decoder_of("de");
  type(decoder, {{KEY_LEFTSHIFT, 1}, {KEY_A, 1}});
  decoder.set(KEY_LEFTSHIFT, false);
  decoder.set(KEY_A, false);
  CHECK_FALSE(decoder.any_down());
  CHECK(type(decoder, keys({KEY_A})) == "a");
  decoder.set(KEY_RIGHTSHIFT, true);
  CHECK(type(decoder, keys({KEY_A})) == "A");
  CHECK(decoder.any_down());
  CHECK(type(decoder, Keys{{KEY_RIGHTSHIFT, 0}} + keys({KEY_A})) == "a");
  type(decoder, keys({KEY_GRAVE}));
  decoder.forget();
  CHECK(type(decoder, keys({KEY_A})) == "a");
  type(decoder, keys({KEY_CAPSLOCK}) + Keys{{KEY_LEFTALT, 1}, {KEY_KP6, 1}});
  decoder.reset();
  CHECK(type(decoder, keys({KEY_A, KEY_KP1}) + Keys{{KEY_LEFTALT, 0}}) == "a1");
}

TEST_CASE("keys: two scanners have nothing in common", "[devices][wedge]") {
  KeyDecoder one = decoder_of("de");
  KeyDecoder other = decoder_of("us");
  type(one, {{KEY_LEFTSHIFT, 1}});
  CHECK(type(other, keys({KEY_Z})) == "z");
  CHECK(type(one, keys({KEY_Z})) == "Y");
}

TEST_CASE("layout: a name, and a variant in brackets", "[devices][wedge]") {
  for (const std::string text :
       {"us", "de", "fr", "gb", "de(nodeadkeys)", "fr(latin9)", "us(intl)"}) {
    CAPTURE(text);
    const auto layout = KeyboardLayout::parse(text);
    REQUIRE(layout);
    CHECK(layout->text() == text);
    CHECK(KeyDecoder::create(*layout));
  }
  for (const std::string text :
       {"", "(", "()", "de(", "de()", "de)", "de(nodeadkeys", "de(a)b", "de us", "de,us", "../de",
        "de:2", "de+us", "d\xc3\xa9", "de((x))"}) {
    CAPTURE(text);
    const auto layout = KeyboardLayout::parse(text);
    REQUIRE_FALSE(layout);
    CHECK(layout.error().reason == "bad_layout");
  }
  for (const std::string text : {"zz", "de(zz)"}) {
    CAPTURE(text);
    const auto decoder = KeyDecoder::create(*KeyboardLayout::parse(text));
    REQUIRE_FALSE(decoder);
    CHECK(decoder.error().reason == "bad_layout");
    CHECK(decoder.error().message.find(text) != std::string::npos);
  }
}

}  // namespace
}  // namespace cairn::devices::evdev::key_decoder_test
