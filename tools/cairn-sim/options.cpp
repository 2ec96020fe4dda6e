#include "tools/cairn-sim/options.h"

#include "core/base/numbers.h"
#include "tools/cairn-sim/script.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace cairn::simulator {
namespace {

constexpr std::string_view kPurpose =
    "Plays hardware for Cairn: virtual devices that speak the real wire, so that the programs "
    "under\n"
    "test run the very code they run with real devices. Commands come from standard input, a line\n"
    "each; every command is answered by one line of JSON on standard output.";

constexpr std::string_view kExamples =
    R"(Commands:
{commands}
  A code is plain text; \xHH stands for any octet and \\ for a backslash (GS in a GS1 code: \x1d).
  With one device "@device" may be left out. Empty lines and lines that begin with # do nothing.

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
)";

/// A scanner as it was typed.
struct ScannerArguments {
  std::string name;
  std::string link;
  std::string suffix = "cr";
  bool aim = false;
  std::string baud;
};

tl::unexpected<Error> bad_scanner(const ScannerArguments& typed, std::string_view why) {
  return fail(ErrorCode::kInvalid, "bad_scanner",
              fmt::format("scanner \"{}\": {}", typed.name.empty() ? typed.link : typed.name, why));
}

std::optional<std::string> suffix_octets(std::string_view name) {
  if (name == "cr") return "\r";
  if (name == "lf") return "\n";
  if (name == "crlf") return "\r\n";
  return std::nullopt;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

Result<VirtualScannerConfig> check(const ScannerArguments& typed) {
  constexpr std::uint64_t kSlowest = 1200;
  constexpr std::uint64_t kFastest = 921'600;
  if (typed.link.empty()) return bad_scanner(typed, "it needs a link, the path it is found under");
  const auto link = std::filesystem::absolute(typed.link).lexically_normal();
  const std::string name = typed.name.empty() ? link.filename().string() : typed.name;
  if (!is_name(name)) {
    return bad_scanner(typed, "its name may have letters, digits, \"-\", \"_\" and \".\"");
  }
  const auto suffix = suffix_octets(typed.suffix);
  if (!suffix) return bad_scanner(typed, "its suffix is one of cr, lf, crlf");
  VirtualScannerConfig config{name, link.string(), *suffix, typed.aim, std::nullopt};
  if (typed.baud.empty()) return config;
  const auto baud = parse_unsigned(typed.baud);
  if (!baud || *baud < kSlowest || *baud > kFastest) {
    return bad_scanner(typed,
                       fmt::format("its baud is a number from {} to {}", kSlowest, kFastest));
  }
  config.baud = static_cast<std::uint32_t>(*baud);
  return config;
}

/// All scanners of the command line.
Result<Options> collect(const std::optional<ScannerArguments>& single,
                        const std::vector<std::string>& several) {
  Options options;
  if (single) {
    auto scanner = check(*single);
    if (!scanner) return fail(scanner.error());
    options.scanners.push_back(*std::move(scanner));
  }
  for (const std::string& text : several) {
    auto scanner = parse_scanner(text);
    if (!scanner) return fail(scanner.error());
    options.scanners.push_back(*std::move(scanner));
  }
  if (options.scanners.empty()) {
    return fail(ErrorCode::kInvalid, "no_device", "no device to play; --help shows examples");
  }
  std::set<std::string> taken;
  for (const auto& scanner : options.scanners) {
    if (!taken.insert("@" + scanner.name).second || !taken.insert(scanner.link).second) {
      return fail(ErrorCode::kInvalid, "bad_scanner",
                  fmt::format("scanner \"{}\": two with the same name or link", scanner.name));
    }
  }
  return options;
}

}  // namespace

Result<VirtualScannerConfig> parse_scanner(std::string_view text) {
  ScannerArguments typed;
  const auto equals = text.find('=');
  typed.name = text.substr(0, equals);
  if (equals == std::string_view::npos) {
    return bad_scanner(typed, "it looks like name=DIR/link,suffix=crlf,aim,baud=9600");
  }
  std::string_view rest = text.substr(equals + 1);
  typed.link = rest.substr(0, rest.find(','));
  rest.remove_prefix(typed.link.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the comma
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(part.size());
    if (part == "aim") {
      typed.aim = true;
    } else if (part.starts_with("suffix=")) {
      typed.suffix = part.substr(part.find('=') + 1);
    } else if (part.starts_with("baud=")) {
      typed.baud = part.substr(part.find('=') + 1);
    } else {
      return bad_scanner(typed, fmt::format("\"{}\" is none of suffix=, aim, baud=", part));
    }
  }
  if (typed.name.empty()) return bad_scanner(typed, "it needs a name in front of \"=\"");
  return check(typed);
}

std::variant<Options, ExitCode> parse_options(int argc, const char* const* argv) {
  constexpr ExitCode kUsage{2};
  CLI::App app{std::string(kPurpose), "cairn-sim"};
  app.footer(fmt::format(kExamples, fmt::arg("commands", Script::help_text())));
  std::vector<std::string> several;
  app.add_option("--scanner", several,
                 "A scanner: name=DIR/link[,suffix=cr|lf|crlf][,aim][,baud=N]")
      ->type_name("SPEC")
      ->allow_extra_args(false);

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
  auto options = collect(scanner->parsed() ? std::optional(single) : std::nullopt, several);
  if (options) return *std::move(options);
  fmt::print(stderr, "cairn-sim: {}\n", options.error().message);
  return kUsage;
}

}  // namespace cairn::simulator
