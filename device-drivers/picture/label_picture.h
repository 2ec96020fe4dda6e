#pragma once
// A label as it will look, as a PNG of 203 dpi.

#include "core/base/result.h"
#include "device-drivers/labels/label_page.h"

#include <string>

namespace cairn::devices::picture {

/// Errors: those of encode() and Drawing::png().
Result<std::string> png_of(const LabelPage& page);

}  // namespace cairn::devices::picture
