// cairn-sim: plays hardware, with "fleet" thousands of agents, with "provider" a payment provider.
// Puts the parts together; see script.h for what the hardware can do.

#include "core/runtime/static_files.h"
#include "core/runtime/system_clock.h"
#include "tools/cairn-sim/bench/bench_server.h"
#include "tools/cairn-sim/command_input.h"
#include "tools/cairn-sim/fleet_command.h"
#include "tools/cairn-sim/options.h"
#include "tools/cairn-sim/provider/provider_command.h"
#include "tools/cairn-sim/script.h"
#include "tools/cairn-sim/stop_signal.h"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::simulator {
namespace {

constexpr int kCannotStart = 1;

/// False when nobody reads our output any more.
bool print(const json::Value& value) {
  const std::string line = value.dump() + "\n";
  return std::fputs(line.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
}

Devices make_devices(Options& options, const Pause& pause, const Clock& clock) {
  Devices devices;
  for (auto& config : options.scanners) {
    devices.push_back(std::make_unique<VirtualScanner>(std::move(config), pause));
  }
  for (auto& config : options.scales) {
    devices.push_back(std::make_unique<VirtualScale>(std::move(config), clock));
  }
  for (auto& config : options.printers) {
    devices.push_back(std::make_unique<VirtualPrinter>(std::move(config), clock));
  }
  for (auto& config : options.serial_printers) {
    devices.push_back(std::make_unique<VirtualSerialPrinter>(std::move(config), clock));
  }
  return devices;
}

template <class Device, class Config>
void add_usb(Devices& devices, std::vector<Config>& configs, const std::shared_ptr<UsbBed>& bed,
             const Clock& clock) {
  for (auto& config : configs) {
    config.place.bed = bed;
    devices.push_back(std::make_unique<Device>(config, clock));
  }
}

/// Errors: those of UsbBed::create().
Result<> add_usb_devices(Devices& devices, Options& options, const Clock& clock) {
  if (options.usb_scanners.empty() && options.wedge_scanners.empty() &&
      options.usb_scales.empty() && options.usb_printers.empty()) {
    return {};
  }
  const auto bed = UsbBed::create();
  if (!bed) return fail(bed.error());
  add_usb<VirtualUsbScanner>(devices, options.usb_scanners, *bed, clock);
  add_usb<VirtualWedgeScanner>(devices, options.wedge_scanners, *bed, clock);
  add_usb<VirtualUsbScale>(devices, options.usb_scales, *bed, clock);
  add_usb<VirtualUsbPrinter>(devices, options.usb_printers, *bed, clock);
  return {};
}

json::Value ready(const VirtualDevice& device) {
  auto value = json::Value::object();
  value.set("ready", true).set("device", device.name());
  device.tell_place(value);
  return value;
}

/// Until the script, a signal or, without a page, the end of input says so.
void obey(Script& script, const StopSignal& stop, bool serves_page) {
  CommandInput input(STDIN_FILENO, stop);
  while (!script.is_finished()) {
    const auto line = input.next();
    if (!line) {
      if (serves_page) stop.wait();
      return;
    }
    const auto answer = *line ? script.run(**line) : error_answer(line->error());
    if (answer && !print(*answer)) return;
  }
}

/// Null if nobody built them.
Result<std::shared_ptr<const runtime::StaticFiles>> load_pages(const std::string& configured) {
  const auto installed = configured.empty() ? runtime::installed_pages() : std::nullopt;
  if (configured.empty() && !installed) return nullptr;
  auto files = runtime::StaticFiles::load(installed.value_or(configured));
  if (!files) return fail(files.error());
  const bool has_page = files->has("bench/index.html");
  if (!has_page && installed) return nullptr;
  if (has_page) return std::make_shared<const runtime::StaticFiles>(*std::move(files));
  return fail(ErrorCode::kInvalid, "bad_pages_dir",
              "--pages: there is no bench/index.html in that folder; it must be the one that the "
              "build of the pages writes");
}

Result<std::unique_ptr<BenchServer>> start_bench(const Options& options, Script& script,
                                                 const Devices& devices, const StopSignal& stop) {
  auto pages = load_pages(options.pages);
  if (!pages) return fail(pages.error());
  return BenchServer::start({*options.bench, *std::move(pages)}, script, devices,
                            [&stop] { stop.raise(); });
}

int play(Options options) {
  const StopSignal stop;
  const runtime::SystemClock clock;
  const Pause pause = [&stop](Duration duration) { return stop.pause(duration); };
  Devices devices = make_devices(options, pause, clock);
  if (const auto added = add_usb_devices(devices, options, clock); !added) {
    print(error_answer(added.error()));
    return kCannotStart;
  }
  Script script(devices, pause);
  for (const auto& device : devices) {
    if (const auto plugged = device->plug(); !plugged) {
      print(error_answer(plugged.error()));
      return kCannotStart;
    }
  }
  std::unique_ptr<BenchServer> bench;
  if (options.bench) {
    auto started = start_bench(options, script, devices, stop);
    if (!started) {
      print(error_answer(started.error()));
      return kCannotStart;
    }
    bench = *std::move(started);
  }
  for (const auto& device : devices) {
    if (!print(ready(*device))) return kCannotStart;
  }
  if (bench) {
    auto value = json::Value::object();
    if (!print(value.set("ready", true).set("bench", bench->url()))) return kCannotStart;
  }
  obey(script, stop, bench != nullptr);
  return 0;
}

}  // namespace
}  // namespace cairn::simulator

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "fleet") {
    return cairn::simulator::run_fleet_command(argc - 1, argv + 1);
  }
  if (argc > 1 && std::string_view(argv[1]) == "provider") {
    return cairn::simulator::run_provider_command(argc - 1, argv + 1);
  }
  auto options = cairn::simulator::parse_options(argc, argv);
  if (const auto* end = std::get_if<cairn::simulator::ExitCode>(&options)) {
    return static_cast<int>(*end);
  }
  return cairn::simulator::play(std::get<cairn::simulator::Options>(std::move(options)));
}
