#include "device-drivers/scales/nci_protocol.h"

#include "tests/device-drivers/support/scale_talk.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::nci_protocol_test {
namespace {

using test::heard_by;
using Heard = std::vector<std::string>;

/// SCP-01 puts LF in front and ETX behind.
Heard heard(const std::string& inside) { return heard_by<NciProtocol>("\n" + inside + "\x03"); }

TEST_CASE("nci: a stable weight with its unit", "[devices][nci]") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {" 1.250kg\r\n00\r", "1.250 kg"},  {"0001.25lb\r\n00\r", "1.25 lb"},
      {"  12.5 oz\r\n00\r", "12.5 oz"},  {"   500g\r\nS00\r", "500 g"},
      {"  0.000KG\r\n20\r", "0.000 kg"}, {" 1.250kg\r\n0p0\r", "1.250 kg"},
      {" -0.000kg\r\n00\r", "0.000 kg"},
  };
  for (const auto& [inside, shown] : rows) {
    CAPTURE(inside);
    CHECK(heard(inside) == Heard{shown});
  }
}

TEST_CASE("nci: the status octets say why there is no weight", "[devices][nci]") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {" 1.250kg\r\n10\r", "unstable"},
      {"10\r", "unstable"},
      {"00\r", "unstable"},  // no weight: whatever the reason
      {" 1.250kg\r\n01\r", "under"},
      {" -1.250kg\r\n00\r", "under"},
      {"99.000kg\r\n02\r", "over"},
      {"S12\r", "over"},
  };
  for (const auto& [inside, state] : rows) {
    CAPTURE(inside);
    CHECK(heard(inside) == Heard{state});
  }
  for (const std::string status : {"40", "80", "04"}) {
    CAPTURE(status);
    const Heard fault = heard(" 1.250kg\r\n" + status + "\r");
    REQUIRE(fault.size() == 1);
    CHECK_THAT(fault.front(), Catch::Contains("fault: the scale says that its memory is damaged"));
  }
  CHECK_THAT(heard(" 1.250kg\r\n08\r").at(0), Catch::Contains("calibration is damaged"));
  CHECK_THAT(heard(" 1.250kg\r\n0p8\r").at(0), Catch::Contains("could not zero itself"));
}

TEST_CASE("nci: what is no answer is none", "[devices][nci]") {
  for (const std::string inside :
       {"?\r", "", "\r", "1.250kg\r", "1.250kg\r\n\r", "1.250kg\r\n0\r", "1.250kg\r\n00",
        "1.250kg\r\nAB\r", "1.250st\r\n00\r", "kg\r\n00\r", "1.2.5kg\r\n00\r", "0lb 3.4oz\r\n00\r",
        "1.250kg\r\n00000\r"}) {
    CAPTURE(inside);
    CHECK(heard(inside).empty());
  }
  CHECK(heard_by<NciProtocol>("1.250kg\r\n00\r\x03").size() <= 1);
  CHECK(heard_by<NciProtocol>("\n" + std::string(5000, '1')).empty());
}

TEST_CASE("nci: asks with a letter and CR, and zeroes", "[devices][nci]") {
  NciProtocol scale;
  CHECK(scale.ask() == "W\r");
  CHECK(scale.order(ScaleOrder::kZero) == "Z\r");
  CHECK(scale.order(ScaleOrder::kTare).empty());
}

}  // namespace
}  // namespace cairn::devices::nci_protocol_test
