#include "tools/cairn-sim/device_spec.h"

#include "core/base/bytes.h"
#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::simulator {
namespace {

tl::unexpected<Error> bad(std::string_view kind, std::string_view name, std::string_view why) {
  return fail(ErrorCode::kInvalid, fmt::format("bad_{}", kind),
              fmt::format("{} \"{}\": {}", kind, excerpt(name), why));
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

constexpr std::string_view kNameForm = "its name may have letters, digits, \"-\", \"_\" and \".\"";

std::optional<std::string> suffix_octets(std::string_view name) {
  if (name == "cr") return "\r";
  if (name == "lf") return "\n";
  if (name == "crlf") return "\r\n";
  return std::nullopt;
}

/// One setting: a word, or a name and a value.
struct Setting {
  std::string_view name;
  std::optional<std::string_view> value;
};

struct Spec {
  std::string_view name;
  std::string_view place;
  std::vector<Setting> settings;
};

Result<Spec> take_apart(std::string_view kind, std::string_view text, std::string_view example) {
  const auto equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  if (equals == std::string_view::npos) {
    return bad(kind, name, fmt::format("it looks like {}", example));
  }
  if (name.empty()) return bad(kind, name, "it needs a name in front of \"=\"");
  if (!is_name(name)) return bad(kind, name, kNameForm);
  std::string_view rest = text.substr(equals + 1);
  Spec spec{name, rest.substr(0, rest.find(',')), {}};
  rest.remove_prefix(spec.place.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the comma
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(part.size());
    const auto is = part.find('=');
    spec.settings.push_back({part.substr(0, is), is == std::string_view::npos
                                                     ? std::nullopt
                                                     : std::optional(part.substr(is + 1))});
  }
  return spec;
}

tl::unexpected<Error> unknown_setting(std::string_view kind, const Spec& spec,
                                      const Setting& setting, std::string_view known) {
  return bad(kind, spec.name, fmt::format("\"{}\" is none of {}", excerpt(setting.name), known));
}

Result<std::string> link_of(std::string_view kind, std::string_view name, std::string_view link) {
  if (link.empty()) return bad(kind, name, "it needs a link, the path it is found under");
  return std::filesystem::absolute(link).lexically_normal().string();
}

std::optional<Duration> milliseconds_of(const Setting& setting) {
  constexpr std::uint64_t kLongestMs = 60'000;
  const auto number = parse_unsigned(setting.value.value_or(""));
  if (!number || *number > kLongestMs) return std::nullopt;
  return std::chrono::milliseconds(*number);
}

constexpr std::string_view kUsbScheme = "usb:";
constexpr std::string_view kKeyboardScheme = "evdev:";
constexpr std::string_view kUsbForm =
    "a USB device looks like usb:0c2e:0b61 or usb:0c2e:0b61:SERIAL, its port like 1-2";

/// Four hexadecimal digits.
std::optional<std::uint16_t> parse_usb_id(std::string_view text) {
  const auto octets = from_hex(text);
  if (!octets || octets->size() != 2) return std::nullopt;
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>((*octets)[0]) << 8U |
                                    static_cast<std::uint8_t>((*octets)[1]));
}

/// "1-2"; hubs are not played.
bool is_usb_port(std::string_view text) {
  const auto number = parse_unsigned(text.starts_with("1-") ? text.substr(2) : "");
  return number && *number >= 1 && *number <= 30;
}

struct UsbSpec {
  UsbPlace place;
  std::vector<Setting> rest;
};

Result<UsbSpec> take_usb_apart(std::string_view kind, std::string_view text) {
  const auto spec = take_apart(kind, text, "name=usb:0c2e:0b61");
  if (!spec) return fail(spec.error());
  std::string_view ids = spec->place;
  ids.remove_prefix(ids.find(':') + 1);
  const auto vendor = parse_usb_id(ids.substr(0, 4));
  const auto product = ids.size() >= 9 ? parse_usb_id(ids.substr(5, 4)) : std::nullopt;
  UsbSpec usb;
  usb.place.name = spec->name;
  const bool has_form =
      vendor && product && ids[4] == ':' && (ids.size() == 9 || (ids.size() > 10 && ids[9] == ':'));
  if (!has_form) return bad(kind, spec->name, kUsbForm);
  usb.place.vendor = *vendor;
  usb.place.product = *product;
  if (ids.size() > 10) usb.place.serial = ids.substr(10);
  for (const Setting& setting : spec->settings) {
    if (setting.name != "port") {
      usb.rest.push_back(setting);
      continue;
    }
    usb.place.port = setting.value.value_or("");
    if (!is_usb_port(usb.place.port)) return bad(kind, spec->name, kUsbForm);
  }
  return usb;
}

/// What printers of every wire have. Errors: kInvalid "bad_printer".
template <class Config>
Result<> set_up_printer(Config& config, std::string_view name, const Setting& setting,
                        std::string_view known) {
  if (setting.name == "language") {
    const auto language = parse_printer_language(setting.value.value_or(""));
    if (!language) return bad("printer", name, language.error().message);
    config.language = *language;
  } else if (setting.name == "print_ms") {
    const auto time = milliseconds_of(setting);
    if (!time) return bad("printer", name, "its print_ms is a number of 0 to 60000");
    config.print_time = *time;
  } else {
    return bad("printer", name, fmt::format("\"{}\" is none of {}", excerpt(setting.name), known));
  }
  return {};
}

/// As in a device id: printable, and not what separates its parts.
bool is_command_set(std::string_view text) {
  constexpr std::size_t kMost = 64;
  return !text.empty() && text.size() <= kMost && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c <= '~' && c != ';' && c != ':';
  });
}

