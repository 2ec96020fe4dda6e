// Devices that this user may not open, as on a machine without Cairn's udev rules: the mode of the
// device file says so, and the kernel refuses it (EACCES).

#include "core/base/assert.h"
#include "device-drivers/registry.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/device-drivers/support/recording_sink.h"
#include "tests/device-drivers/support/weight_sink.h"
#include "tests/device-drivers/usb/sim.h"
#include "tests/support/catch.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace cairn::devices::permission_test {
namespace {

namespace fs = std::filesystem;
using Capabilities = std::array<__user_cap_data_struct, 2>;

/// While it lives this thread, and those that it starts, may open only what the mode of a file
/// allows, also if they are root's (capabilities(7)).
class PlainUser {
 public:
  PlainUser() {
    CAIRN_ASSERT(::syscall(SYS_capget, &header_, before_.data()) == 0, "one's own capabilities");
    Capabilities less = before_;
    constexpr unsigned kOverModes = 1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH;
    less[0].effective &= ~kOverModes;
    set(less);
  }
  PlainUser(const PlainUser&) = delete;
  PlainUser& operator=(const PlainUser&) = delete;
  ~PlainUser() { set(before_); }

 private:
  void set(Capabilities wanted) {
    CAIRN_ASSERT(::syscall(SYS_capset, &header_, wanted.data()) == 0, "fewer capabilities");
  }

  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};  // 0: this thread
  Capabilities before_{};
};

/// The device files of the bed are nobody's, until they are plugged in anew.
void forbid_all() {
  const fs::path bed = std::getenv("UMOCKDEV_DIR");
  int files = 0;
  for (const std::string folder : {"dev/bus/usb/001", "dev/input"}) {
    std::error_code absent;
    for (const auto& device : fs::directory_iterator(bed / folder, absent)) {
      fs::permissions(device.path(), fs::perms::none);
      ++files;
    }
  }
  REQUIRE(files == 1);
}

/// Offline from the start, for that reason; online with what is plugged in when the rules are
/// there.
template <class Sink, class Open>
void check_refused(const std::vector<std::string>& played, Open open) {
  test::UsbSim sim(played);
  const test::MachineClock clock;
  Sink sink;
  const PlainUser plain;
  forbid_all();
  const auto driver = open(sink, clock);
  REQUIRE(driver);
  REQUIRE(sink.wait_offline());
  const std::string why = sink.seen().states.front().detail;
  CHECK_THAT(why, Catch::StartsWith("permission denied: install the udev rules of Cairn and add "
                                    "the service user to group cairn-usb"));
  sim.command("unplug");
  sim.command("plug");
  CHECK(sink.wait_online());
}

TEST_CASE("no permission: a scanner or scale says that the udev rules are missing", "[devices]") {
  SECTION("scanner in HID POS mode") {
    check_refused<test::RecordingSink>(
        {"--scanner", "scanner-1=usb:0c2e:0b61"}, [](auto& sink, auto& clock) {
          return open_scanner({.name = "scanner-1", .kind = "scanner", .url = "usb:0c2e:0b61"},
                              sink, clock);
        });
  }
  SECTION("scanner in keyboard mode") {
    check_refused<test::RecordingSink>(
        {"--scanner", "scanner-1=evdev:05e0:1200"}, [](auto& sink, auto& clock) {
          return open_scanner({.name = "scanner-1", .kind = "scanner", .url = "evdev:05e0:1200"},
                              sink, clock);
        });
  }
  SECTION("scale") {
    check_refused<test::WeightSink>({"--scale", "scale-1=usb:0922:8003"}, [](auto& sink,
                                                                             auto& clock) {
      return open_scale({.name = "scale-1", .kind = "scale", .url = "usb:0922:8003"}, sink, clock);
    });
  }
}

TEST_CASE("no permission: a printer says that the udev rules are missing", "[devices][printer]") {
  const std::string protocol = GENERATE("zpl", "epl", "escpos");
  CAPTURE(protocol);
  const std::vector<std::string> played{"--printer",
                                        "printer-1=usb:0a5f:0166,language=" + protocol};
  DeviceConfig config{.name = "printer-1", .kind = "printer", .url = "usb:0a5f:0166"};
  config.protocol = protocol;
  if (protocol != "escpos") {
    return check_refused<test::PrintSink>(
        played, [&](auto& sink, auto& clock) { return open_printer(config, sink, clock); });
  }
  config.kind = "receipt_printer";
  check_refused<test::PrintSink>(
      played, [&](auto& sink, auto& clock) { return open_receipt_printer(config, sink, clock); });
}

}  // namespace
}  // namespace cairn::devices::permission_test
