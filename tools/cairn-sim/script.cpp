#include "tools/cairn-sim/script.h"

#include "core/base/utf8.h"
#include "tools/cairn-sim/usb/usb_played.h"
#include "tools/cairn-sim/usb/virtual_wedge_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

namespace cairn::simulator {
namespace {

using Kinds = std::optional<DeviceKind>;  ///< the kind a verb is for; nothing: all

Result<json::Value> unplug(const Command& command) {
  if (const auto done = command.device.unplug(); !done) return fail(done.error());
  return ok_answer(command.device);
}

Result<json::Value> plug(const Command& command) {
  if (const auto done = command.device.plug(); !done) return fail(done.error());
  auto value = ok_answer(command.device);
  command.device.tell_place(value);
  return value;
}

Result<json::Value> usb(const Command& command) {
  auto* const device = dynamic_cast<UsbPlayed*>(&command.device);
  if (device == nullptr) {
    return fail(ErrorCode::kInvalid, "wrong_device",
                fmt::format("@{} is no USB device", command.device.name()));
  }
  const auto fault = UsbFault::parse(command.rest);
  if (!fault) return fail(fault.error());
  device->set_fault(*fault);
  return ok_answer(command.device);
}

Result<json::Value> keys(const Command& command) {
  auto* const device = dynamic_cast<VirtualWedgeScanner*>(&command.device);
  if (device == nullptr) {
    return fail(ErrorCode::kInvalid, "wrong_device",
                fmt::format("@{} is no scanner in keyboard mode", command.device.name()));
  }
  const auto fault = WedgeFault::parse(command.rest);
  if (!fault) return fail(fault.error());
  if (const auto set = device->set_fault(*fault); !set) return fail(set.error());
  return ok_answer(command.device);
}

constexpr std::array<Verb, 4> kDeviceVerbs{{
    {"unplug", "[@device]",
     "pull the plug: the other side sees a hang-up, what it did not read is lost", &unplug},
    {"plug", "[@device]", "plug it in again, to be found where it was", &plug},
    {"usb", "[@device] nak|stall|overflow|short|none …",
     "misbehave on the USB; also stall_reset, stall_reopen, garbage, stale, slow=MS, "
     "nak_after=N, unplug_after=N",
     &usb},
    {"keys", "[@device] drop|stuck|unplug_after=N|none",
     "misbehave as a keyboard: lose keys of the next code, hold one down, be pulled out", &keys},
}};

/// Those the script answers by itself.
constexpr std::array<Verb, 3> kOwnVerbs{{
    {"devices", "", "all devices and how they are", nullptr},
    {"help", "", "list the commands", nullptr},
    {"quit", "", "unplug everything and end; so does the end of input", nullptr},
}};

struct Found {
  const Verb* verb = nullptr;
  Kinds kind;
};

Found find_verb(std::string_view name) {
  const std::array<std::pair<Kinds, std::span<const Verb>>, 4> tables{{
      {DeviceKind::kScanner, scanner_verbs()},
      {DeviceKind::kScale, scale_verbs()},
      {DeviceKind::kPrinter, printer_verbs()},
      {std::nullopt, kDeviceVerbs},
  }};
  for (const auto& [kind, verbs] : tables) {
    const auto found = std::ranges::find(verbs, name, &Verb::name);
    if (found != verbs.end()) return {&*found, kind};
  }
  return {};
}

std::vector<Verb> all_verbs() {
  std::vector<Verb> all;
  for (const std::span<const Verb> verbs :
       {scanner_verbs(), scale_verbs(), printer_verbs(), std::span<const Verb>(kDeviceVerbs),
        std::span<const Verb>(kOwnVerbs)}) {
    all.insert(all.end(), verbs.begin(), verbs.end());
  }
  return all;
}

bool fits(const VirtualDevice& device, const Kinds& kind) { return !kind || device.kind() == kind; }

/// The device that is named, or the only one that the verb can mean.
Result<VirtualDevice*> choose(const Devices& devices, std::string_view name, const Kinds& kind) {
  std::vector<VirtualDevice*> fitting;
  std::string names;
  for (const auto& device : devices) {
    if (!fits(*device, kind)) continue;
    fitting.push_back(device.get());
    names += fmt::format(" @{}", device->name());
  }
  if (name.empty() && fitting.size() == 1) return fitting.front();
  auto* const named = find_device(devices, name);
  if (named != nullptr && fits(*named, kind)) return named;
  if (fitting.empty()) {
    return fail(ErrorCode::kNotFound, "unknown_device",
                fmt::format("there is no {} here", name_of(*kind)));
  }
  if (named != nullptr) {
    return fail(ErrorCode::kInvalid, "wrong_device",
                fmt::format("@{} is a {}; this is for a {}:{}", name, name_of(named->kind()),
                            name_of(*kind), names));
  }
  return fail(ErrorCode::kNotFound, "unknown_device",
              fmt::format("say which device, right after the command:{}", names));
}

json::Value help() {
  auto commands = json::Value::array();
  for (const Verb& verb : all_verbs()) {
    auto command = json::Value::object();
    command.set("command", verb.name).set("arguments", verb.arguments).set("does", verb.does);
    commands.add(std::move(command));
  }
  auto value = ok_answer();
  value.set("commands", std::move(commands));
  return value;
}

}  // namespace

std::string Script::help_text() {
  std::string text;
  for (const Verb& verb : all_verbs()) {
    text +=
        fmt::format("  {:<44} {}\n", fmt::format("{} {}", verb.name, verb.arguments), verb.does);
  }
  return text;
}

json::Value error_answer(const Error& error) {
  auto what = json::Value::object();
  what.set("code", error.reason).set("message", error.message);
  auto value = json::Value::object();
  value.set("ok", false).set("error", std::move(what));
  return value;
}

Script::Script(const Devices& devices, Pause pause) : devices_(devices), pause_(std::move(pause)) {}

std::optional<json::Value> Script::run(std::string_view line) {
  const std::string_view command = trim(line);
  if (command.empty() || command.starts_with('#')) return std::nullopt;
  auto [verb, rest] = cut_word(command);
  std::string_view device;
  if (rest.starts_with('@')) std::tie(device, rest) = cut_word(rest.substr(1));
  auto outcome = carry_out(verb, device, rest);
  return outcome ? *std::move(outcome) : error_answer(outcome.error());
}

Result<json::Value> Script::carry_out(std::string_view name, std::string_view device,
                                      std::string_view rest) {
  if (name == "help") return help();
  if (name == "quit") return quit();
  if (name == "devices") {
    auto value = ok_answer();
    value.set("devices", describe(devices_));
    return value;
  }
  const auto [verb, kind] = find_verb(name);
  if (verb == nullptr) {
    return fail(ErrorCode::kInvalid, "unknown_command",
                fmt::format("\"{}\" is no command; \"help\" lists them", excerpt(name)));
  }
  const auto chosen = choose(devices_, device, kind);
  if (!chosen) return fail(chosen.error());
  return verb->run({**chosen, rest, pause_});
}

Result<json::Value> Script::quit() {
  finished_ = true;
  return ok_answer();
}

}  // namespace cairn::simulator
