#include "tools/cairn-sim/options.h"

#include "tools/cairn-sim/device_spec.h"
#include "tools/cairn-sim/script.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace cairn::simulator {
namespace {

constexpr std::string_view kPurpose =
    "Plays hardware for Cairn: virtual scanners, scales and label printers that speak the real "
    "wire,\n"
    "so that the programs under test run the very code they run with real devices. Commands come\n"
    "from standard input, a line each; every command is answered by one line of JSON on standard\n"
    "output. The bench page does the same with buttons.";

constexpr std::string_view kExamples =
    R"(Commands:
{commands}
  A code is plain text; \xHH stands for any octet and \\ for a backslash (GS in a GS1 code: \x1d).
  With one device of the kind "@device" may be left out. Empty lines and lines that begin with # do
  nothing. The end of input ends the program, unless it serves a bench page.

Examples:
  One scanner, as the agent would find it under serial:/tmp/store/scanner-1:
    cairn-sim scanner --link /tmp/store/scanner-1
      {{"ready":true,"device":"scanner-1","path":"/tmp/store/scanner-1"}}
    scan 4006381333931
      {{"ok":true,"device":"scanner-1","sent":"4006381333931\\x0d"}}
  One that sends AIM identifiers; a GS1-128 label with batch and serial number:
    cairn-sim scanner --link /tmp/store/scanner-1 --aim --suffix crlf
    scan ]C1 010952123456788110LOT7\x1d2142
  Pulled out in the middle of a code, and back again:
    raw 40063
    unplug
    plug
  Two scanners in one process:
    cairn-sim --scanner till=/tmp/store/till --scanner dock=/tmp/store/dock,suffix=crlf,aim
    scan @dock 4006381333931
    burst @till 20 40063812 4006381333931 A-1
  A packing bench, found under serial:/tmp/store/scale-1 and tcp://127.0.0.1:9100, and its page:
    cairn-sim --scanner scanner-1=/tmp/store/scanner-1,aim --scale scale-1=/tmp/store/scale-1
              --printer printer-1=127.0.0.1:9100 --bench 127.0.0.1:8090
    weight 1.250
      {{"ok":true,"device":"scale-1","plugged":true,"open":true,"state":"moving", ... }}
    paper out
    labels
    label 1
  A scale that takes a second to come to rest, on an adapter that knows only 8 bits:
    cairn-sim --scale scale-1=/tmp/store/scale-1,settle=1000,parity
  A printer that takes two seconds for a label, at any free port, and breaks off after 200 octets:
    cairn-sim --printer printer-1=127.0.0.1:0,print_ms=2000
    fault reset_after=200
  An older label printer on a serial line, and a receipt printer on the network:
    cairn-sim --printer labels=/tmp/store/labels,language=epl
              --printer receipts=127.0.0.1:9101,language=escpos
  A packing bench on the USB, under umockdev; programs that are to see it are started under
  umockdev-wrapper, too, with the bed that is told as UMOCKDEV_DIR:
    umockdev-wrapper cairn-sim --scanner scanner-1=usb:0c2e:0b61,aim --scale scale-1=usb:0922:8003
              --printer printer-1=usb:0a5f:0166:SN1
      {{"ready":true,"device":"scanner-1","url":"usb:0c2e:0b61","port":"1-1","bed":"/tmp/ …"}}
    usb @printer-1 unplug_after=200
  A scanner in keyboard mode with a German layout, under umockdev, too:
    umockdev-wrapper cairn-sim --scanner scanner-1=evdev:05e0:1200,layout=de
    keys @scanner-1 drop

"cairn-sim fleet" plays thousands of agents instead; "cairn-sim fleet --help" says how.
)";

/// As typed.
struct Arguments {
  std::optional<ScannerArguments> scanner;
  std::vector<std::string> scanners;
  std::vector<std::string> scales;
  std::vector<std::string> printers;
  std::string bench;
  std::string pages;
};

template <class Config>
Result<> parse_one(std::string_view spec, Result<Config> (*parse)(std::string_view),
                   std::vector<Config>& into) {
  auto config = parse(spec);
  if (!config) return fail(config.error());
  into.push_back(*std::move(config));
  return {};
}

/// Those that are of a kind; returns the others.
template <class Config>
Result<std::vector<std::string>> parse_some(const std::vector<std::string>& specs,
                                            bool (*is_one)(std::string_view),
                                            Result<Config> (*parse)(std::string_view),
                                            std::vector<Config>& into) {
  std::vector<std::string> others;
  for (const std::string& spec : specs) {
    if (!is_one(spec)) {
      others.push_back(spec);
    } else if (auto is = parse_one(spec, parse, into); !is) {
      return fail(is.error());
    }
  }
  return others;
}

template <class Config, class UsbConfig>
Result<> parse_all(const std::vector<std::string>& specs, Result<Config> (*parse)(std::string_view),
                   std::vector<Config>& into, Result<UsbConfig> (*parse_usb)(std::string_view),
                   std::vector<UsbConfig>& usb) {
  for (const std::string& spec : specs) {
    auto parsed = is_usb(spec) ? parse_one(spec, parse_usb, usb) : parse_one(spec, parse, into);
    if (!parsed) return parsed;
  }
  return {};
}

Result<> take(std::set<std::string>& taken, std::string_view name, const std::string& place) {
  const bool is_new = taken.insert(fmt::format("@{}", name)).second &&
                      (place.empty() || taken.insert(place).second);
  if (is_new) return {};
  return fail(ErrorCode::kInvalid, "bad_device",
              fmt::format("device \"{}\": two with the same name or place", name));
}

template <class Config>
Result<> take_usb(std::set<std::string>& taken, const std::vector<Config>& configs) {
  for (const auto& config : configs) {
    if (auto is = take(taken, config.place.name, config.place.port); !is) return is;
  }
  return {};
}

