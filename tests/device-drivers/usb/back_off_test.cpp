#include "device-drivers/usb/back_off.h"

#include "tests/support/catch.h"

namespace cairn::devices::usb::back_off_test {
namespace {

using Step = BackOff::Step;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("back-off: clears, resets, opens anew, and begins again once it works",
          "[devices][usb]") {
  BackOff back_off;
  for (int round = 0; round < 2; ++round) {
    CHECK(back_off.failed() == Step::kClearHalt);
    CHECK(back_off.failed() == Step::kReset);
    CHECK(back_off.failed() == Step::kReopen);
    CHECK(back_off.failed() == Step::kReopen);
    CHECK(back_off.pause() == milliseconds(100));
    CHECK(back_off.pause() == milliseconds(200));
    for (int i = 0; i < 5; ++i) back_off.pause();
    CHECK(back_off.pause() == seconds(5));
    CHECK(back_off.pause() == seconds(5));
    back_off.works();
  }
}

}  // namespace
}  // namespace cairn::devices::usb::back_off_test
