#pragma once
// What a HID device says its reports look like (Device Class Definition for HID 1.11, 6.2.2): which
// bits of which report have which meaning. Pure; the descriptor is untrusted.

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::devices::hid {

constexpr std::size_t kBitsPerOctet = 8;

/// Usage page in the upper 16 bits, usage in the lower.
using Usage = std::uint32_t;
constexpr Usage usage(std::uint16_t page, std::uint16_t id) {
  return static_cast<Usage>(page) << 16U | id;
}

enum class ReportType : std::uint8_t { kInput, kOutput, kFeature };

/// Equal values next to each other within one report. Padding is none.
struct Field {
  struct Range {
    Usage first = 0;
    Usage last = 0;
  };

  ReportType type = ReportType::kInput;
  std::uint8_t report_id = 0;  ///< 0: the device's reports have none
  std::size_t bit_offset = 0;  ///< in the report, its id octet (if there is one) included
  std::uint32_t bit_size = 0;  ///< of one value, 1 to 32
  std::uint32_t count = 0;     ///< of values, at least 1
  bool variable = false;       ///< else an array: each value chooses one of the usages
  std::int32_t logical_min = 0;
  std::vector<Range> usages;       ///< as declared
  std::vector<Usage> collections;  ///< it lies in, outermost first

  /// The usage so many places behind the first; of a variable field the last one stands for all
  /// that follow. Nothing: none was declared, or an array has no such place.
  [[nodiscard]] std::optional<Usage> usage_at(std::size_t place) const;
};

struct ReportDescriptor {
  std::vector<Field> fields;        ///< in the order of the descriptor
  std::vector<Usage> applications;  ///< of the top-level application collections
  bool has_report_ids = false;      ///< the first octet of every report is its id
  std::size_t input_octets = 0;     ///< of the longest input report, its id included

  /// Errors: kInvalid "bad_descriptor" (cut off, more than it can mean, or larger than any real
  /// one: 4096 octets, 512 fields, reports of 4096 octets).
  static Result<ReportDescriptor> parse(BytesView octets);

  [[nodiscard]] bool has_application(Usage wanted) const;
};

/// A value of a report as it stands there; nothing: the report is too short for it.
std::optional<std::uint32_t> value_at(BytesView report, const Field& field, std::size_t place);

}  // namespace cairn::devices::hid
