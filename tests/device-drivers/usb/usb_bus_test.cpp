#include "device-drivers/usb/usb_bus.h"

#include "device-drivers/usb/usb_device.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/device-drivers/usb/sim.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <chrono>

namespace cairn::devices::usb::usb_bus_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::string> urls(const Bus& bus) {
  std::vector<std::string> urls;
  for (const Identity& one : bus.attached()) urls.push_back(url_of(one) + " " + one.port);
  std::ranges::sort(urls);
  return urls;
}

Address at(std::string_view text) {
  const auto address = Address::parse(text);
  REQUIRE(address);
  return *address;
}

TEST_CASE("bus: sees what is attached, and is told of what comes and goes", "[devices][usb]") {
  test::UsbSim sim(
      {"--scanner", "scanner-1=usb:0c2e:0b61", "--scale", "scale-1=usb:0922:8003:SN7,port=1-4"});
  const auto bus = Bus::shared();
  REQUIRE(bus);
  CHECK(urls(**bus) == std::vector<std::string>{"usb:0922:8003 1-4", "usb:0c2e:0b61 1-1"});
  const Waker waker;
  const Bus::Watch watch(*bus, waker);
  const auto changed = [&] {
    const bool woken = wait_for(waker, seconds(20)).by_waker;
    waker.clear();
    return woken;
  };
  sim.command("unplug @scanner-1");
  REQUIRE(changed());
  CHECK(urls(**bus) == std::vector<std::string>{"usb:0922:8003 1-4"});
  sim.command("plug @scanner-1");
  REQUIRE(changed());
  CHECK(urls(**bus).size() == 2);
}

TEST_CASE("bus: a device is found by what it is, by its serial number, by its port",
          "[devices][usb]") {
  test::UsbSim sim({"--scanner", "left=usb:0c2e:0b61:A1", "--scanner", "right=usb:0c2e:0b61:B2"});
  const auto bus = Bus::shared();
  REQUIRE(bus);
  const auto port_of = [&](std::string_view address) {
    const auto opened = (*bus)->open(at(address));
    return opened ? opened->identity.port : opened.error().reason;
  };
  CHECK(port_of("0c2e:0b61:A1") == "1-1");
  CHECK(port_of("0c2e:0b61:B2") == "1-2");
  CHECK(port_of("port:1-2") == "1-2");
  CHECK(port_of("0c2e:0b61:C3") == "no_device");
  CHECK(port_of("0c2e:0b62") == "no_device");
  CHECK(port_of("port:1-3") == "no_device");
}

TEST_CASE("bus: an interface is taken from the kernel's driver and given back", "[devices][usb]") {
  test::UsbSim sim({"--scanner", "scanner-1=usb:0c2e:0b61"});
  for (int round = 0; round < 3; ++round) {
    auto device = Device::open(at("0c2e:0b61"));
    REQUIRE(device);
    const auto interfaces = device->interfaces();
    REQUIRE(interfaces);
    REQUIRE(interfaces->size() == 1);
    CHECK(interfaces->front().base_class == kHidClass);
    REQUIRE(device->claim(interfaces->front()));
    auto other = Device::open(at("0c2e:0b61"));
    REQUIRE(other);
    const auto second = other->claim(interfaces->front());
    REQUIRE_FALSE(second);
    CHECK(second.error().reason == "device_busy");
  }
}

TEST_CASE("bus: a request that is refused, and one that nobody answers any more",
          "[devices][usb]") {
  const test::MachineClock clock;
  const Waker stop;
  test::UsbSim sim({"--scanner", "scanner-1=usb:0c2e:0b61"});
  auto device = Device::open(at("0c2e:0b61"));
  REQUIRE(device);
  const Limit limit{clock.mono_now() + seconds(20), stop, clock};
  const auto refused = device->control_in({0xA1, 0x55, 0, 0}, 8, limit);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "device_stalled");
  sim.command("unplug");
  const auto gone = device->control_in({0xA1, 0x55, 0, 0}, 8, limit);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().reason == "device_gone");
}

TEST_CASE("bus: a transfer ends at its deadline, and when it is told to stop", "[devices][usb]") {
  const test::MachineClock clock;
  const Waker stop;
  test::UsbSim sim({"--printer", "printer-1=usb:0a5f:0166"});
  auto device = Device::open(at("0a5f:0166"));
  REQUIRE(device);
  const auto interfaces = device->interfaces();
  REQUIRE(interfaces);
  REQUIRE(device->claim(interfaces->back()));
  const Endpoint out = *interfaces->back().find(Endpoint::Kind::kBulk, false);
  sim.command("usb nak");
  const MonoTime before = clock.mono_now();
  const auto late = device->bulk_out(out, "^XA^XZ", {before + milliseconds(50), stop, clock});
  REQUIRE(late.problem);
  CHECK(late.problem->reason == "no_answer");
  CHECK(late.octets == 0);
  CHECK_FALSE(late.in_doubt);
  CHECK(clock.mono_now() - before >= milliseconds(50));
  stop.wake();
  const auto stopped = device->bulk_out(out, "^XA^XZ", {before + seconds(60), stop, clock});
  REQUIRE(stopped.problem);
  CHECK(stopped.problem->reason == "stopped");
  CHECK(clock.mono_now() - before < seconds(20));
}

}  // namespace
}  // namespace cairn::devices::usb::usb_bus_test
