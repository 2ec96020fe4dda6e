#pragma once
// Weights as scales write them: digits, a decimal point, a unit. Whole numbers all the way, since a
// fraction of a gram that is rounded twice is another price. Pure.

#include "core/base/result.h"
#include "device-drivers/api/scale.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::devices {

enum class WeightUnit : std::uint8_t { kKilogram, kGram, kPound, kOunce };

/// "kg", "g", "lb", "oz".
std::string_view name_of(WeightUnit unit);
/// Errors: kInvalid "bad_unit".
Result<WeightUnit> parse_weight_unit(std::string_view text);
/// As scales write it, where they do: also "KG", " kg". Nothing: another one.
std::optional<WeightUnit> unit_on_scale(std::string_view text);

/// "01.250" as a stable reading (without device and time): the weight rounded to the milligram and
/// shown as "1.250 kg". Nothing: no plain decimal, finer than the unit is looked at (kg 6, g 3,
/// lb 4, oz 3 decimals), 16 digits and more or a weight that no scale has.
std::optional<WeightReading> stable_weight(std::string_view digits, WeightUnit unit);

/// The same with blanks around it and a sign: below zero it is kUnder, which "-0.000" is not.
std::optional<WeightReading> signed_weight(std::string_view text, WeightUnit unit);

/// Without the blanks at both ends.
std::string_view without_blanks(std::string_view text);

/// A reading that is no weight.
WeightReading no_weight(WeightReading::State state);

}  // namespace cairn::devices
