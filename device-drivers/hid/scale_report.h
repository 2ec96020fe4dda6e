#pragma once
// The reports of scales (HID Point of Sale Usage Tables 1.02, page 0x8D, "scale data report"): a
// status, a unit, and a whole number with the exponent of ten it is to be multiplied by. Pure.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "device-drivers/api/scale.h"
#include "device-drivers/hid/report_descriptor.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::devices::hid {

/// As it stands in the report.
struct ScaleData {
  /// Usages 71 to 78, in their order.
  enum class Status : std::uint8_t {
    kFault = 1,
    kStableAtZero,
    kInMotion,
    kStable,
    kUnderZero,
    kOverLimit,
    kNeedsCalibration,
    kNeedsZeroing,
  };
  Status status = Status::kFault;
  std::uint8_t unit = 0;     ///< usage - 0x50: 1 mg, 2 g, 3 kg … 11 oz, 12 lb
  std::int8_t exponent = 0;  ///< of ten
  std::uint32_t number = 0;  ///< without a sign: below zero it is how much
};

/// What it means: a reading (without device and time), or why the scale cannot weigh.
struct ScaleAnswer {
  std::optional<WeightReading> reading;
  std::string problem;  ///< a sentence for a person, if there is no reading
};

/// Only kStable and kStableAtZero give a weight; the unit is the report's own. Exact to the
/// milligram, without floating point; `shown` has the decimals of the scale.
ScaleAnswer read_scale(const ScaleData& data);

class ScaleLayout {
 public:
  /// By the usages 70 (status), 51-5C (unit), 41 (exponent), 40 (weight).
  /// Errors: kInvalid "no_scale" (no report has them all).
  static Result<ScaleLayout> find(const ReportDescriptor& descriptor);

  [[nodiscard]] std::uint8_t report_id() const { return weight_.report_id; }
  /// Nothing: this is another report, or it is cut off, or has a status that none has.
  [[nodiscard]] std::optional<ScaleData> decode(BytesView report) const;

 private:
  Field status_;
  Field unit_;
  Field exponent_;
  Field weight_;
};

}  // namespace cairn::devices::hid
