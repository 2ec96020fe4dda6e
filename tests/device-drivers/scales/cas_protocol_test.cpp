#include "device-drivers/scales/cas_protocol.h"

#include "device-drivers/wire/ascii.h"
#include "tests/device-drivers/support/scale_talk.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::cas_protocol_test {
namespace {

using test::heard_by;
using Heard = std::vector<std::string>;

std::string block(const std::string& text) { return "\x01\x02" + text + xor_of(text) + "\x03\x04"; }

TEST_CASE("cas: a handshake and a block with a checksum", "[devices][cas]") {
  CasProtocol scale;
  CHECK(scale.ask() == "\x05");
  CHECK(heard_by<CasProtocol>("\x06\x01\x02S 01.250kgg\x03\x04") ==
        Heard{"reply: \x11", "1.250 kg"});
  CHECK(heard_by<CasProtocol>("\x15") == Heard{"unstable"});
  const std::vector<std::pair<std::string, std::string>> rows{
      {"S 01.250kg", "1.250 kg"}, {"U 01.250kg", "unstable"}, {"S-00.250kg", "under"},
      {"S-00.000kg", "0.000 kg"}, {"S 002.75lb", "2.75 lb"},  {"S  1.250kg", "1.250 kg"},
  };
  for (const auto& [text, says] : rows) {
    CAPTURE(text);
    CHECK(heard_by<CasProtocol>(block(text)) == Heard{says});
  }
}

TEST_CASE("cas: a block that is damaged or none is dropped, and the next one read",
          "[devices][cas]") {
  const std::string good = block("S 01.250kg");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x08);
    CAPTURE(i);
    CHECK(heard_by<CasProtocol>(damaged).size() <= 1);
    for (const std::string& says : heard_by<CasProtocol>(damaged)) CHECK(says != "1.258 kg");
    CHECK_FALSE(read_cas_block(damaged));
  }
  for (const std::string text : {"X 01.250kg", "S 01.250st", "S 01,250kg", "S*01.250kg"}) {
    CAPTURE(text);
    CHECK_FALSE(read_cas_block(block(text)));
  }
  CHECK_FALSE(read_cas_block(""));
  CHECK(heard_by<CasProtocol>("noise" + good) == Heard{"1.250 kg"});
}

TEST_CASE("cas: a line of the stream", "[devices][cas]") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"ST,GS,1\xc0,+  1.250 kg", "1.250 kg"}, {"ST,NT,1\xc2,+  0.250 kg", "0.250 kg"},
      {"US,GS,1\x80,+  1.250 kg", "unstable"}, {"OL,GS,1\x80,+ 99.999 kg", "over"},
      {"ST,GS,1\xc0,-  1.250 kg", "under"},    {"ST,GS,1\xc1,   0.000 kg", "0.000 kg"},
      {"ST,GS,1\x8d,+   2.75 lb", "2.75 lb"},
  };
  for (const auto& [line, says] : rows) {
    CAPTURE(line);
    REQUIRE(line.size() == 20);
    CHECK(heard_by<CasStreamProtocol>("\n" + line + "\r\n") == Heard{says});
  }
  for (const std::string line :
       {"ST,GS,1\xc0,+  1.250 st", "ST,XX,1\xc0,+  1.250 kg", "XX,GS,1\xc0,+  1.250 kg",
        "ST,GS,1\xc0,+ 1.250 kg", "ST,GS,1\xc0,+  1.250  kg", "ST;GS,1\xc0,+  1.250 kg"}) {
    CAPTURE(line);
    CHECK(heard_by<CasStreamProtocol>("\n" + line + "\r\n").empty());
  }
}

TEST_CASE("cas: a line that had begun before the question is no answer to it", "[devices][cas]") {
  const std::string line = "ST,GS,1\xc0,+  1.250 kg\r\n";
  CHECK(heard_by<CasStreamProtocol>(line).empty());
  CHECK(heard_by<CasStreamProtocol>(line + line) == Heard{"1.250 kg"});
  CHECK(heard_by<CasStreamProtocol>("\n" + std::string(5000, 'x') + line).empty());
}

}  // namespace
}  // namespace cairn::devices::cas_protocol_test