std::string_view place_of(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {};
  text.remove_prefix(equals + 1);
  return text.substr(0, text.find(','));
}

}  // namespace

bool is_usb(std::string_view text) { return place_of(text).starts_with(kUsbScheme); }

bool is_keyboard(std::string_view text) { return place_of(text).starts_with(kKeyboardScheme); }

bool is_path(std::string_view text) { return place_of(text).find('/') != std::string_view::npos; }

Result<VirtualWedgeScannerConfig> parse_wedge_scanner(std::string_view text) {
  auto usb = take_usb_apart("scanner", text);
  if (!usb) return fail(usb.error());
  VirtualWedgeScannerConfig config;
  config.place = std::move(usb->place);
  for (const Setting& setting : usb->rest) {
    const bool is_word = !setting.value;
    if (setting.name == "aim" && is_word) {
      config.aim = true;
    } else if (setting.name == "alt" && is_word) {
      config.style.alt = true;
    } else if (setting.name == "f8" && is_word) {
      config.style.f8 = true;
    } else if (setting.name == "knob" && is_word) {
      config.knob = true;
    } else if (setting.name == "layout" && setting.value) {
      config.style.layout = *setting.value;
    } else if (setting.name == "suffix" && (setting.value == "enter" || setting.value == "tab")) {
      config.suffix = setting.value == "enter" ? "\r" : "\t";
    } else {
      return bad(
          "scanner", config.place.name,
          "a scanner in keyboard mode has port=, layout=, suffix=enter or tab, aim, alt, f8, knob");
    }
  }
  if (const auto known = KeyTyping::create(config.style); !known) {
    return bad("scanner", config.place.name, known.error().message);
  }
  return config;
}

Result<VirtualUsbScannerConfig> parse_usb_scanner(std::string_view text) {
  auto usb = take_usb_apart("scanner", text);
  if (!usb) return fail(usb.error());
  VirtualUsbScannerConfig config{std::move(usb->place), false};
  for (const Setting& setting : usb->rest) {
    if (setting.name != "aim" || setting.value) {
      return bad("scanner", config.place.name, "a USB scanner has port= and aim");
    }
    config.aim = true;
  }
  return config;
}

Result<VirtualUsbScaleConfig> parse_usb_scale(std::string_view text) {
  auto usb = take_usb_apart("scale", text);
  if (!usb) return fail(usb.error());
  VirtualUsbScaleConfig config;
  config.place = std::move(usb->place);
  for (const Setting& setting : usb->rest) {
    const auto settle = setting.name == "settle" ? milliseconds_of(setting) : std::nullopt;
    if (!settle) {
      return bad("scale", config.place.name, "it has port= and settle= (0 to 60000 ms)");
    }
    config.settle = *settle;
  }
  return config;
}

Result<VirtualUsbPrinterConfig> parse_usb_printer(std::string_view text) {
  auto usb = take_usb_apart("printer", text);
  if (!usb) return fail(usb.error());
  VirtualUsbPrinterConfig config;
  config.place = std::move(usb->place);
  for (const Setting& setting : usb->rest) {
    if (setting.name != "commands") {
      const auto is = set_up_printer(config, config.place.name, setting,
                                     "port=, language=, commands=, print_ms=");
      if (!is) return fail(is.error());
    } else if (!is_command_set(setting.value.value_or(""))) {
      return bad("printer", config.place.name, "its commands are a word such as ZPL");
    } else {
      config.command_set = *setting.value;
    }
  }
  return config;
}

