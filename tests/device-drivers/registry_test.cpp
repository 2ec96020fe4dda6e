#include "device-drivers/registry.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/recording_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/pty.h"

#include <functional>

namespace cairn::devices {
namespace {

using test::RecordingSink;

DeviceConfig scanner_at(const std::string& path) {
  return {.name = "scanner-1", .kind = "scanner", .url = "serial:" + path};
}

TEST_CASE("registry: a scanner on a serial line is opened by its configuration",
          "[devices][registry]") {
  const test::TempFolder folder;
  const test::MachineClock clock;
  RecordingSink sink;
  const auto pty = simulator::Pty::create(folder.file("scanner-1"));
  REQUIRE(pty);
  const auto scanner = open_scanner(scanner_at(folder.file("scanner-1")), sink, clock);
  REQUIRE(scanner);
  REQUIRE(sink.wait_online());
  REQUIRE((*pty)->write("4006381333931\r"));
  REQUIRE(sink.wait_scans(1));
  CHECK(sink.seen().scans.front().device == "scanner-1");
}

TEST_CASE("registry: a device that is not there yet is no error", "[devices][registry]") {
  const test::TempFolder folder;
  const test::MachineClock clock;
  RecordingSink sink;
  const auto scanner = open_scanner(scanner_at(folder.file("later")), sink, clock);
  REQUIRE(scanner);
  CHECK(sink.wait_offline());
}

TEST_CASE("registry: a configuration without a driver is refused with what is known",
          "[devices][registry]") {
  struct Row {
    std::function<void(DeviceConfig&)> change;
    std::string_view reason;
    std::string says;
  };
  const std::string known = "known: kind \"scanner\" with url \"serial:/dev/";
  const std::vector<Row> rows{
      {[](DeviceConfig& c) { c.kind = "printer"; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.kind = ""; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.url = "usb:0c2e:0b61"; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.url = "/dev/ttyACM0"; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.url = "serial"; }, "bad_device_url", "serial:/dev/serial/by-id/"},
      {[](DeviceConfig& c) { c.url = "serial:"; }, "bad_device_url", "serial:/dev/serial/by-id/"},
      {[](DeviceConfig& c) { c.url = "serial:COM3"; }, "bad_device_url", "serial:/dev/"},
      {[](DeviceConfig& c) { c.url = ""; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.protocol = "hid"; }, "unknown_device", "protocol \"lines\""},
      {[](DeviceConfig& c) { c.name = ""; }, "bad_device_name", "name"},
      {[](DeviceConfig& c) { c.baud = 9601; }, "bad_baud", "scanner-1"},
      {[](DeviceConfig& c) { c.mode = "8N2"; }, "bad_mode", "scanner-1"},
  };
  const test::MachineClock clock;
  RecordingSink sink;
  for (const Row& row : rows) {
    DeviceConfig config = scanner_at("/dev/serial/by-id/usb-scanner");
    row.change(config);
    const auto scanner = open_scanner(config, sink, clock);
    REQUIRE_FALSE(scanner);
    CAPTURE(scanner.error().message);
    CHECK(scanner.error().code == ErrorCode::kInvalid);
    CHECK(scanner.error().reason == row.reason);
    CHECK_THAT(scanner.error().message, Catch::Contains(row.says));
  }
  CHECK(sink.seen().states.empty());
}

}  // namespace
}  // namespace cairn::devices
