#include "edge-agent/remote/config_in_force.h"

#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace cairn::agent::config_in_force_test {
namespace {

using domain::ConfigOutcome;
using domain::ConfigState;
using domain::ConfigVersion;

struct Device {
  storage::test::TempFolder folder;
  storage::test::RecordingLog log;
  ConfigSource source{folder.file("agent.toml"), {}};
  ConfigStore store{folder.file("remote-config.json")};

  Device() { write_file(""); }

  void write_file(const std::string& more) const {
    std::ofstream(source.file) << "data_dir = \"" << folder.file("data") << "\"\n"
                               << "[node]\nid = \"01890a5d-ac96-774b-bcce-b302099a8057\"\n"
                               << "site = \"store\"\n[http]\nlisten = \"127.0.0.1:8090\"\n"
                               << "[mqtt]\nurl = \"tcp://127.0.0.1:1883\"\n"
                               << more;
  }
  void remember(const ConfigState& state) const { REQUIRE(store.save(state)); }
  ConfigInForce start() {
    const auto file = load_agent_config(source);
    INFO((file ? std::string() : file.error().message));
    REQUIRE(file);
    return {store, source, *file, log};
  }
};

ConfigState good(const std::string& values) {
  ConfigState state;
  state.good = {3, values};
  state.last = {3, ConfigOutcome::kApplied, ""};
  return state;
}

ConfigState on_trial(const std::string& values) {
  ConfigState state = good(R"({"keyed_quantity_above":20})");
  REQUIRE(domain::begin_trial(state, {4, values}));
  return state;
}

TEST_CASE("config in force: without anything from afar it is the file", "[agent][config]") {
  Device device;
  const ConfigInForce in_force = device.start();
  CHECK(in_force.config().keyed_quantity_above == 12);
  CHECK(in_force.state() == ConfigState{});
  CHECK_FALSE(std::filesystem::exists(device.folder.file("remote-config.json")));
}

TEST_CASE("config in force: what head office set wins over the file, and says so",
          "[agent][config]") {
  Device device;
  device.write_file("[picking]\nkeyed_quantity_above = 5\n[ui]\npx_per_mm = 4.5\n");
  device.remember(good(R"({"keyed_quantity_above":20,"log_level":"warn"})"));
  const ConfigInForce in_force = device.start();
  CHECK(in_force.config().keyed_quantity_above == 20);
  CHECK(in_force.config().common.log_level == LogLevel::kWarn);
  CHECK(in_force.config().px_per_mm == 4.5);
  bool found = false;
  for (const auto& origin : in_force.config().origins) {
    if (origin.key == "picking.keyed_quantity_above") {
      found = true;
      CHECK(origin.from == "head office, version 3");
    }
    if (origin.key == "ui.px_per_mm") CHECK(origin.from.find("agent.toml:") != std::string::npos);
  }
  CHECK(found);
}

TEST_CASE("config in force: a device on the USB speaks HID and has no line", "[agent][config]") {
  Device device;
  device.write_file(
      "[[device]]\nname = \"s\"\nurl = \"usb:0c2e:0b61\"\n"
      "[[device]]\nname = \"w\"\nkind = \"scale\"\nurl = \"usb:port:1-2\"\n"
      "[[device]]\nname = \"p\"\nkind = \"printer\"\nurl = \"usb:0a5f:0166\"\n");
  const ConfigInForce in_force = device.start();
  const auto& devices = in_force.config().devices;
  REQUIRE(devices.size() == 3);
  CHECK(devices[0].device.protocol == "hid");
  CHECK(devices[1].device.protocol == "hid");
  CHECK(devices[2].device.protocol == "zpl");
  device.write_file("[[device]]\nname = \"s\"\nurl = \"usb:0c2e:0b61\"\nbaud = 9600\n");
  CHECK_FALSE(load_agent_config(device.source));
}

TEST_CASE("config in force: a scanner in keyboard mode has a layout and no line",
          "[agent][config]") {
  Device device;
  device.write_file(
      "[[device]]\nname = \"s\"\nurl = \"evdev:05e0:1200\"\nlayout = \"de(nodeadkeys)\"\n"
      "[[device]]\nname = \"t\"\nurl = \"evdev:port:1-2\"\naim = true\n");
  const ConfigInForce in_force = device.start();
  const auto& devices = in_force.config().devices;
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].device.protocol == "keyboard");
  CHECK(devices[0].device.layout == "de(nodeadkeys)");
  CHECK(devices[1].device.layout == "us");
  CHECK(devices[1].aim);
  for (const std::string key : {"baud = 9600", "mode = \"8N1\"", "protocol = \"lines\""}) {
    CAPTURE(key);
    device.write_file("[[device]]\nname = \"s\"\nurl = \"evdev:05e0:1200\"\n" + key + "\n");
    CHECK_FALSE(load_agent_config(device.source));
  }
  device.write_file("[[device]]\nname = \"s\"\nurl = \"usb:0c2e:0b61\"\nlayout = \"de\"\n");
  CHECK_FALSE(load_agent_config(device.source));
}

