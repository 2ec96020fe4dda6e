#include "core/program/measure_config.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>

namespace cairn::program {
namespace {

Result<gs1::MeasureScheme> read_measure(runtime::ConfigReader& in) {
  if (in.has("scheme")) {
    const std::string name = in.text("scheme", {1, 16});
    auto scheme = gs1::national_scheme(name);
    if (!scheme.empty()) return scheme;
    Error error{ErrorCode::kNotFound, "no_scheme", "must be se, uk or us"};
    in.problem("scheme", error.message);
    return fail(error.with_context("measure.scheme"));
  }
  const std::string pattern = in.text("template", {1, 16});
  const std::string kind = in.choice_or("kind", "price", {"price", "weight"});
  const auto decimals = static_cast<int>(in.integer_or("decimals", 2, 0, 6));
  const std::string unit = in.text("unit", {1, 3});
  auto made = gs1::MeasureTemplate::parse(
      pattern, kind == "weight" ? gs1::MeasureKind::kWeight : gs1::MeasureKind::kPrice, decimals,
      unit);
  if (made) return gs1::MeasureScheme{std::move(*made)};
  in.problem("template", made.error().message);
  return fail(made.error().with_context("measure.template"));
}

}  // namespace

Result<gs1::MeasureScheme> read_measures(runtime::ConfigReader& file) {
  gs1::MeasureScheme all;
  std::optional<Error> first;
  for (runtime::ConfigReader& in : file.tables("measure", kMeasuresMost)) {
    auto some = read_measure(in);
    if (some) {
      all.insert(all.end(), std::make_move_iterator(some->begin()),
                 std::make_move_iterator(some->end()));
    } else if (!first) {
      first = some.error();
    }
  }
  if (first) return fail(*first);
  return all;
}

}  // namespace cairn::program
