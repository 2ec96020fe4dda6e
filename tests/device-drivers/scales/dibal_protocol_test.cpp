#include "device-drivers/scales/dibal_protocol.h"

#include "tests/device-drivers/support/scale_talk.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::devices::dibal_protocol_test {
namespace {

using test::heard_by;
using Heard = std::vector<std::string>;

TEST_CASE("dibal: grams, with a checksum that is looked at", "[devices][dibal]") {
  DibalProtocol scale;
  CHECK(scale.ask() == "98000001\r\n");
  CHECK(heard_by<DibalProtocol>("9900031600000004\r\n") == Heard{"316 g"});
  CHECK(heard_by<DibalProtocol>("990003164\r") == Heard{"316 g"});  // another model: no amount
  CHECK(heard_by<DibalProtocol>("9910031600000005\r\n") == Heard{"unstable"});
  CHECK(heard_by<DibalProtocol>("990000080000002:\n") == Heard{"8 g"});  // 8 xor 2 is ten
}

TEST_CASE("dibal: what is damaged or none is no answer", "[devices][dibal]") {
  const std::string good = "9900031600000004";
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string damaged = good;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x01);
    CAPTURE(damaged);
    CHECK(heard_by<DibalProtocol>(damaged + "\r\n").empty());
  }
  for (const std::string line : {"", "99", "98000001", "99000316", "99 0003164"}) {
    CAPTURE(line);
    CHECK(heard_by<DibalProtocol>(line + "\r\n").empty());
  }
  CHECK(heard_by<DibalProtocol>(std::string(5000, '9')).empty());
}

}  // namespace
}  // namespace cairn::devices::dibal_protocol_test
