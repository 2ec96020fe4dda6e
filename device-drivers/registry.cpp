#include "device-drivers/registry.h"

#include "device-drivers/epl/epl_printer.h"
#include "device-drivers/escpos/escpos_printer.h"
#include "device-drivers/evdev/keyboard_scanner.h"
#include "device-drivers/hid/hid_scale.h"
#include "device-drivers/hid/hid_scanner.h"
#include "device-drivers/network/tcp_connection.h"
#include "device-drivers/scales/scale_protocols.h"
#include "device-drivers/serial/serial_connection.h"
#include "device-drivers/serial/serial_scale.h"
#include "device-drivers/serial/serial_scanner.h"
#include "device-drivers/usb/printer_port.h"
#include "device-drivers/zpl/zpl_printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace cairn::devices {
namespace {

template <class Device>
using Opened = Result<std::unique_ptr<Device>>;

template <class Device, class Sink>
struct Driver {
  std::string_view scheme;  ///< of the url, in front of ":"
  std::string_view protocol;
  std::string_view example;  ///< of a url
  Opened<Device> (*open)(const DeviceConfig&, std::string_view place, Sink&, const Clock&);
};

// ---- where it is ----

constexpr std::string_view kSerialExample = "serial:/dev/serial/by-id/usb-…";
constexpr std::string_view kUsbExample = "usb:0c2e:0b61";
constexpr std::string_view kEvdevExample = "evdev:05e0:1200";
constexpr std::string_view kTcpExample = "tcp://192.0.2.7:9100";

Result<SerialLinkConfig> serial_link(const DeviceConfig& config, std::string_view place,
                                     std::string_view usual_mode) {
  if (!place.starts_with('/')) {
    return fail(
        ErrorCode::kInvalid, "bad_device_url",
        fmt::format("\"{}\" names no device file; it looks like {}", config.url, kSerialExample));
  }
  const auto mode = parse_serial_mode(config.mode.empty() ? usual_mode : config.mode);
  if (!mode) return fail(mode.error());
  if (const auto known = check_baud(config.baud); !known) return fail(known.error());
  return SerialLinkConfig{config.name, std::string(place), config.baud, *mode};
}

Result<Endpoint> tcp_address(const DeviceConfig& config, std::string_view place) {
  constexpr std::string_view kSlashes = "//";
  const bool form = place.starts_with(kSlashes);
  const auto address =
      form ? Endpoint::parse(place.substr(kSlashes.size()))
           : Result<Endpoint>(fail(ErrorCode::kInvalid, "bad_endpoint", "no host and port"));
  if (address && address->port != 0) return *address;
  return fail(
      ErrorCode::kInvalid, "bad_device_url",
      fmt::format("\"{}\" names no host and port; it looks like {}", config.url, kTcpExample));
}

/// The wire of a printer, by the url's scheme.
Result<std::unique_ptr<Connector>> printer_wire(const DeviceConfig& config, std::string_view place,
                                                std::string language = {}) {
  if (config.url.starts_with("tcp:")) {
    auto address = tcp_address(config, place);
    if (!address) return fail(address.error());
    return std::make_unique<TcpConnector>(*std::move(address));
  }
  if (config.url.starts_with("usb:")) {
    auto address = usb::Address::parse(place);
    if (!address) return fail(address.error());
    return std::make_unique<usb::PrinterPort>(*std::move(address), std::move(language));
  }
  const auto link = serial_link(config, place, "8N1");
  if (!link) return fail(link.error());
  const auto flow = parse_serial_flow(config.flow);
  if (!flow) return fail(flow.error());
  return std::make_unique<SerialConnector>(
      SerialLineConfig{link->path, link->baud, link->mode, *flow});
}

// ---- the drivers ----

Opened<Scanner> open_line_scanner(const DeviceConfig& config, std::string_view place,
                                  ScannerSink& sink, const Clock& clock) {
  const auto link = serial_link(config, place, "8N1");
  if (!link) return fail(link.error());
  return std::make_unique<SerialScanner>(*link, sink, clock);
}

Opened<Scale> open_serial_scale(const DeviceConfig& config, std::string_view place, ScaleSink& sink,
                                const Clock& clock) {
  const auto protocol =
      std::ranges::find(scale_protocols(), config.protocol, &ScaleProtocolEntry::name);
  const auto link = serial_link(config, place, protocol->usual_mode);
  if (!link) return fail(link.error());
  const auto unit = parse_weight_unit(config.unit);
  if (!unit) return fail(unit.error());
  return std::make_unique<SerialScale>(*link, protocol->make(*unit), sink, clock);
}

template <class LabelPrinter, class Config>
Opened<Printer> open_label_printer(const DeviceConfig& config, std::string_view place,
                                   std::string language, PrinterSink& sink, const Clock& clock) {
  auto wire = printer_wire(config, place, std::move(language));
  if (!wire) return fail(wire.error());
  Config printer;
  printer.name = config.name;
  return std::make_unique<LabelPrinter>(printer, *std::move(wire), sink, clock);
}

Opened<Printer> open_zpl_printer(const DeviceConfig& config, std::string_view place,
                                 PrinterSink& sink, const Clock& clock) {
  return open_label_printer<ZplPrinter, ZplPrinterConfig>(config, place, "ZPL", sink, clock);
}

Opened<Printer> open_epl_printer(const DeviceConfig& config, std::string_view place,
                                 PrinterSink& sink, const Clock& clock) {
  return open_label_printer<EplPrinter, EplPrinterConfig>(config, place, "EPL", sink, clock);
}

Opened<ReceiptPrinter> open_escpos_printer(const DeviceConfig& config, std::string_view place,
                                           PrinterSink& sink, const Clock& clock) {
  auto wire = printer_wire(config, place);
  if (!wire) return fail(wire.error());
  EscPosPrinterConfig printer;
  printer.name = config.name;
  printer.model = find_receipt_printer(config.model);
  if (printer.model == nullptr) {
    return fail(ErrorCode::kInvalid, "bad_model",
                fmt::format("\"{}\" is no receipt printer that is known here", config.model));
  }
  return std::make_unique<EscPosPrinter>(printer, *std::move(wire), sink, clock);
}

Opened<Scanner> open_hid_scanner(const DeviceConfig& config, std::string_view place,
                                 ScannerSink& sink, const Clock& clock) {
  const auto address = usb::Address::parse(place);
  if (!address) return fail(address.error());
  return std::make_unique<hid::HidScanner>(hid::HidLinkConfig{config.name, *address}, sink, clock);
}

Opened<Scanner> open_keyboard_scanner(const DeviceConfig& config, std::string_view place,
                                      ScannerSink& sink, const Clock& clock) {
  const auto address = evdev::InputAddress::parse(place);
  if (!address) return fail(address.error());
  const auto layout = evdev::KeyboardLayout::parse(config.layout);
  if (!layout) return fail(layout.error());
  auto decoder = evdev::KeyDecoder::create(*layout);
  if (!decoder) return fail(decoder.error());
  return std::make_unique<evdev::KeyboardScanner>(
      evdev::KeyboardScannerConfig{config.name, *address}, *std::move(decoder), sink, clock);
}

Opened<Scale> open_hid_scale(const DeviceConfig& config, std::string_view place, ScaleSink& sink,
                             const Clock& clock) {
  const auto address = usb::Address::parse(place);
  if (!address) return fail(address.error());
  return std::make_unique<hid::HidScale>(hid::HidLinkConfig{config.name, *address}, sink, clock);
}

// The first of a kind on a wire is what it usually speaks there.
constexpr std::array kScanners{
    Driver<Scanner, ScannerSink>{"serial", "lines", kSerialExample, &open_line_scanner},
    Driver<Scanner, ScannerSink>{"usb", "hid", kUsbExample, &open_hid_scanner},
    Driver<Scanner, ScannerSink>{"evdev", "keyboard", kEvdevExample, &open_keyboard_scanner}};
constexpr std::array kScales{
    Driver<Scale, ScaleSink>{"serial", "toledo", kSerialExample, &open_serial_scale},
    Driver<Scale, ScaleSink>{"serial", "nci", kSerialExample, &open_serial_scale},
    Driver<Scale, ScaleSink>{"serial", "sics", kSerialExample, &open_serial_scale},
    Driver<Scale, ScaleSink>{"serial", "cas", kSerialExample, &open_serial_scale},
    Driver<Scale, ScaleSink>{"serial", "cas-stream", kSerialExample, &open_serial_scale},
    Driver<Scale, ScaleSink>{"serial", "dibal", kSerialExample, &open_serial_scale},
    Driver<Scale, ScaleSink>{"serial", "dialog06", kSerialExample, &open_serial_scale},
    Driver<Scale, ScaleSink>{"usb", "hid", kUsbExample, &open_hid_scale}};
constexpr std::array kPrinters{
    Driver<Printer, PrinterSink>{"tcp", "zpl", kTcpExample, &open_zpl_printer},
    Driver<Printer, PrinterSink>{"usb", "zpl", kUsbExample, &open_zpl_printer},
    Driver<Printer, PrinterSink>{"serial", "zpl", kSerialExample, &open_zpl_printer},
    Driver<Printer, PrinterSink>{"tcp", "epl", kTcpExample, &open_epl_printer},
    Driver<Printer, PrinterSink>{"usb", "epl", kUsbExample, &open_epl_printer},
    Driver<Printer, PrinterSink>{"serial", "epl", kSerialExample, &open_epl_printer}};
constexpr std::array kReceiptPrinters{
    Driver<ReceiptPrinter, PrinterSink>{"tcp", "escpos", kTcpExample, &open_escpos_printer},
    Driver<ReceiptPrinter, PrinterSink>{"usb", "escpos", kUsbExample, &open_escpos_printer},
    Driver<ReceiptPrinter, PrinterSink>{"serial", "escpos", kSerialExample, &open_escpos_printer}};

/// Everything that a configuration may ask for, for the sentence that says what would have been
/// right.
std::string known_devices() {
  std::string known;
  const auto add = [&known](std::string_view kind, const auto& drivers) {
    for (const auto& driver : drivers) {
      known += fmt::format("{}kind \"{}\" with url \"{}\" and protocol \"{}\"",
                           known.empty() ? "" : "; ", kind, driver.example, driver.protocol);
    }
  };
  add("scanner", kScanners);
  add("scale", kScales);
  add("printer", kPrinters);
  add("receipt_printer", kReceiptPrinters);
  return known;
}

template <class Device, class Sink, std::size_t kCount>
Opened<Device> open_one(const std::array<Driver<Device, Sink>, kCount>& drivers,
                        const DeviceConfig& config, std::string_view kind, Sink& sink,
                        const Clock& clock) {
  if (config.name.empty()) {
    return fail(ErrorCode::kInvalid, "bad_device_name", "a device needs a name");
  }
  const std::string_view url = config.url;
  const auto colon = std::min(url.find(':'), url.size());
  const std::string_view scheme = url.substr(0, colon);
  const auto* const usual = std::ranges::find(drivers, scheme, &Driver<Device, Sink>::scheme);
  const std::string_view protocol = !config.protocol.empty() ? std::string_view(config.protocol)
                                    : usual != drivers.end() ? usual->protocol
                                                             : drivers.front().protocol;
  const auto* const driver = std::ranges::find_if(
      drivers, [&](const auto& one) { return one.scheme == scheme && one.protocol == protocol; });
  if (config.kind != kind || driver == drivers.end()) {
    return fail(ErrorCode::kInvalid, "unknown_device",
                fmt::format("device \"{}\": no driver for kind \"{}\" with url \"{}\" and "
                            "protocol \"{}\"; known: {}",
                            config.name, config.kind, config.url, protocol, known_devices()));
  }
  DeviceConfig named = config;
  named.protocol = protocol;
  auto opened = driver->open(named, url.substr(std::min(colon + 1, url.size())), sink, clock);
  if (!opened) return fail(opened.error().with_context(fmt::format("device \"{}\"", config.name)));
  return opened;
}

}  // namespace

Result<std::unique_ptr<Scanner>> open_scanner(const DeviceConfig& config, ScannerSink& sink,
                                              const Clock& clock) {
  return open_one(kScanners, config, "scanner", sink, clock);
}

Result<std::unique_ptr<Scale>> open_scale(const DeviceConfig& config, ScaleSink& sink,
                                          const Clock& clock) {
  return open_one(kScales, config, "scale", sink, clock);
}

Result<std::unique_ptr<Printer>> open_printer(const DeviceConfig& config, PrinterSink& sink,
                                              const Clock& clock) {
  return open_one(kPrinters, config, "printer", sink, clock);
}

Result<std::unique_ptr<ReceiptPrinter>> open_receipt_printer(const DeviceConfig& config,
                                                             PrinterSink& sink,
                                                             const Clock& clock) {
  return open_one(kReceiptPrinters, config, "receipt_printer", sink, clock);
}

}  // namespace cairn::devices
