#pragma once
// Labels in EPL2 (Zebra, EPL2 Programmer's Manual 980352), for older printers. Pure.

#include "core/base/result.h"
#include "device-drivers/labels/label_page.h"

#include <string>

namespace cairn::devices {

/// From "N" to "P". Texts are in Windows-1252 ("I8,A"), other characters are "?"; they are in the
/// largest of the printer's fonts that fits into their place, then cut. Errors: kRejected
/// "not_in_epl" (a GS1 DataMatrix: EPL2 has no FNC1 in it).
Result<std::string> epl_of(const LabelPage& page);

}  // namespace cairn::devices
