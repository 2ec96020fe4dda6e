#include "edge-agent/agent_config.h"

#include "core/json/reader.h"
#include "core/program/measure_config.h"
#include "core/program/remote_values.h"
#include "device-drivers/escpos/printer_model.h"
#include "device-drivers/scales/scale_protocols.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace cairn::agent {
namespace {

constexpr std::size_t kDevicesMost = 32;

std::vector<std::string_view> serial_scale_protocols() {
  std::vector<std::string_view> names;
  for (const auto& protocol : devices::scale_protocols()) names.push_back(protocol.name);
  return names;
}

std::string_view usual_mode(std::string_view scale_protocol) {
  const auto protocols = devices::scale_protocols();
  return std::ranges::find(protocols, scale_protocol, &devices::ScaleProtocolEntry::name)
      ->usual_mode;
}

/// Of a serial line; `mode`: how such a device usually has it.
void read_line(runtime::ConfigReader& in, devices::DeviceConfig& device, std::string_view mode) {
  device.baud = static_cast<std::uint32_t>(in.integer_or("baud", 9600, 1200, 921'600));
  device.mode = in.text_or("mode", mode, {3, 3});
}

void read_scanner(runtime::ConfigReader& in, DeviceSettings& settings) {
  devices::DeviceConfig& device = settings.device;
  if (device.url.starts_with("evdev:")) {
    device.protocol = in.choice_or("protocol", "keyboard", {"keyboard"});
    device.layout = in.text_or("layout", device.layout, {2, 66});
  } else if (device.url.starts_with("usb:")) {
    device.protocol = in.choice_or("protocol", "hid", {"hid"});
  } else {
    device.protocol = in.choice_or("protocol", "lines", {"lines"});
    read_line(in, device, "8N1");
  }
  settings.aim = in.boolean_or("aim", false);
}

void read_scale(runtime::ConfigReader& in, devices::DeviceConfig& device) {
  if (device.url.starts_with("usb:")) {
    device.protocol = in.choice_or("protocol", "hid", {"hid"});
    return;
  }
  device.protocol = in.choice_or("protocol", "toledo", serial_scale_protocols());
  read_line(in, device, usual_mode(device.protocol));
  device.unit = in.choice_or("unit", "kg", {"kg", "g", "lb", "oz"});
}

void read_printer(runtime::ConfigReader& in, devices::DeviceConfig& device,
                  const std::vector<std::string_view>& protocols) {
  device.protocol = in.choice_or("protocol", std::string(protocols.front()), protocols);
  if (!device.url.starts_with("serial:")) return;
  read_line(in, device, "8N1");
  device.flow = in.choice_or("flow", "xonxoff", {"xonxoff", "rtscts"});
}

void read_receipt_printer(runtime::ConfigReader& in, devices::DeviceConfig& device) {
  read_printer(in, device, {"escpos"});
  constexpr std::int64_t kNarrowPaperMm = 58;
  constexpr std::int64_t kWidePaperMm = 80;
  std::vector<std::string_view> models;
  for (const auto& model : devices::receipt_printer_models()) models.push_back(model.name);
  device.model = in.choice_or("model", "epson", models);
  const auto paper = in.integer_or("paper_mm", kWidePaperMm, kNarrowPaperMm, kWidePaperMm);
  if (paper != kNarrowPaperMm && paper != kWidePaperMm) in.problem("paper_mm", "must be 58 or 80");
  device.paper_mm = static_cast<int>(paper);
  device.drawer = in.boolean_or("drawer", false);
}

DeviceSettings read_device(runtime::ConfigReader& in) {
  DeviceSettings settings;
  devices::DeviceConfig& device = settings.device;
  device.name = in.text("name", {1, 40});
  device.kind = in.choice_or("kind", "scanner", {"scanner", "scale", "printer", "receipt_printer"});
  device.url = in.text("url", {1, 4096});
  const bool scanner = device.kind == "scanner";
  if (scanner) read_scanner(in, settings);
  if (device.kind == "scale") read_scale(in, device);
  if (device.kind == "printer") read_printer(in, device, {"zpl", "epl"});
  if (device.kind == "receipt_printer") read_receipt_printer(in, device);
  // A scanner is somebody's; a scale or a printer may serve every station that has none of its own.
  settings.station = in.text_or("station", scanner ? device.name : "", {0, 40});
  return settings;
}

/// What the hub may not set, or what this program does not know, is refused as a whole.
Result<> lay_over(runtime::ConfigReader& file, const domain::ConfigVersion& over) {
  const auto values = json::parse(over.values);
  if (!values) return fail(values.error());
  json::Reader in(*values);
  const auto remote = program::RemoteValues::read(in);
  if (auto ok = in.done(); !ok) return ok;
  return file.lay_over(remote.toml(), fmt::format("head office, version {}", over.version));
}

}  // namespace

std::string AgentConfig::default_station() const {
  for (const DeviceSettings& settings : devices) {
    if (settings.device.kind == "scanner" && !settings.station.empty()) return settings.station;
  }
  return "main";
}

std::vector<std::string> AgentConfig::stations() const {
  std::set<std::string> names;
  for (const DeviceSettings& settings : devices) {
    if (!settings.station.empty()) names.insert(settings.station);
  }
  if (names.empty()) names.insert(default_station());
  return {names.begin(), names.end()};
}

Result<AgentConfig> load_agent_config(const ConfigSource& source,
                                      const domain::ConfigVersion& over) {
  auto reader = runtime::ConfigReader::load(source.file, source.environment);
  if (!reader) return fail(reader.error());
  if (over.version != 0) {
    if (auto ok = lay_over(*reader, over); !ok) return fail(ok.error());
  }
  AgentConfig config;
  config.common = program::read_common_config(*reader, false);
  const auto lan = reader->table("lan");
  if (reader->has("lan") || lan.has("url")) {
    config.lan = program::read_broker(lan, config.common.node);
  }
  auto picking = reader->table("picking");
  config.keyed_quantity_above = picking.integer_or("keyed_quantity_above", 12, 1, 1'000'000);
  auto returns = reader->table("returns");
  config.return_alone_up_to_minor = returns.integer_or("alone_up_to_minor", 5000, 0, 100'000'000);
  auto ui = reader->table("ui");
  config.px_per_mm = ui.number_or("px_per_mm", 5.8, 1, 40);
  config.show_people = ui.boolean_or("show_people", true);
  std::set<std::string> names;
  for (runtime::ConfigReader& in : reader->tables("device", kDevicesMost)) {
    config.devices.push_back(read_device(in));
    if (!names.insert(config.devices.back().device.name).second) {
      in.problem("name", "is used by another device");
    }
  }
  if (auto measures = program::read_measures(*reader)) config.measures = *std::move(measures);
  if (auto ok = reader->done(); !ok) return fail(ok.error());
  config.summary = reader->summary();
  config.origins = reader->origins();
  return config;
}

}  // namespace cairn::agent
