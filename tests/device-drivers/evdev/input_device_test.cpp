#include "device-drivers/evdev/input_device.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/support/catch.h"

#include <fstream>
#include <string>

namespace cairn::devices::evdev::input_device_test {
namespace {

/// Why it cannot be opened.
Error refusal(const std::string& path) {
  const auto opened = InputDevice::open(path);
  REQUIRE_FALSE(opened);
  CHECK_THAT(opened.error().message, Catch::Contains(path));
  return opened.error();
}

TEST_CASE("input device: what is no input device is no keyboard", "[devices][evdev]") {
  const test::TempFolder folder;
  const std::string note = folder.file("note");
  std::ofstream(note) << "4006381333931\n";
  for (const std::string& path : {std::string("/dev/null"), note, folder.file("")}) {
    CAPTURE(path);
    const Error why = refusal(path);
    CHECK(why.reason == "no_keyboard");
    CHECK_THAT(why.message, Catch::Contains("set the scanner to keyboard mode"));
  }
}

TEST_CASE("input device: what is not there is not plugged in", "[devices][evdev]") {
  const test::TempFolder folder;
  for (const std::string& path : {folder.file("event7"), std::string("/dev/null/event7")}) {
    CAPTURE(path);
    const Error why = refusal(path);
    CHECK(why.reason == "no_device");
    CHECK_THAT(why.message, Catch::Contains("is it plugged in?"));
  }
}

}  // namespace
}  // namespace cairn::devices::evdev::input_device_test
