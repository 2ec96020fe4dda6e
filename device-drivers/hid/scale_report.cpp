#include "device-drivers/hid/scale_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cairn::devices::hid {
namespace {

constexpr std::uint16_t kScalePage = 0x8D;
constexpr Usage kWeight = usage(kScalePage, 0x40);
constexpr Usage kExponent = usage(kScalePage, 0x41);
constexpr Usage kUnits = usage(kScalePage, 0x50);
constexpr Usage kLastUnit = usage(kScalePage, 0x5C);
constexpr Usage kStatuses = usage(kScalePage, 0x70);
constexpr Usage kLastStatus = usage(kScalePage, 0x78);

struct Unit {
  std::uint8_t code;
  std::string_view name;
  int places;           ///< decimals that are looked at
  std::int64_t atto_t;  ///< 1e-18 tonnes (1e-9 mg) in one of the last of them; all are exact
};

// Not here: tael (5) and avoirdupois ton (9), of which there are several.
constexpr std::array<Unit, 10> kKnownUnits{{
    {1, "mg", 3, 1'000'000},
    {2, "g", 3, 1'000'000'000},
    {3, "kg", 6, 1'000'000'000},
    {4, "ct", 3, 200'000'000},
    {6, "gr", 3, 64'798'910},
    {7, "dwt", 3, 1'555'173'840},
    {8, "t", 9, 1'000'000'000},
    {10, "ozt", 3, 31'103'476'800},
    {11, "oz", 3, 28'349'523'125},
    {12, "lb", 4, 45'359'237'000},
}};
constexpr std::int64_t kAttoPerMg = 1'000'000'000;
constexpr std::int64_t kMostMg = 5'000'000'000;  // five tonnes: no such scale
constexpr int kExponentMost = 9;

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::optional<std::int64_t> milligrams(const ScaleData& data, const Unit& unit) {
  if (data.number == 0) return 0;
  const int shift = data.exponent + unit.places;
  const std::int64_t most = kMostMg * kAttoPerMg / unit.atto_t;  // in the last place
  std::int64_t scaled = data.number;
  std::int64_t beyond = 0;  // of the last place, in atto_t
  if (shift >= 0) {
    const std::int64_t power = power_of_ten(shift);
    if (scaled > most / power) return std::nullopt;
    scaled *= power;
  } else {
    const std::int64_t power = power_of_ten(-shift);
    beyond = scaled % power * unit.atto_t / power;
    scaled /= power;
  }
  if (scaled > most) return std::nullopt;
  return (scaled * unit.atto_t + beyond + kAttoPerMg / 2) / kAttoPerMg;
}

std::string digits_of(const ScaleData& data) {
  std::string digits = fmt::format("{}", data.number);
  if (data.exponent >= 0) {
    if (data.number != 0) digits.append(static_cast<std::size_t>(data.exponent), '0');
    return digits;
  }
  const auto places = static_cast<std::size_t>(-data.exponent);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  digits.insert(digits.size() - places, ".");
  return digits;
}

ScaleAnswer weight_of(const ScaleData& data) {
  const auto* const unit = std::ranges::find(kKnownUnits, data.unit, &Unit::code);
  if (unit == kKnownUnits.end()) {
    return {std::nullopt,
            "the scale weighs in a unit that is not one for all: set it to kg, g, lb "
            "or oz"};
  }
  if (data.exponent < -kExponentMost || data.exponent > kExponentMost) {
    return {std::nullopt, "the scale sends a weight that makes no sense; look at its display"};
  }
  const auto weight = milligrams(data, *unit);
  if (!weight) {
    return {std::nullopt, "the scale sends a weight that makes no sense; look at its display"};
  }
  WeightReading reading;
  reading.state = WeightReading::State::kStable;
  reading.weight_mg = *weight;
  reading.shown = fmt::format("{} {}", digits_of(data), unit->name);
  return {reading, {}};
}

ScaleAnswer state_of(WeightReading::State state) {
  WeightReading reading;
  reading.state = state;
  return {reading, {}};
}

bool is_within(std::optional<Usage> is, Usage first, Usage last) {
  return is && *is >= first && *is <= last;
}

/// The field whose usage is, or whose values choose, one of these; it may also lie in a collection
/// of that name.
const Field* find_field(const ReportDescriptor& descriptor, std::uint8_t report_id, Usage first,
                        Usage last) {
  const auto found = std::ranges::find_if(descriptor.fields, [&](const Field& field) {
    return field.type == ReportType::kInput && field.report_id == report_id &&
           is_within(field.usage_at(0), first, last);
  });
  return found != descriptor.fields.end() ? &*found : nullptr;
}

/// The number within its table that a field says: an array chooses a usage, a variable is it.
std::optional<std::uint32_t> chosen(BytesView report, const Field& field, Usage table) {
  const auto value = value_at(report, field, 0);
  if (!value || field.variable) return value;
  const auto place = static_cast<std::int64_t>(*value) - field.logical_min;
  if (place < 0) return std::nullopt;
  const auto is = field.usage_at(static_cast<std::size_t>(place));
  if (!is || *is < table) return std::nullopt;
  return *is - table;
}

}  // namespace

ScaleAnswer read_scale(const ScaleData& data) {
  using Status = ScaleData::Status;
  switch (data.status) {
    case Status::kStable:
      return weight_of(data);
    case Status::kStableAtZero: {
      ScaleData zero = data;
      zero.number = 0;
      return weight_of(zero);
    }
    case Status::kInMotion:
      return state_of(WeightReading::State::kUnstable);
    case Status::kUnderZero:
      return state_of(WeightReading::State::kUnder);
    case Status::kOverLimit:
      return state_of(WeightReading::State::kOver);
    case Status::kNeedsCalibration:
      return {std::nullopt, "the scale has to be calibrated"};
    case Status::kNeedsZeroing:
      return {std::nullopt, "the scale has to be zeroed: take everything off and zero it"};
    case Status::kFault:
      break;
  }
  return {std::nullopt, "the scale reports a fault: switch it off and on"};
}

Result<ScaleLayout> ScaleLayout::find(const ReportDescriptor& descriptor) {
  for (const Field& weight : descriptor.fields) {
    if (weight.type != ReportType::kInput || weight.usage_at(0) != kWeight) continue;
    const auto* const status = find_field(descriptor, weight.report_id, kStatuses, kLastStatus);
    const auto* const unit = find_field(descriptor, weight.report_id, kUnits, kLastUnit);
    const auto* const exponent = find_field(descriptor, weight.report_id, kExponent, kExponent);
    if (status == nullptr || unit == nullptr || exponent == nullptr) continue;
    ScaleLayout layout;
    layout.status_ = *status;
    layout.unit_ = *unit;
    layout.exponent_ = *exponent;
    layout.weight_ = weight;
    return layout;
  }
  return fail(ErrorCode::kInvalid, "no_scale",
              "the device does not say that it sends weights: it is no HID POS scale");
}

std::optional<ScaleData> ScaleLayout::decode(BytesView report) const {
  const std::uint8_t id = report_id();
  if (id != 0 && (report.empty() || static_cast<std::uint8_t>(report[0]) != id)) {
    return std::nullopt;
  }
  const auto status = chosen(report, status_, kStatuses);
  const auto unit = chosen(report, unit_, kUnits);
  const auto exponent = value_at(report, exponent_, 0);
  const auto number = value_at(report, weight_, 0);
  if (!status || !unit || !exponent || !number) return std::nullopt;
  constexpr std::uint32_t kStatusMost = kLastStatus - kStatuses;
  if (*status < 1 || *status > kStatusMost || *unit > 0xFF) return std::nullopt;
  // Signed whatever the descriptor says: some declare 0 to 255 and mean FF as -1.
  ScaleData data{static_cast<ScaleData::Status>(*status), static_cast<std::uint8_t>(*unit),
                 static_cast<std::int8_t>(*exponent), *number};
  const std::uint32_t sign = 1U << (weight_.bit_size - 1);
  if (weight_.logical_min >= 0 || (data.number & sign) == 0) return data;
  data.number = (~data.number & (sign - 1)) + 1;
  using Status = ScaleData::Status;
  if (data.status == Status::kStable || data.status == Status::kStableAtZero) {
    data.status = Status::kUnderZero;
  }
  return data;
}

}  // namespace cairn::devices::hid
