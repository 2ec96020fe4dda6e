#include "device-drivers/usb/device_id.h"

#include "tests/support/catch.h"

namespace cairn::devices::usb::device_id_test {
namespace {

constexpr std::string_view kText = "MFG:Zebra ;COMMAND SET:ZPL,EPL;MDL:GK420d;SN:42;";

std::string with_length(std::size_t length, bool turned = false) {
  const auto high = static_cast<char>(length >> 8U);
  const auto low = static_cast<char>(length & 0xFFU);
  return std::string{turned ? low : high, turned ? high : low} + std::string(kText);
}

TEST_CASE("device id: whatever its length says", "[devices][usb]") {
  const std::string answer = GENERATE(with_length(kText.size() + 2),        // right
                                      with_length(kText.size() + 2, true),  // turned round
                                      with_length(0), with_length(0xFFFF),  // lies
                                      with_length(2));
  const auto id = DeviceId::parse(answer);
  REQUIRE(id);
  CHECK(id->manufacturer == "Zebra");
  CHECK(id->model == "GK420d");
  CHECK(id->commands == "ZPL,EPL");
  CHECK(id->serial == "42");
}

TEST_CASE("device id: what is cut off or nonsense", "[devices][usb]") {
  CHECK_FALSE(DeviceId::parse({}));
  CHECK_FALSE(DeviceId::parse("x"));
  CHECK_FALSE(DeviceId::parse(std::string("\0\2", 2)));
  CHECK_FALSE(DeviceId::parse(std::string("\0\x06;;;;", 6)));
  const auto cut = DeviceId::parse(std::string("\0\x0DMFG:A\x1b[1m;MO", 15));
  REQUIRE(cut);
  CHECK(cut->manufacturer == "A[1m");  // nothing that a terminal would obey
  CHECK(cut->model.empty());
}

TEST_CASE("device id: only a list of other languages rules a language out", "[devices][usb]") {
  const auto out = [](const std::string& commands, std::string_view language) {
    return rules_out({"", "", commands, ""}, language);
  };
  CHECK_FALSE(out("", "ZPL"));
  CHECK_FALSE(out(" , ", "ZPL"));
  CHECK_FALSE(out("ZPL", "ZPL"));
  CHECK_FALSE(out("epl2,zpl ii", "ZPL"));
  CHECK(out("EPL", "ZPL"));
  CHECK(out("PCL,PJL", "EPL"));
}

}  // namespace
}  // namespace cairn::devices::usb::device_id_test
