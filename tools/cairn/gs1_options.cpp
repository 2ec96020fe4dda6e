#include "tools/cairn/gs1_options.h"

namespace cairn::tool {
namespace {

void add_parse(CLI::App& gs1, std::function<Result<int>()>& chosen, Gs1ParseArguments& arguments) {
  auto* const parse = gs1.add_subcommand("parse", "raw scans with their AIM identifiers");
  auto* const strict = parse->add_flag("--strict", arguments.strict,
                                       "an element without another that it needs is an error");
  parse
      ->add_flag("--warnings", arguments.warnings,
                 "list as warnings what must and must not be together")
      ->excludes(strict);
  parse->callback([&] { chosen = [&arguments] { return gs1_parse_command(arguments); }; });
}

void add_link(CLI::App& gs1, std::function<Result<int>()>& chosen, Gs1LinkArguments& arguments) {
  auto* const link = gs1.add_subcommand("link", "GS1 Digital Link URIs");
  auto* const build =
      link->add_flag("--build", arguments.build, "make them, of lines like (01)09506000134352");
  link->add_option("--domain", arguments.domain, "where they point instead of https://id.gs1.org")
      ->needs(build);
  link->add_flag("--lenient", arguments.lenient, "take a GTIN of 8, 12 or 13 digits")
      ->excludes(build);
  link->add_flag("--strict", arguments.strict,
                 "an element without another that it needs is an error")
      ->excludes(build);
  link->callback([&] { chosen = [&arguments] { return gs1_link_command(arguments); }; });
}

void add_measure(CLI::App& gs1, std::function<Result<int>()>& chosen,
                 Gs1MeasureArguments& arguments) {
  auto* const measure = gs1.add_subcommand(
      "measure", "prices and weights in numbers: lines like EAN-13 2398765102344");
  auto* const scheme = measure->add_option("--scheme", arguments.scheme, "se, uk or us");
  measure->add_option("--schemes-file", arguments.schemes_file,
                      "more schemes: lines of SCHEME TEMPLATE KIND DECIMALS UNIT");
  auto* const config = measure->add_option("--config", arguments.config,
                                           "an agent's configuration: its [[measure]] tables");
  config->excludes(scheme);
  auto* const pattern = measure
                            ->add_option("--template", arguments.pattern,
                                         "one template: I item, V verifier, P value, C check digit")
                            ->excludes(scheme)
                            ->excludes(config);
  measure->add_option("--kind", arguments.kind, "of the template")
      ->needs(pattern)
      ->check(CLI::IsMember({"price", "weight"}));
  measure->add_option("--decimals", arguments.decimals, "of its value")->needs(pattern);
  measure->add_option("--unit", arguments.unit, "of its value")->needs(pattern);
  measure->callback([&] { chosen = [&arguments] { return gs1_measure_command(arguments); }; });
}

}  // namespace

void add_gs1(CLI::App& app, std::function<Result<int>()>& chosen, Gs1Options& options) {
  auto* const gs1 = app.add_subcommand("gs1", "read, check and build GS1 data from standard input");
  gs1->require_subcommand(1);
  gs1->footer(
      "Every line of the input is answered with one line of JSON. \\xHH is an octet, \\\\ a\n"
      "backslash. Exit status 0, also when data was wrong: docs/gs1.md.");
  add_parse(*gs1, chosen, options.parse);
  add_link(*gs1, chosen, options.link);
  add_measure(*gs1, chosen, options.measure);
  gs1->add_subcommand("check", "keys with their check digits: lines like SSCC 106141412345678908")
      ->callback([&chosen] { chosen = gs1_check_command; });
  gs1->add_subcommand("upce", "UPC-E: eight digits become a GTIN")->callback([&chosen] {
    chosen = gs1_upce_command;
  });
}

}  // namespace cairn::tool