Result<VirtualScannerConfig> check_scanner(const ScannerArguments& typed) {
  constexpr std::string_view kKind = "scanner";
  constexpr std::uint64_t kSlowest = 1200;
  constexpr std::uint64_t kFastest = 921'600;
  const auto link = link_of(kKind, typed.name, typed.link);
  if (!link) return fail(link.error());
  const std::string name =
      typed.name.empty() ? std::filesystem::path(*link).filename().string() : typed.name;
  if (!is_name(name)) return bad(kKind, name, kNameForm);
  const auto suffix = suffix_octets(typed.suffix);
  if (!suffix) return bad(kKind, name, "its suffix is one of cr, lf, crlf");
  VirtualScannerConfig config{name, *link, *suffix, typed.aim, std::nullopt};
  if (typed.baud.empty()) return config;
  const auto baud = parse_unsigned(typed.baud);
  if (!baud || *baud < kSlowest || *baud > kFastest) {
    return bad(kKind, name, fmt::format("its baud is a number from {} to {}", kSlowest, kFastest));
  }
  config.baud = static_cast<std::uint32_t>(*baud);
  return config;
}

Result<VirtualScannerConfig> parse_scanner(std::string_view text) {
  const auto spec = take_apart("scanner", text, "name=DIR/link,suffix=crlf,aim,baud=9600");
  if (!spec) return fail(spec.error());
  ScannerArguments typed;
  typed.name = spec->name;
  typed.link = spec->place;
  for (const Setting& setting : spec->settings) {
    if (setting.name == "aim" && !setting.value) {
      typed.aim = true;
    } else if (setting.name == "suffix" && setting.value) {
      typed.suffix = *setting.value;
    } else if (setting.name == "baud" && setting.value) {
      typed.baud = *setting.value;
    } else {
      return unknown_setting("scanner", *spec, setting, "suffix=, aim, baud=");
    }
  }
  return check_scanner(typed);
}

Result<VirtualScaleConfig> parse_scale(std::string_view text) {
  constexpr std::string_view kKind = "scale";
  const auto spec = take_apart(kKind, text, "name=DIR/link,protocol=toledo,settle=300,parity");
  if (!spec) return fail(spec.error());
  auto link = link_of(kKind, spec->name, spec->place);
  if (!link) return fail(link.error());
  VirtualScaleConfig config;
  config.name = spec->name;
  config.link = *std::move(link);
  for (const Setting& setting : spec->settings) {
    if (setting.name == "parity" && !setting.value) {
      config.parity = true;
    } else if (setting.name == "protocol") {
      const auto speech = make_scale_speech(setting.value.value_or(""));
      if (!speech) return bad(kKind, spec->name, speech.error().message);
      config.protocol = *setting.value;
    } else if (setting.name == "settle") {
      const auto settle = milliseconds_of(setting);
      if (!settle) return bad(kKind, spec->name, "its settle is a number of 0 to 60000 ms");
      config.settle = *settle;
    } else {
      return unknown_setting(kKind, *spec, setting, "protocol=, settle=, parity");
    }
  }
  return config;
}

Result<VirtualPrinterConfig> parse_printer(std::string_view text) {
  constexpr std::string_view kKind = "printer";
  const auto spec = take_apart(kKind, text, "name=127.0.0.1:9100,language=zpl,print_ms=300");
  if (!spec) return fail(spec.error());
  const auto address = parse_loopback(spec->place);
  if (!address) return bad(kKind, spec->name, address.error().message);
  VirtualPrinterConfig config;
  config.name = spec->name;
  config.address = *address;
  for (const Setting& setting : spec->settings) {
    const auto is = set_up_printer(config, spec->name, setting, "language=, print_ms=");
    if (!is) return fail(is.error());
  }
  return config;
}

Result<VirtualSerialPrinterConfig> parse_serial_printer(std::string_view text) {
  constexpr std::string_view kKind = "printer";
  const auto spec = take_apart(kKind, text, "name=DIR/link,language=zpl,print_ms=300");
  if (!spec) return fail(spec.error());
  auto link = link_of(kKind, spec->name, spec->place);
  if (!link) return fail(link.error());
  VirtualSerialPrinterConfig config;
  config.name = spec->name;
  config.link = *std::move(link);
  for (const Setting& setting : spec->settings) {
    const auto is = set_up_printer(config, spec->name, setting, "language=, print_ms=");
    if (!is) return fail(is.error());
  }
  return config;
}

Result<Endpoint> parse_loopback(std::string_view text) {
  auto address = Endpoint::parse(text);
  if (!address) return address;
  if (address->host == "localhost") address->host = "127.0.0.1";
  if (!address->host.starts_with("127.") ||
      address->host.find_first_not_of("0123456789.") != std::string::npos) {
    return fail(ErrorCode::kInvalid, "not_loopback",
                fmt::format("\"{}\" is not 127.0.0.1 and a port: what is played here is for this "
                            "machine only",
                            excerpt(text)));
  }
  return address;
}

}  // namespace cairn::simulator
