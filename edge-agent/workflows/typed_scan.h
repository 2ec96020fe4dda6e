#pragma once
// A read with its type, for screens and programs: what symbology it came in, what it says, what
// GS1 makes of it. Pure. Any thread.

#include "core/base/barcode.h"
#include "core/base/time.h"
#include "core/gs1/variable_measure.h"
#include "core/json/value.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::agent {

struct TypedScan {
  Barcode barcode;
  /// As the decoder saw it, "UPC-E"; empty: the AIM identifier has to say it.
  std::string symbology;
  std::string device;  ///< empty: from a page
  UtcTime at;          ///< when it was read
  /// A price or a weight in the number, as the site's schemes tell it.
  std::optional<gs1::Measure> measure = std::nullopt;
};

/// The measure in a read; nothing: no template fits it.
std::optional<gs1::Measure> measure_of(const gs1::MeasureScheme& scheme, const Barcode& barcode);

/// The symbology that an AIM identifier means (ISO/IEC 15424), in the words of `cairn decode`:
/// "EAN-13", "Code128"; an EAN-13 that begins with 0 is a "UPC-A". Empty: there is no identifier,
/// or it is one of those that no device of ours sends.
std::string_view symbology_of(const Barcode& barcode);

/// A read's octets as text: UTF-8 as it is, every other octet and control character as \xHH (GS is
/// \x1D), a backslash as two: what `cairn gs1` reads.
std::string shown_text(std::string_view octets);

/// Sets "symbology", "aim", "text", "gtin14", "elements" of `object`: what schemas TypedScan and
/// PictureCode of docs/api/agent.openapi.yaml have in common.
void set_type(json::Value& object, const Barcode& barcode, std::string_view symbology);

/// Schema TypedScan of docs/api/agent.openapi.yaml.
json::Value typed_scan_json(const TypedScan& scan);

}  // namespace cairn::agent
