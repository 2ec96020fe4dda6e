#pragma once
// A receipt as it will look on paper, as a PNG.

#include "core/base/result.h"
#include "device-drivers/escpos/receipt_page.h"

#include <string>

namespace cairn::devices::picture {

/// Characters in cells of 12 x 24 dots as in font A, codes in the printer's modules. Errors: those
/// of encode() and Drawing::png().
Result<std::string> png_of(const ReceiptPage& page);

}  // namespace cairn::devices::picture
