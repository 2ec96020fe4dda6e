#include "device-drivers/scales/sics_protocol.h"

#include "tests/device-drivers/support/scale_talk.h"
#include "tests/support/catch.h"

#include <string>
#include <utility>
#include <vector>

namespace cairn::devices::sics_protocol_test {
namespace {

using test::heard_by;
using Heard = std::vector<std::string>;

TEST_CASE("sics: a line is a weight or why there is none", "[devices][sics]") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"S S     100.00 g", "100.00 g"},
      {"S S      1.250 kg", "1.250 kg"},
      {"S S    -0.000 kg", "0.000 kg"},
      {"S S    -1.250 kg", "under"},
      {"S D     100.00 g", "unstable"},
      {"S I", "unstable"},
      {"S +", "over"},
      {"S -", "under"},
  };
  for (const auto& [line, says] : rows) {
    CAPTURE(line);
    CHECK(heard_by<SicsProtocol>(line + "\r\n") == Heard{says});
  }
  CHECK_THAT(heard_by<SicsProtocol>("S S     1.25 ct\r\n").at(0), Catch::Contains("\"ct\""));
}

TEST_CASE("sics: what is no answer is none", "[devices][sics]") {
  for (const std::string line :
       {"", "ES", "ET", "EL", "S", "S S", "S S x kg", "S S 1.2.3 kg", "S X 1.250 kg", "Z A",
        "T S 1.250 kg", "I4 A \"123\"", "S S 1.250 kg extra"}) {
    CAPTURE(line);
    const Heard heard = heard_by<SicsProtocol>(line + "\r\n");
    CHECK((heard.empty() || heard.front().starts_with("fault")));
  }
  CHECK(heard_by<SicsProtocol>("S S 1.250 kg\n").empty());  // no CR
  CHECK(heard_by<SicsProtocol>(std::string(5000, ' ') + "S S 1.250 kg\r\nS +\r\n") ==
        Heard{"over"});
}

TEST_CASE("sics: orders wait until the weight is stable", "[devices][sics]") {
  SicsProtocol scale;
  CHECK(scale.ask() == "SI\r\n");
  CHECK(scale.order(ScaleOrder::kZero) == "Z\r\n");
  CHECK(scale.order(ScaleOrder::kTare) == "T\r\n");
  CHECK(scale.order(ScaleOrder::kClearTare) == "TAC\r\n");
}

}  // namespace
}  // namespace cairn::devices::sics_protocol_test
