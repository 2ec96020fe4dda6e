#include "device-drivers/registry.h"

#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/support/print_sink.h"
#include "tests/device-drivers/support/recording_sink.h"
#include "tests/device-drivers/support/weight_sink.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/pty.h"
#include "tools/cairn-sim/virtual_printer.h"
#include "tools/cairn-sim/virtual_scale.h"

#include <functional>

namespace cairn::devices::registry_test {
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

TEST_CASE("registry: a scale is opened by its configuration, in the unit it is set to",
          "[devices][registry]") {
  const test::TempFolder folder;
  const test::MachineClock clock;
  simulator::VirtualScale hardware({"scale-1", folder.file("scale-1"), Duration::zero(), true},
                                   clock);
  REQUIRE(hardware.plug());
  hardware.put(1250);
  test::WeightSink sink;
  const DeviceConfig config{.name = "scale-1",
                            .kind = "scale",
                            .url = "serial:" + folder.file("scale-1"),
                            .protocol = "toledo",
                            .unit = "lb"};
  const auto scale = open_scale(config, sink, clock);
  REQUIRE(scale);
  REQUIRE(sink.wait_reading(WeightReading::State::kStable, MonoTime{}));
  const auto reading = sink.seen().readings.back();
  CHECK(reading.device == "scale-1");
  CHECK(reading.shown == "1.250 lb");
  CHECK(reading.weight_mg == 566'990);
}

TEST_CASE("registry: a scale is opened with every protocol it may be set to",
          "[devices][registry]") {
  for (const std::string protocol :
       {"toledo", "nci", "sics", "cas", "cas-stream", "dibal", "dialog06"}) {
    CAPTURE(protocol);
    const test::TempFolder folder;
    const test::MachineClock clock;
    simulator::VirtualScale hardware(
        {"scale-1", folder.file("scale-1"), Duration::zero(), false, protocol}, clock);
    REQUIRE(hardware.plug());
    hardware.put(1250);
    test::WeightSink sink;
    const DeviceConfig config{.name = "scale-1",
                              .kind = "scale",
                              .url = "serial:" + folder.file("scale-1"),
                              .protocol = protocol};
    const auto scale = open_scale(config, sink, clock);
    REQUIRE(scale);
    (*scale)->watch(true);
    REQUIRE(sink.wait_reading(WeightReading::State::kStable, MonoTime{}));
    CHECK(sink.seen().readings.back().weight_mg == 1'250'000);
  }
}

TEST_CASE("registry: a printer is opened by its configuration", "[devices][registry]") {
  const test::MachineClock clock;
  simulator::VirtualPrinter hardware({"printer-1", {"127.0.0.1", 0}, Duration::zero()}, clock);
  REQUIRE(hardware.plug());
  test::PrintSink sink;
  const DeviceConfig config{
      .name = "printer-1", .kind = "printer", .url = "tcp://" + hardware.address().text()};
  const auto printer = open_printer(config, sink, clock);
  REQUIRE(printer);
  REQUIRE((*printer)->print(
      {"job-1", {"Lager Nord", "ORD-1", "1.250 kg", "340123450000000018", "CRN0000000001"}}));
  REQUIRE(sink.wait_results(1));
  CHECK(sink.seen().results.back().outcome == PrintResult::Outcome::kDone);
  CHECK(hardware.counts().printed == 1);
}

TEST_CASE("registry: a receipt printer is opened by its configuration", "[devices][registry]") {
  const test::MachineClock clock;
  simulator::VirtualPrinter hardware({"receipts",
                                      {"127.0.0.1", 0},
                                      Duration::zero(),
                                      simulator::VirtualPrinterConfig::Language::kEscPos},
                                     clock);
  REQUIRE(hardware.plug());
  test::PrintSink sink;
  DeviceConfig config{.name = "receipts",
                      .kind = "receipt_printer",
                      .url = "tcp://" + hardware.address().text(),
                      .model = "citizen"};
  const auto printer = open_receipt_printer(config, sink, clock);
  REQUIRE(printer);
  REQUIRE((*printer)->print({"job-1", {48, {ReceiptLine{"Receipt 1"}}}}));
  REQUIRE(sink.wait_results(1));
  CHECK(sink.seen().results.back().outcome == PrintResult::Outcome::kDone);
  CHECK(hardware.counts().printed == 1);

  const auto reason = [&sink, &clock](const DeviceConfig& wrong) {
    const auto opened = open_receipt_printer(wrong, sink, clock);
    return opened ? "opened" : opened.error().reason;
  };
  config.model = "abacus";
  CHECK(reason(config) == "bad_model");
  config.model = "epson";
  config.url = "serial:COM1";
  CHECK(reason(config) == "bad_device_url");
  config.url = "serial:/dev/serial/by-id/usb-printer";
  config.flow = "dtr";
  CHECK(reason(config) == "bad_flow");
  config.protocol = "zpl";
  CHECK(reason(config) == "unknown_device");
}

TEST_CASE("registry: printers of either kind are found on a serial line", "[devices][registry]") {
  const test::TempFolder folder;
  const test::MachineClock clock;
  test::PrintSink sink;
  const DeviceConfig label{
      .name = "printer-1", .kind = "printer", .url = "serial:" + folder.file("later")};
  const auto labels = open_printer(label, sink, clock);
  REQUIRE(labels);
  CHECK(sink.wait_offline());
  const DeviceConfig receipt{
      .name = "receipts", .kind = "receipt_printer", .url = "serial:" + folder.file("later")};
  const auto receipts = open_receipt_printer(receipt, sink, clock);
  REQUIRE(receipts);
  CHECK(sink.wait([](const auto& seen) { return seen.states.size() == 2; }));
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
      {[](DeviceConfig& c) { c.kind = "scale"; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.kind = ""; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.url = "usb:COM3"; }, "bad_device_url", "usb:0c2e:0b61"},
      {[](DeviceConfig& c) { c.url = "hid:0c2e:0b61"; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.url = "/dev/ttyACM0"; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.url = "serial"; }, "bad_device_url", "serial:/dev/serial/by-id/"},
      {[](DeviceConfig& c) { c.url = "serial:"; }, "bad_device_url", "serial:/dev/serial/by-id/"},
      {[](DeviceConfig& c) { c.url = "serial:COM3"; }, "bad_device_url", "serial:/dev/"},
      {[](DeviceConfig& c) { c.url = ""; }, "unknown_device", known},
      {[](DeviceConfig& c) { c.protocol = "hid"; }, "unknown_device", "protocol \"lines\""},
      {[](DeviceConfig& c) { c.name = ""; }, "bad_device_name", "name"},
      {[](DeviceConfig& c) { c.baud = 9601; }, "bad_baud", "scanner-1"},
      {[](DeviceConfig& c) { c.mode = "8N2"; }, "bad_mode", "scanner-1"},
      {[](DeviceConfig& c) { c.url = "evdev:event7"; }, "bad_device_url", "evdev:05e0:1200"},
      {[](DeviceConfig& c) { c.url = "evdev:/dev/ttyS0"; }, "bad_device_url", "/dev/input/by-id/"},
      {[](DeviceConfig& c) {
         c.url = "evdev:05e0:1200";
         c.layout = "zz";
       },
       "bad_layout", "de(nodeadkeys)"},
      {[](DeviceConfig& c) {
         c.url = "evdev:05e0:1200";
         c.protocol = "hid";
       },
       "unknown_device", "protocol \"keyboard\""},
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

TEST_CASE("registry: what is wrong with a scale or a printer is told before it is opened",
          "[devices][registry]") {
  const test::MachineClock clock;
  test::WeightSink weights;
  test::PrintSink prints;
  const DeviceConfig scale{.name = "scale-1", .kind = "scale", .url = "serial:/dev/ttyUSB0"};
  const DeviceConfig printer{.name = "printer-1", .kind = "printer", .url = "tcp://192.0.2.7:9100"};
  const auto reason_of = [&](DeviceConfig config) {
    if (config.kind == "printer") {
      const auto opened = open_printer(config, prints, clock);
      return opened ? "opened" : opened.error().reason;
    }
    const auto opened = open_scale(config, weights, clock);
    return opened ? "opened" : opened.error().reason;
  };
  const auto changed = [](DeviceConfig config, std::string DeviceConfig::* what, std::string to) {
    config.*what = std::move(to);
    return config;
  };
  CHECK(reason_of(changed(scale, &DeviceConfig::unit, "st")) == "bad_unit");
  CHECK(reason_of(changed(scale, &DeviceConfig::mode, "7N1")) == "bad_mode");
  CHECK(reason_of(changed(scale, &DeviceConfig::protocol, "lines")) == "unknown_device");
  CHECK(reason_of(changed(scale, &DeviceConfig::url, "tcp://192.0.2.7:9100")) == "unknown_device");
  CHECK(reason_of(changed(printer, &DeviceConfig::url, "hid:/dev/hidraw0")) == "unknown_device");
  CHECK(reason_of(changed(printer, &DeviceConfig::protocol, "escpos")) == "unknown_device");
  for (const std::string url : {"tcp:", "tcp://", "tcp:192.0.2.7:9100", "tcp://192.0.2.7",
                                "tcp://192.0.2.7:0", "tcp://:9100", "tcp://192.0.2.7:99999"}) {
    CAPTURE(url);
    CHECK(reason_of(changed(printer, &DeviceConfig::url, url)) == "bad_device_url");
  }
}

}  // namespace
}  // namespace cairn::devices::registry_test
