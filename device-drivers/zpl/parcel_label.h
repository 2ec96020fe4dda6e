#pragma once
// A parcel's label in ZPL II: 4 x 6 inches (102 x 152 mm) at 203 dpi. Pure.

#include "core/base/result.h"
#include "device-drivers/api/printer.h"

#include <string>

namespace cairn::devices {

/// One format, ^XA to ^XZ, printed once. Texts are escaped: nothing in them is a command. A text
/// that is too long for its place is printed smaller, then cut. Errors: kInvalid "bad_label"
/// (numbers that are none, texts that are not UTF-8 or have more than 120 octets).
Result<std::string> zpl_of(const ParcelLabel& label);

}  // namespace cairn::devices
