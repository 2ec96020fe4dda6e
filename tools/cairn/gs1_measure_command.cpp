// cairn gs1 measure: which article and how much of it a number of a scale's label says.

#include "core/base/numbers.h"
#include "core/gs1/variable_measure.h"
#include "core/json/value.h"
#include "core/program/measure_config.h"
#include "tools/cairn/gs1_commands.h"
#include "tools/cairn/gs1_json.h"
#include "tools/cairn/line_answers.h"
#include "tools/cairn/printing.h"

#include <fmt/format.h>

#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::tool {
namespace {

std::optional<gs1::MeasureKind> kind_named(std::string_view name) {
  for (const auto kind : {gs1::MeasureKind::kPrice, gs1::MeasureKind::kWeight}) {
    if (gs1::name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  line = line.substr(0, line.find('#'));
  for (std::size_t at = 0;;) {
    const std::size_t begin = line.find_first_not_of(" \t\r", at);
    if (begin == std::string_view::npos) return words;
    at = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, at - begin));
  }
}

/// "de 23IIIIVPPPPPC price 2 EUR"
Result<gs1::MeasureTemplate> template_of(const std::vector<std::string_view>& words) {
  const auto kind = words.size() == 5 ? kind_named(words[2]) : std::nullopt;
  const auto decimals = words.size() == 5 ? parse_unsigned(words[3]) : Result<std::uint64_t>(0);
  if (!kind || !decimals || *decimals > 9) {
    return fail(ErrorCode::kInvalid, "bad_measure_template",
                "a line is SCHEME TEMPLATE KIND DECIMALS UNIT, e.g. de 23IIIIVPPPPPC price 2 EUR");
  }
  return gs1::MeasureTemplate::parse(words[1], *kind, static_cast<int>(*decimals), words[4]);
}

/// The templates of one scheme in a file; every line must be right.
Result<gs1::MeasureScheme> scheme_in(const std::string& path, std::string_view name) {
  std::ifstream file(path);
  if (!file) {
    return fail(ErrorCode::kNotFound, "no_file",
                fmt::format("{} cannot be read; nothing was done", visible(path)));
  }
  gs1::MeasureScheme scheme;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const auto words = words_of(line);
    if (words.empty()) continue;
    auto made = template_of(words);
    if (!made) {
      return fail(made.error().with_context(fmt::format("{}:{}", visible(path), number)));
    }
    if (words[0] == name) scheme.push_back(std::move(*made));
  }
  return scheme;
}

/// Of an agent's configuration only what measures are is looked at.
Result<gs1::MeasureScheme> scheme_of_site(const std::string& path) {
  auto file = runtime::ConfigReader::load(path, {});
  if (!file) return fail(file.error());
  auto scheme = program::read_measures(*file);
  if (!scheme) return fail(scheme.error().with_context(visible(path)));
  if (!scheme->empty()) return scheme;
  return fail(ErrorCode::kNotFound, "no_scheme",
              fmt::format("{} has no table [[measure]]", visible(path)));
}

Result<gs1::MeasureScheme> scheme_for(const Gs1MeasureArguments& arguments) {
  if (!arguments.pattern.empty()) {
    const auto kind = kind_named(arguments.kind);
    if (!kind)
      return fail(ErrorCode::kInvalid, "bad_measure_template", "a kind is price or weight");
    auto made =
        gs1::MeasureTemplate::parse(arguments.pattern, *kind, arguments.decimals, arguments.unit);
    if (!made) return fail(made.error());
    return gs1::MeasureScheme{std::move(*made)};
  }
  if (!arguments.config.empty()) return scheme_of_site(arguments.config);
  // The site's own words come first, also about a national scheme.
  gs1::MeasureScheme scheme;
  if (!arguments.schemes_file.empty()) {
    auto own = scheme_in(arguments.schemes_file, arguments.scheme);
    if (!own) return fail(own.error());
    scheme = std::move(*own);
  }
  if (scheme.empty()) scheme = gs1::national_scheme(arguments.scheme);
  if (!scheme.empty()) return scheme;
  return fail(ErrorCode::kNotFound, "no_scheme",
              fmt::format("there is no scheme \"{}\"; give --scheme se, uk, us or one of "
                          "--schemes-file, or a --template",
                          visible(arguments.scheme)));
}

json::Value measured(std::string_view line, const gs1::MeasureScheme& scheme) {
  const std::size_t blank = line.find(' ');
  const std::string_view symbology = line.substr(0, blank);
  if (blank == std::string_view::npos || (symbology != "EAN-13" && symbology != "UPC-A")) {
    return fault_json({gs1::FaultCode::kSymbology,
                       "a line is EAN-13 or UPC-A, a blank and the digits of the code", 0});
  }
  const auto carrier =
      symbology == "UPC-A" ? gs1::MeasureCarrier::kUpcA : gs1::MeasureCarrier::kEan13;
  const auto measure = gs1::read_measure(scheme, carrier, line.substr(blank + 1));
  if (!measure) return fault_json(measure.error());
  auto answer = json::Value::object();
  answer.set("ok", true)
      .set("kind", gs1::name_of(measure->kind))
      .set("item", measure->item)
      .set("value", measure->value)
      .set("decimals", measure->decimals)
      .set("unit", measure->unit);
  return answer;
}

}  // namespace

Result<int> gs1_measure_command(const Gs1MeasureArguments& arguments) {
  const auto scheme = scheme_for(arguments);
  if (!scheme) return fail(scheme.error());
  return answer_lines([&scheme](std::string_view line) { return measured(line, *scheme); });
}

}  // namespace cairn::tool
