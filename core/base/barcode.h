#pragma once
// What a scanner read: the symbology, where the scanner says it, and the data (ISO/IEC 15424).
// What it means: core/gs1/scan.h.

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn {

struct Barcode {
  /// Longest data any of our symbologies carries from a hand scanner, in octets.
  static constexpr std::size_t kMaxSize = 256;

  /// AIM symbology identifier without the "]", e.g. "E0"; empty if the scanner does not send it.
  std::string symbology;
  std::string data;

  friend bool operator==(const Barcode&, const Barcode&) = default;
};

/// Splits what a scanner sent. `aim`: the device is set up to send AIM identifiers; a code may
/// begin with "]" by itself, so nothing is cut off otherwise.
Barcode parse_barcode(std::string_view sent, bool aim);

}  // namespace cairn