TEST_CASE("config in force: devices from afar are instead of those of the file",
          "[agent][config]") {
  Device device;
  device.write_file("[[device]]\nname = \"old\"\nurl = \"serial:/dev/ttyS0\"\n");
  device.remember(good(
      R"({"devices":[{"name":"new","kind":"printer","url":"tcp://192.0.2.7:9100","station":"a\"b"}]})"));
  const ConfigInForce in_force = device.start();
  REQUIRE(in_force.config().devices.size() == 1);
  CHECK(in_force.config().devices[0].device.name == "new");
  CHECK(in_force.config().devices[0].device.kind == "printer");
  CHECK(in_force.config().devices[0].station == "a\"b");
}

TEST_CASE("config in force: a start on trial is counted before it is used", "[agent][config]") {
  Device device;
  device.remember(on_trial(R"({"keyed_quantity_above":30})"));
  CHECK(device.start().config().keyed_quantity_above == 30);
  CHECK(device.store.load()->trial->starts == 1);
  CHECK(device.start().config().keyed_quantity_above == 30);
  CHECK(device.start().config().keyed_quantity_above == 20);
  CHECK_FALSE(device.store.load()->trial);
  CHECK(device.store.load()->last.outcome == ConfigOutcome::kReverted);
}

TEST_CASE("config in force: a start that failed on trial is taken back at once",
          "[agent][config]") {
  Device device;
  device.remember(on_trial(R"({"keyed_quantity_above":30})"));
  ConfigInForce in_force = device.start();
  CHECK(in_force.failed({ErrorCode::kInvalid, "bad_device", "12345 baud"}));
  CHECK(device.store.load()->last.error == "12345 baud");
  ConfigInForce next = device.start();
  CHECK(next.config().keyed_quantity_above == 20);
  // What is wrong now is wrong in the file.
  CHECK_FALSE(next.failed({ErrorCode::kInvalid, "bad_device", "12345 baud"}));
}

TEST_CASE("config in force: what cannot be read is dropped, down to the file", "[agent][config]") {
  Device device;
  ConfigState state = on_trial(R"({"keyed_quantity_above":0})");
  device.remember(state);
  CHECK(device.start().config().keyed_quantity_above == 20);
  state = good(R"({"data_dir":"/elsewhere"})");
  device.remember(state);
  const ConfigInForce in_force = device.start();
  CHECK(in_force.config().keyed_quantity_above == 12);
  CHECK(in_force.state().good.version == 0);
  CHECK(in_force.state().last.outcome == ConfigOutcome::kReverted);
  CHECK(in_force.state().last.error.find("data_dir") != std::string::npos);
}

TEST_CASE("config in force: a memory that cannot be read is no reason not to start",
          "[agent][config]") {
  for (const std::string text : {"", "{}", "{\"good\":1}", "\xff", "[]"}) {
    CAPTURE(text);
    Device device;
    std::ofstream(device.folder.file("remote-config.json")) << text;
    CHECK_FALSE(device.store.load());
    CHECK(device.start().config().keyed_quantity_above == 12);
    CHECK(device.log.events.front() == "remote_config_lost");
  }
}

TEST_CASE("config store: what was saved is read back", "[agent][config]") {
  const Device device;
  ConfigState state = on_trial("{}");
  domain::note_start(state);
  device.remember(state);
  CHECK(device.store.load() == state);
  domain::revert_trial(state, "no \xe2\x82\xac");
  device.remember(state);
  CHECK(device.store.load() == state);
}

}  // namespace
}  // namespace cairn::agent::config_in_force_test
