#include "device-drivers/registry.h"

#include "device-drivers/serial/serial_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cairn::devices {
namespace {

using OpenedScanner = Result<std::unique_ptr<Scanner>>;

struct ScannerDriver {
  std::string_view scheme;  ///< of the url, in front of ":"
  std::string_view protocol;
  std::string_view example;  ///< of a url
  OpenedScanner (*open)(const DeviceConfig&, std::string_view place, ScannerSink&, const Clock&);
};

OpenedScanner open_serial_lines(const DeviceConfig& config, std::string_view place,
                                ScannerSink& sink, const Clock& clock) {
  if (!place.starts_with('/')) {
    return fail(ErrorCode::kInvalid, "bad_device_url",
                fmt::format("\"{}\" names no device file; it looks like "
                            "serial:/dev/serial/by-id/usb-…",
                            config.url));
  }
  const auto mode = parse_serial_mode(config.mode);
  if (!mode) return fail(mode.error());
  if (const auto known = check_baud(config.baud); !known) return fail(known.error());
  return std::make_unique<SerialScanner>(
      SerialScannerConfig{config.name, std::string(place), config.baud, *mode}, sink, clock);
}

constexpr std::string_view kScanner = "scanner";
constexpr std::array kScannerDrivers{
    ScannerDriver{"serial", "lines", "serial:/dev/serial/by-id/usb-…", &open_serial_lines},
};

/// Everything that a configuration may ask for, for the sentence that says what would have been
/// right.
std::string known_devices() {
  std::string known;
  for (const ScannerDriver& driver : kScannerDrivers) {
    known += fmt::format("{}kind \"{}\" with url \"{}\" and protocol \"{}\"",
                         known.empty() ? "" : "; ", kScanner, driver.example, driver.protocol);
  }
  return known;
}

}  // namespace

Result<std::unique_ptr<Scanner>> open_scanner(const DeviceConfig& config, ScannerSink& sink,
                                              const Clock& clock) {
  if (config.name.empty()) {
    return fail(ErrorCode::kInvalid, "bad_device_name", "a device needs a name");
  }
  const std::string_view url = config.url;
  const auto colon = std::min(url.find(':'), url.size());
  const auto* const driver = std::ranges::find_if(
      kScannerDrivers, [&config, scheme = url.substr(0, colon)](const ScannerDriver& one) {
        return one.scheme == scheme && one.protocol == config.protocol;
      });
  if (config.kind != kScanner || driver == kScannerDrivers.end()) {
    return fail(
        ErrorCode::kInvalid, "unknown_device",
        fmt::format("device \"{}\": no driver for kind \"{}\" with url \"{}\" and "
                    "protocol \"{}\"; known: {}",
                    config.name, config.kind, config.url, config.protocol, known_devices()));
  }
  auto opened = driver->open(config, url.substr(std::min(colon + 1, url.size())), sink, clock);
  if (!opened) return fail(opened.error().with_context(fmt::format("device \"{}\"", config.name)));
  return opened;
}

}  // namespace cairn::devices
