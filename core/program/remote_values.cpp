#include "core/program/remote_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cairn::program {
namespace {

constexpr std::size_t kDevicesMost = 32;
constexpr std::int64_t kMilli = 1000;

bool is_one_of(const std::string& text, std::initializer_list<std::string_view> known) {
  return std::find(known.begin(), known.end(), text) != known.end();
}

/// One line of text: what stands in a TOML string as it stands in a JSON string.
void check_text(json::Reader& in, std::string_view name, const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet >= 0x20 && octet != 0x7f;
  });
  if (!plain) in.problem(name, "must be one line of text");
}

RemoteDevice read_device(json::Reader& in) {
  RemoteDevice device;
  device.name = in.text("name", {1, 40});
  device.kind = in.text("kind", {1, 16});
  if (!is_one_of(device.kind, {"scanner", "scale", "printer", "receipt_printer"})) {
    in.problem("kind", "must be scanner, scale, printer or receipt_printer");
  }
  device.url = in.text("url", {1, 4096});
  device.protocol = in.optional_text("protocol", {1, 16});
  const bool receipts = device.kind == "receipt_printer";
  const bool prints = receipts || device.kind == "printer";
  if (!prints || device.url.starts_with("serial:")) {
    device.baud = in.optional_integer("baud", 1200, 921'600);
    device.mode = in.optional_text("mode", {3, 3});
    if (prints) device.flow = in.optional_text("flow", {1, 8});
  }
  if (receipts) {
    device.model = in.optional_text("model", {1, 40});
    device.paper_mm = in.optional_integer("paper_mm", 58, 80);
    if (in.has("drawer")) device.drawer = in.boolean("drawer");
  }
  if (device.kind == "scale") {
    device.unit = in.optional_text("unit", {1, 2});
    if (device.unit && !is_one_of(*device.unit, {"kg", "g", "lb", "oz"})) {
      in.problem("unit", "must be kg, g, lb or oz");
    }
  }
  if (device.kind == "scanner") device.layout = in.optional_text("layout", {2, 66});
  if (device.kind == "scanner" && in.has("aim")) device.aim = in.boolean("aim");
  device.station = in.optional_text("station", {0, 40});
  for (const auto& [name, text] :
       {std::pair("name", &device.name), std::pair("url", &device.url)}) {
    check_text(in, name, *text);
  }
  if (device.protocol) check_text(in, "protocol", *device.protocol);
  if (device.mode) check_text(in, "mode", *device.mode);
  if (device.flow) check_text(in, "flow", *device.flow);
  if (device.model) check_text(in, "model", *device.model);
  if (device.layout) check_text(in, "layout", *device.layout);
  if (device.station) check_text(in, "station", *device.station);
  return device;
}

json::Value device_json(const RemoteDevice& device) {
  auto object = json::Value::object();
  object.set("name", device.name).set("kind", device.kind).set("url", device.url);
  if (device.protocol) object.set("protocol", *device.protocol);
  if (device.baud) object.set("baud", *device.baud);
  if (device.mode) object.set("mode", *device.mode);
  if (device.unit) object.set("unit", *device.unit);
  if (device.layout) object.set("layout", *device.layout);
  if (device.aim) object.set("aim", *device.aim);
  if (device.flow) object.set("flow", *device.flow);
  if (device.model) object.set("model", *device.model);
  if (device.paper_mm) object.set("paper_mm", *device.paper_mm);
  if (device.drawer) object.set("drawer", *device.drawer);
  if (device.station) object.set("station", *device.station);
  return object;
}

std::string milli_number(std::int64_t milli) {
  return fmt::format("{}.{:03}", milli / kMilli, milli % kMilli);
}

/// Without line ends and control characters a JSON string is a TOML string.
std::string quoted(const std::string& text) { return json::Value::text(text).dump(); }

std::string device_toml(const RemoteDevice& device) {
  std::string text = fmt::format("[[device]]\nname = {}\nkind = {}\nurl = {}\n",
                                 quoted(device.name), quoted(device.kind), quoted(device.url));
  if (device.protocol) text += fmt::format("protocol = {}\n", quoted(*device.protocol));
  if (device.baud) text += fmt::format("baud = {}\n", *device.baud);
  if (device.mode) text += fmt::format("mode = {}\n", quoted(*device.mode));
  if (device.unit) text += fmt::format("unit = {}\n", quoted(*device.unit));
  if (device.layout) text += fmt::format("layout = {}\n", quoted(*device.layout));
  if (device.aim) text += fmt::format("aim = {}\n", *device.aim);
  if (device.flow) text += fmt::format("flow = {}\n", quoted(*device.flow));
  if (device.model) text += fmt::format("model = {}\n", quoted(*device.model));
  if (device.paper_mm) text += fmt::format("paper_mm = {}\n", *device.paper_mm);
  if (device.drawer) text += fmt::format("drawer = {}\n", *device.drawer);
  if (device.station) text += fmt::format("station = {}\n", quoted(*device.station));
  return text;
}

}  // namespace

