#include "tools/cairn/gs1_options.h"

namespace cairn::tool {
namespace {

void add_parse(CLI::App& gs1, std::function<int()>& chosen, Gs1ParseArguments& arguments) {
  auto* const parse = gs1.add_subcommand("parse", "raw scans with their AIM identifiers");
  parse->add_flag("--strict", arguments.strict,
                  "elements that must or must not be together are an error");
  parse->add_flag("--warnings", arguments.warnings, "list them as warnings");
  parse->callback([&] { chosen = [&arguments] { return gs1_parse_command(arguments); }; });
}

void add_link(CLI::App& gs1, std::function<int()>& chosen, Gs1LinkArguments& arguments) {
  auto* const link = gs1.add_subcommand("link", "GS1 Digital Link URIs");
  auto* const build =
      link->add_flag("--build", arguments.build, "make them, of lines like (01)09506000134352");
  link->add_option("--domain", arguments.domain, "where they point instead of https://id.gs1.org")
      ->needs(build);
  link->add_flag("--lenient", arguments.lenient, "take a GTIN of 8, 12 or 13 digits")
      ->excludes(build);
  link->add_flag("--strict", arguments.strict,
                 "elements that must or must not be together are an error")
      ->excludes(build);
  link->callback([&] { chosen = [&arguments] { return gs1_link_command(arguments); }; });
}

}  // namespace

void add_gs1(CLI::App& app, std::function<int()>& chosen, Gs1Options& options) {
  auto* const gs1 = app.add_subcommand("gs1", "read, check and build GS1 data from standard input");
  gs1->require_subcommand(1);
  gs1->footer(
      "Every line of the input is answered with one line of JSON. \\xHH is an octet, \\\\ a\n"
      "backslash. Exit status 0, also when data was wrong: docs/gs1.md.");
  add_parse(*gs1, chosen, options.parse);
  add_link(*gs1, chosen, options.link);
  gs1->add_subcommand("check", "keys with their check digits: lines like SSCC 106141412345678908")
      ->callback([&chosen] { chosen = gs1_check_command; });
  gs1->add_subcommand("upce", "UPC-E: eight digits become a GTIN")->callback([&chosen] {
    chosen = gs1_upce_command;
  });
}

}  // namespace cairn::tool
