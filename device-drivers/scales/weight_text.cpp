#include "device-drivers/scales/weight_text.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::devices {
namespace {

/// No weight has more characters.
constexpr std::size_t kDigitsMost = 16;

struct Unit {
  WeightUnit unit;
  std::string_view name;
  int places;            ///< decimals that are looked at
  std::int64_t eighths;  ///< of a nanogram, in one of the last of them
};

constexpr std::int64_t kEighthsPerMg = 8'000'000;
/// The pound and the ounce are exact by definition (1959): 453.59237 g and a sixteenth of it.
constexpr std::array<Unit, 4> kUnits{{
    {WeightUnit::kKilogram, "kg", 6, kEighthsPerMg},
    {WeightUnit::kGram, "g", 3, kEighthsPerMg},
    {WeightUnit::kPound, "lb", 4, 362'873'896},
    {WeightUnit::kOunce, "oz", 3, 226'796'185},
}};

const Unit& row_of(WeightUnit unit) { return kUnits.at(static_cast<std::size_t>(unit)); }

/// "01.250" as people write it: "1.250".
std::string_view without_leading_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') digits.remove_prefix(1);
  return digits;
}

bool same_letters(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace

std::string_view name_of(WeightUnit unit) { return row_of(unit).name; }

Result<WeightUnit> parse_weight_unit(std::string_view text) {
  const auto* const found = std::ranges::find(kUnits, text, &Unit::name);
  if (found != kUnits.end()) return found->unit;
  return fail(ErrorCode::kInvalid, "bad_unit",
              fmt::format("\"{}\" is no unit of a scale; known: kg, g, lb, oz", excerpt(text)));
}

std::optional<WeightUnit> unit_on_scale(std::string_view text) {
  for (const Unit& row : kUnits) {
    if (same_letters(row.name, without_blanks(text))) return row.unit;
  }
  return std::nullopt;
}

std::optional<WeightReading> stable_weight(std::string_view digits, WeightUnit unit) {
  const bool digits_only =
      std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (!digits_only || digits.size() > kDigitsMost) return std::nullopt;
  const Unit& row = row_of(unit);
  const auto scaled = parse_decimal(digits, row.places);
  constexpr std::int64_t kMost = 10'000'000'000;  // ten tons or more; nothing can overflow
  if (!scaled || *scaled > kMost) return std::nullopt;
  WeightReading reading;
  reading.state = WeightReading::State::kStable;
  reading.weight_mg = (*scaled * row.eighths + kEighthsPerMg / 2) / kEighthsPerMg;
  reading.shown = fmt::format("{} {}", without_leading_zeros(digits), row.name);
  return reading;
}

std::optional<WeightReading> signed_weight(std::string_view text, WeightUnit unit) {
  text = without_blanks(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text = without_blanks(text.substr(1));
  auto reading = stable_weight(text, unit);
  if (reading && negative && reading->weight_mg > 0) {
    return no_weight(WeightReading::State::kUnder);
  }
  return reading;
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

WeightReading no_weight(WeightReading::State state) {
  WeightReading reading;
  reading.state = state;
  return reading;
}

}  // namespace cairn::devices