Result<> check_unique(const Options& options) {
  std::set<std::string> taken;
  for (const auto& scanner : options.scanners) {
    if (auto is = take(taken, scanner.name, scanner.link); !is) return is;
  }
  for (const auto& scale : options.scales) {
    if (auto is = take(taken, scale.name, scale.link); !is) return is;
  }
  for (const auto& printer : options.printers) {
    const bool any_port = printer.address.port == 0;
    if (auto is = take(taken, printer.name, any_port ? "" : printer.address.text()); !is) return is;
  }
  for (const auto& printer : options.serial_printers) {
    if (auto is = take(taken, printer.name, printer.link); !is) return is;
  }
  if (auto is = take_usb(taken, options.usb_scanners); !is) return is;
  if (auto is = take_usb(taken, options.wedge_scanners); !is) return is;
  if (auto is = take_usb(taken, options.usb_scales); !is) return is;
  if (auto is = take_usb(taken, options.usb_printers); !is) return is;
  if (taken.empty()) {
    return fail(ErrorCode::kInvalid, "no_device", "no device to play; --help shows examples");
  }
  return {};
}

Result<Options> collect(const Arguments& typed) {
  Options options;
  if (typed.scanner) {
    auto scanner = check_scanner(*typed.scanner);
    if (!scanner) return fail(scanner.error());
    options.scanners.push_back(*std::move(scanner));
  }
  const auto scanners =
      parse_some(typed.scanners, &is_keyboard, &parse_wedge_scanner, options.wedge_scanners);
  if (!scanners) return fail(scanners.error());
  if (auto is = parse_all(*scanners, &parse_scanner, options.scanners, &parse_usb_scanner,
                          options.usb_scanners);
      !is) {
    return fail(is.error());
  }
  if (auto is = parse_all(typed.scales, &parse_scale, options.scales, &parse_usb_scale,
                          options.usb_scales);
      !is) {
    return fail(is.error());
  }
  const auto printers =
      parse_some(typed.printers, &is_path, &parse_serial_printer, options.serial_printers);
  if (!printers) return fail(printers.error());
  if (auto is = parse_all(*printers, &parse_printer, options.printers, &parse_usb_printer,
                          options.usb_printers);
      !is) {
    return fail(is.error());
  }
  if (auto is = check_unique(options); !is) return fail(is.error());
  if (!typed.bench.empty()) {
    const auto bench = parse_loopback(typed.bench);
    if (!bench) return fail(bench.error().with_context("--bench"));
    options.bench = *bench;
  }
  options.pages = typed.pages;
  return options;
}

}  // namespace

std::variant<Options, ExitCode> parse_options(int argc, const char* const* argv) {
  constexpr ExitCode kUsage{2};
  CLI::App app{std::string(kPurpose), "cairn-sim"};
  app.footer(fmt::format(kExamples, fmt::arg("commands", Script::help_text())));
  Arguments typed;
  app.add_option("--scanner", typed.scanners,
                 "A scanner: name=DIR/link[,suffix=cr|lf|crlf][,aim][,baud=N], or on the USB: "
                 "name=usb:VVVV:PPPP[:SERIAL][,port=1-N][,aim], or in keyboard mode: "
                 "name=evdev:VVVV:PPPP[:SERIAL][,port=1-N][,layout=us][,suffix=enter|tab][,aim]"
                 "[,alt][,f8][,knob]")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  app.add_option("--scale", typed.scales,
                 "A scale on a serial line: name=DIR/link[,settle=300][,parity]; settle: ms until "
                 "a weight is stable, parity: sends the parity as the eighth bit; or on the USB: "
                 "name=usb:VVVV:PPPP[:SERIAL][,port=1-N][,settle=300]")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  app.add_option(
         "--printer", typed.printers,
         "A label or receipt printer: name=127.0.0.1:PORT[,language=zpl|epl|escpos]"
         "[,print_ms=300]; port 0: any free one; or on a serial line: name=DIR/link[,…]; or "
         "on the USB: name=usb:VVVV:PPPP[:SERIAL][,port=1-N][,commands=ZPL][,…]; commands: "
         "what its device id lists")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  app.add_option("--bench", typed.bench,
                 "Serve a page with the devices at 127.0.0.1:PORT, to this machine only; port 0: "
                 "any free one")
      ->type_name("ADDRESS");
  app.add_option("--pages", typed.pages,
                 "Folder of the built pages, if that page is not to come from share/cairn/pages "
                 "beside the folder of this program")
      ->type_name("DIR");

  ScannerArguments single;
  auto* const scanner =
      app.add_subcommand("scanner", "One barcode scanner on a serial line (a pty)");
  scanner
      ->add_option("--link", single.link, "Symbolic link to make, the path to open the scanner by")
      ->type_name("PATH")
      ->required();
  scanner->add_option("--name", single.name, "Name in the answers (the link's last part)");
  scanner->add_option("--suffix", single.suffix, "What ends a code: cr, lf or crlf")
      ->type_name("SUFFIX")
      ->capture_default_str();
  scanner->add_flag("--aim", single.aim, "Send AIM symbology identifiers in front of the codes");
  scanner
      ->add_option("--baud", single.baud, "Speed of the line; all at once, like USB, if not given")
      ->type_name("N");
  scanner->footer("\"cairn-sim --help\" lists the commands and shows examples.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    return app.exit(end) == 0 ? ExitCode{0} : kUsage;
  }
  if (scanner->parsed()) typed.scanner = single;
  auto options = collect(typed);
  if (options) return *std::move(options);
  fmt::print(stderr, "cairn-sim: {}\n", options.error().message);
  return kUsage;
}

}  // namespace cairn::simulator
