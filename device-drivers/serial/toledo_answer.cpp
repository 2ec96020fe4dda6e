#include "device-drivers/serial/toledo_answer.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"
#include "device-drivers/wire/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::devices {
namespace {

/// No weight has more characters.
constexpr std::size_t kAnswerMost = 16;

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

std::optional<WeightReading> read_status(std::string_view answer) {
  if (answer.size() != 2) return std::nullopt;
  const auto status = static_cast<unsigned char>(answer[1]);
  constexpr unsigned kOverCapacity = 1U << 1U;
  constexpr unsigned kUnderZero = 1U << 2U;
  constexpr unsigned kOutsideZeroCapture = 1U << 3U;
  WeightReading reading;  // in motion, or whatever else keeps it from giving a weight
  if ((status & kOverCapacity) != 0) {
    reading.state = WeightReading::State::kOver;
  } else if ((status & (kUnderZero | kOutsideZeroCapture)) != 0) {
    reading.state = WeightReading::State::kUnder;
  }
  return reading;
}

}  // namespace

std::string_view name_of(WeightUnit unit) { return row_of(unit).name; }

Result<WeightUnit> parse_weight_unit(std::string_view text) {
  const auto* const found = std::ranges::find(kUnits, text, &Unit::name);
  if (found != kUnits.end()) return found->unit;
  return fail(ErrorCode::kInvalid, "bad_unit",
              fmt::format("\"{}\" is no unit of a scale; known: kg, g, lb, oz", excerpt(text)));
}

std::vector<std::string> ToledoFramer::feed(std::string_view octets) {
  std::vector<std::string> answers;
  for (const char octet : octets) {
    const auto c = static_cast<char>(static_cast<unsigned char>(octet) & 0x7FU);
    if (c == kStx) {
      partial_ = "";
    } else if (!partial_) {
      continue;
    } else if (c == kCr) {
      answers.push_back(*std::exchange(partial_, std::nullopt));
    } else if (partial_->size() == kAnswerMost) {
      partial_.reset();
    } else {
      partial_->push_back(c);
    }
  }
  return answers;
}

std::optional<WeightReading> read_toledo(std::string_view answer, WeightUnit unit) {
  if (answer.starts_with('?')) return read_status(answer);
  if (answer.ends_with('N')) answer.remove_suffix(1);
  const bool digits_only =
      std::ranges::all_of(answer, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (!digits_only || answer.size() > kAnswerMost) return std::nullopt;
  const Unit& row = row_of(unit);
  const auto scaled = parse_decimal(answer, row.places);
  constexpr std::int64_t kMost = 10'000'000'000;  // ten tons or more; nothing can overflow
  if (!scaled || *scaled > kMost) return std::nullopt;
  WeightReading reading;
  reading.state = WeightReading::State::kStable;
  reading.weight_mg = (*scaled * row.eighths + kEighthsPerMg / 2) / kEighthsPerMg;
  reading.shown = fmt::format("{} {}", without_leading_zeros(answer), row.name);
  return reading;
}

}  // namespace cairn::devices
