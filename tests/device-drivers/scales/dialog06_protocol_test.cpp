#include "device-drivers/scales/dialog06_protocol.h"

#include "tests/device-drivers/support/scale_talk.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::devices::dialog06_protocol_test {
namespace {

using namespace std::string_literals;
using test::heard_by;
using test::heard_in;
using Heard = std::vector<std::string>;

std::string status(const std::string& code) { return "\x02"s + "09\x1b" + code + "\x03"; }
std::string weight(const std::string& grams) {
  return "\x02"s + "02\x1b" + "3\x1b" + grams + "\x1b" + "000001\x1b" + "000001\x03";
}

TEST_CASE("dialog06: price, weight, and why there is none", "[devices][dialog06]") {
  Dialog06Protocol scale;
  CHECK(scale.ask() == "\x04\x02"s + "01\x1b" + "000001\x1b\x03");
  CHECK(heard_in(scale, "\x06" + weight("01250")) == Heard{"reply: \x04\x05", "1250 g"});
  CHECK(heard_in(scale, "\x06\x15" + status("20")) ==
        Heard{"reply: \x04\x05", "reply: \x04\x02"s + "08\x03", "unstable"});
  CHECK(heard_in(scale, "\x15\x15").back() == "unstable");  // it refuses even that
  CHECK(heard_by<Dialog06Protocol>(status("22")) == Heard{"unstable"});
  CHECK(heard_by<Dialog06Protocol>(status("30")) == Heard{"under"});
  CHECK(heard_by<Dialog06Protocol>(status("31")) == Heard{"under"});
  CHECK(heard_by<Dialog06Protocol>(status("32")) == Heard{"over"});
  CHECK_THAT(heard_by<Dialog06Protocol>(status("11")).at(0), Catch::Contains("status \"11\""));
}

TEST_CASE("dialog06: nothing moved is the weight it gave, if it gave one", "[devices][dialog06]") {
  Dialog06Protocol scale;
  CHECK(heard_in(scale, status("21")) == Heard{"unstable"});
  CHECK(heard_in(scale, weight("01250")) == Heard{"1250 g"});
  CHECK(heard_in(scale, status("21")) == Heard{"1250 g"});
  scale.reset();  // it was unplugged: it may be another one
  CHECK(heard_in(scale, status("21")) == Heard{"unstable"});
}

TEST_CASE("dialog06: after a lost answer the weight before it is not given for it",
          "[devices][dialog06]") {
  for (const std::string& lost : {""s, "\x06"s, "\x06\x02"s + "02\x1b", "\x06" + weight("1.2.3")}) {
    CAPTURE(lost);
    Dialog06Protocol scale;
    CHECK_FALSE(scale.ask().empty());
    CHECK(heard_in(scale, weight("01250")) == Heard{"1250 g"});
    CHECK_FALSE(scale.ask().empty());
    heard_in(scale, lost);  // another article; the scale believes that it has told its weight
    CHECK_FALSE(scale.ask().empty());
    CHECK(heard_in(scale, status("21")) == Heard{"unstable"});
  }
}

TEST_CASE("dialog06: a weight that was moved away is not given again", "[devices][dialog06]") {
  for (const std::string& moved : {"20"s, "22"s, "30"s, "31"s, "32"s}) {
    CAPTURE(moved);
    Dialog06Protocol scale;
    CHECK(heard_in(scale, weight("01250")) == Heard{"1250 g"});
    CHECK(heard_in(scale, status(moved)).size() == 1);
    CHECK(heard_in(scale, status("21")) == Heard{"unstable"});
  }
}

TEST_CASE("dialog06: what is no answer is none", "[devices][dialog06]") {
  for (const std::string& octets :
       {""s, "noise"s, "\x02\x03"s, weight("1.2.3"), weight("-1250"),
        "\x02"s + "02\x1b" + "3\x1b" + "01250\x03", "\x02"s + "05\x1b" + "01250\x03",
        "\x02" + std::string(5000, '1') + "\x03"}) {
    CAPTURE(octets);
    CHECK(heard_by<Dialog06Protocol>(octets).empty());
  }
}

}  // namespace
}  // namespace cairn::devices::dialog06_protocol_test
