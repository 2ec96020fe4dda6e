#pragma once
// What a scanner read: the symbology, where the scanner says it, and the data (ISO/IEC 15424).

#include "core/base/gtin.h"

#include <cstddef>
#include <optional>
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

/// The trade item in the code: an EAN/UPC or ITF-14 number, or a GS1 element string that begins
/// with AI (01). Without an AIM identifier a number counts if its length and check digit fit. The
/// full element-string grammar belongs beside this function when batch, serial and weight are read.
std::optional<Gtin> gtin_of(const Barcode& barcode);

}  // namespace cairn
