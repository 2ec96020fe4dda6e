#include "tools/cairn-sim/scale_speech.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::simulator::scale_speech_test {
namespace {

MonoTime at(int ms) { return MonoTime{1'000'000} + std::chrono::milliseconds(ms); }

/// A scale that settles at once, and how it talks.
struct Talk {
  explicit Talk(std::string_view protocol) : speech(make_scale_speech(protocol).value()) {}

  Bytes says(BytesView octets) {
    Bytes all;
    for (const char octet : octets) {
      const auto said = speech->hear(octet, scale, at(0));
      all += said.octets;
      asked += said.asked ? 1 : 0;
    }
    return all;
  }

  ScaleMechanism scale{Duration::zero()};
  std::unique_ptr<ScaleSpeech> speech;
  int asked = 0;
};

TEST_CASE("scale speech: toledo", "[simulator][scale]") {
  Talk talk("toledo");
  CHECK(talk.says("W") ==
        "\x02"
        "00.000\r");
  talk.scale.put(1250, at(0));
  CHECK(talk.says("wAB\r\nW") ==
        "\x02"
        "01.250\r");
  CHECK(talk.asked == 2);
  CHECK(talk.says("T") == "\x02?P\r");
  CHECK(talk.says("W") ==
        "\x02"
        "00.000N\r");
  CHECK(talk.says("C") == "\x02?@\r");
  CHECK(talk.says("Z") == "\x02?P\r");
  talk.scale.overload();
  CHECK(talk.says("W") == "\x02?B\r");
  talk.scale.lift();
  CHECK(talk.says("W") == "\x02?D\r");
  talk.scale.move();
  CHECK(talk.says("W") == "\x02?A\r");
}

TEST_CASE("scale speech: nci", "[simulator][scale]") {
  Talk talk("nci");
  talk.scale.put(1250, at(0));
  CHECK(talk.says("W\r") == "\n   1.250kg\r\n00\r\x03");
  CHECK(talk.says("S\r") == "\n00\r\x03");
  CHECK(talk.says("Q\r") == "\n?\r\x03");
  CHECK(talk.says("Z\r") == "\n20\r\x03");
  talk.scale.move();
  CHECK(talk.says("W\r") == "\n10\r\x03");
  CHECK(talk.asked == 2);
}

TEST_CASE("scale speech: sics", "[simulator][scale]") {
  Talk talk("sics");
  talk.scale.put(1250, at(0));
  CHECK(talk.says("SI\r\n") == "S S      1.250 kg\r\n");
  CHECK(talk.says("T\r\n") == "T S      1.250 kg\r\n");
  CHECK(talk.says("TAC\r\n") == "TAC A\r\n");
  CHECK(talk.says("Z\r\n") == "Z A\r\n");
  CHECK(talk.says("HELLO\r\n") == "ES\r\n");
  talk.scale.overload();
  CHECK(talk.says("SI\r\n") == "S +\r\n");
  CHECK(talk.says("T\r\n") == "T I\r\n");
}

TEST_CASE("scale speech: cas", "[simulator][scale]") {
  Talk talk("cas");
  talk.scale.put(1250, at(0));
  CHECK(talk.says("\x05") == "\x06");
  CHECK(talk.says("\x11") == "\x01\x02S 01.250kgg\x03\x04");
  talk.scale.overload();
  CHECK(talk.says("\x05") == "\x15");
  Talk stream("cas-stream");
  stream.scale.put(1250, at(0));
  CHECK(stream.speech->every());
  CHECK(stream.speech->talk(stream.scale, at(0)) == "ST,GS,1\xc0,+  1.250 kg\r\n");
}

TEST_CASE("scale speech: dibal", "[simulator][scale]") {
  Talk talk("dibal");
  talk.scale.put(316, at(0));
  CHECK(talk.says("98000001\r\n") == "9900031600000004\r\n");
  CHECK(talk.says("98000002\r\n").empty());  // a wrong checksum
  talk.scale.move();
  CHECK(talk.says("98000001\r\n") == "9910000000000001\r\n");
}

TEST_CASE("scale speech: dialog06 gives each weight once", "[simulator][scale]") {
  using namespace std::string_literals;
  Talk talk("dialog06");
  const std::string price = "\x04\x02"s + "01\x1b" + "000100\x1b\x03";
  const std::string why = "\x04\x02"s + "08\x03";
  CHECK(talk.says(price) == "\x06");
  CHECK(talk.says("\x04\x05") == "\x15");  // nothing on it
  CHECK(talk.says(why) == "\x02"s + "09\x1b" + "30\x03");
  talk.scale.put(1250, at(0));
  CHECK(talk.says("\x04\x05") ==
        "\x02"s + "02\x1b" + "3\x1b" + "01250\x1b" + "000001\x1b" + "000000\x03");
  CHECK(talk.says("\x04\x05") == "\x15");
  CHECK(talk.says(why) == "\x02"s + "09\x1b" + "21\x03");
  talk.scale.put(1250, at(0));
  CHECK(talk.says("\x04\x05").size() > 1);
}

TEST_CASE("scale speech: a protocol that nobody knows", "[simulator][scale]") {
  const auto speech = make_scale_speech("morse");
  REQUIRE_FALSE(speech);
  CHECK(speech.error().reason == "bad_protocol");
  CHECK_THAT(speech.error().message, Catch::Contains("none of toledo, nci"));
}

}  // namespace
}  // namespace cairn::simulator::scale_speech_test
