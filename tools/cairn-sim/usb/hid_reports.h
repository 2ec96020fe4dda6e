#pragma once
// What virtual HID POS devices say of their reports, and the reports. Pure.

#include "core/base/bytes.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace cairn::simulator {

/// Of a scanner: reports of 64 octets with id 2, as of Honeywell's and others'.
BytesView scanner_report_descriptor();
/// A code as reports of at most 56 octets of it.
std::vector<Bytes> scanner_reports(std::string_view aim, BytesView code);

struct ScaleReport {
  std::uint8_t status = 0;  ///< 1 to 8
  std::uint8_t unit = 0;    ///< 2 g, 3 kg, 11 oz, 12 lb
  std::int8_t exponent = 0;
  std::uint16_t number = 0;
};

/// Of a scale: reports of 6 octets with id 3, as of most.
BytesView scale_report_descriptor();
Bytes scale_report(const ScaleReport& report);

}  // namespace cairn::simulator