RemoteValues RemoteValues::read(json::Reader& in) {
  RemoteValues values;
  values.log_level = in.optional_text("log_level", {1, 8});
  if (values.log_level && !is_one_of(*values.log_level, {"debug", "info", "warn", "error"})) {
    in.problem("log_level", "must be debug, info, warn or error");
  }
  values.keyed_quantity_above = in.optional_integer("keyed_quantity_above", 1, 1'000'000);
  values.return_alone_up_to_minor = in.optional_integer("alone_up_to_minor", 0, 100'000'000);
  if (in.has("px_per_mm")) {
    values.px_per_mm_milli = in.decimal("px_per_mm", 3, 1 * kMilli, 40 * kMilli);
  }
  if (in.has("show_people")) values.show_people = in.boolean("show_people");
  if (!in.has("devices")) return values;
  values.devices.emplace();
  if (in.values("devices", kDevicesMost).empty()) {
    in.problem("devices", "must have a device; leave it out to keep those of the file");
  }
  std::set<std::string> names;
  for (json::Reader& device : in.objects("devices", kDevicesMost)) {
    values.devices->push_back(read_device(device));
    if (!names.insert(values.devices->back().name).second) {
      device.problem("name", "is used by another device");
    }
  }
  return values;
}

json::Value RemoteValues::json() const {
  auto object = json::Value::object();
  if (log_level) object.set("log_level", *log_level);
  if (keyed_quantity_above) object.set("keyed_quantity_above", *keyed_quantity_above);
  if (return_alone_up_to_minor) object.set("alone_up_to_minor", *return_alone_up_to_minor);
  if (px_per_mm_milli) {
    object.set("px_per_mm", static_cast<double>(*px_per_mm_milli) / static_cast<double>(kMilli));
  }
  if (show_people) object.set("show_people", *show_people);
  if (devices) {
    auto list = json::Value::array();
    for (const RemoteDevice& device : *devices) list.add(device_json(device));
    object.set("devices", std::move(list));
  }
  return object;
}

std::string RemoteValues::toml() const {
  std::string text;
  if (log_level) text += fmt::format("[log]\nlevel = {}\n", quoted(*log_level));
  if (keyed_quantity_above) {
    text += fmt::format("[picking]\nkeyed_quantity_above = {}\n", *keyed_quantity_above);
  }
  if (return_alone_up_to_minor) {
    text += fmt::format("[returns]\nalone_up_to_minor = {}\n", *return_alone_up_to_minor);
  }
  if (px_per_mm_milli || show_people) text += "[ui]\n";
  if (px_per_mm_milli) text += fmt::format("px_per_mm = {}\n", milli_number(*px_per_mm_milli));
  if (show_people) text += fmt::format("show_people = {}\n", *show_people);
  if (devices) {
    for (const RemoteDevice& device : *devices) text += device_toml(device);
  }
  return text;
}

}  // namespace cairn::program
