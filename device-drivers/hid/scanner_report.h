#pragma once
// The reports of barcode scanners (HID Usage Tables for bar code scanners, page 0x8C, "scanned data
// report"): the code in pieces, with its AIM identifier beside it. Where they stand in the report
// the device's descriptor says; for those whose descriptor does not there is a table. Pure.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "device-drivers/hid/report_descriptor.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cairn::devices::hid {

/// What one report carries of a code.
struct ScanFragment {
  std::string aim;  ///< symbology identifier, "]C1"; empty: the scanner does not say
  std::string data;
  bool continued = false;  ///< more of the same code follows
  bool damaged = false;    ///< it contradicts itself or is cut off: nothing above counts but
                           ///< `continued`, where it could be read
  bool end_is_known = true;
};

/// Where they stand, counted in octets from the beginning of the report (its id included).
struct ScannerLayout {
  std::uint8_t report_id = 0;            ///< 0: reports have none
  std::size_t size = 0;                  ///< octets of the report
  std::optional<std::size_t> length_at;  ///< nothing: the data ends where only NULs follow
  std::array<std::optional<std::size_t>, 3> aim_at;
  std::size_t data_at = 0;
  std::size_t data_most = 0;
  std::optional<std::size_t> continued_bit;  ///< counted in bits

  /// By the usages FB, FC, FD (symbology identifier), FE (decoded data), FF (continued) of page
  /// 0x8C, or 0xFF8C, which some use for it. The length is "byte count" (01:3B) or the octet in
  /// front of them. Errors: kInvalid "no_scanner" (it has no decoded data).
  static Result<ScannerLayout> find(const ReportDescriptor& descriptor);

  /// Nothing: this is another report.
  [[nodiscard]] std::optional<ScanFragment> decode(BytesView report) const;
};

/// What a model does otherwise than its descriptor says.
struct ScannerQuirk {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;            ///< 0: all of the vendor
  std::optional<ScannerLayout> layout;  ///< nothing: as the descriptor says
  std::string feature;  ///< report that is set after opening, its id first; empty: none
};

/// Null: none is known.
const ScannerQuirk* find_scanner_quirk(std::uint16_t vendor, std::uint16_t product);

}  // namespace cairn::devices::hid
