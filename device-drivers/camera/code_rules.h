#pragma once
// From what an engine returns to what a scanner would send: each symbology's text and AIM
// identifier in one form, whichever engine read it, and nothing whose check digit is wrong. Pure.

#include "device-drivers/camera/sighting.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

/// The text and its AIM identifier, or nothing if it cannot be a code of that symbology.
struct Normalised {
  Symbology symbology = Symbology::kEan13;
  std::string aim;
  std::string text;
  friend bool operator==(const Normalised&, const Normalised&) = default;
};

/// `said`: the engine's text. `aim`: its AIM identifier, "" if it tells none.
///  - EAN-13, UPC-A and UPC-E: 13 digits and ]E0 (GS1 General Specifications 5.2.1 and 7.6, UPC-E
///    expanded); an EAN-13 that begins with 0 is a UPC-A, the two are one print. EAN-8: 8 digits
///    and ]E4.
///  - ITF: an even number of digits; ]I1 for 14 with a right check digit, else ]I0.
///  - DataBar: an element string, ]e0: (01) is put before the bare number, brackets are resolved.
///  - Code 39, 93, 128, Codabar (without start and stop) and the matrix codes: as they are.
/// Nothing: a wrong length, character or check digit; an empty text.
std::optional<Normalised> normalised(Symbology symbology, std::string_view said,
                                     std::string_view aim);

/// "(01)09521234543213(10)A1(21)7" as an element string with GS after values that need one. Of a
/// value with brackets in it nothing is taken for an application identifier that its length or the
/// list of identifiers rules out. Nothing if `text` is not of this form.
std::optional<std::string> element_string(std::string_view text);

/// Whether the last digit is the check digit (modulo 10) of the others; false if not all are
/// digits.
bool has_right_check_digit(std::string_view digits);

}  // namespace cairn::devices
