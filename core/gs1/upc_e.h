#pragma once
// UPC-E, a UPC-A number with its zeros taken out (GS1 General Specifications 5.2.2.4). Pure.

#include "core/gs1/fault.h"

#include <string>
#include <string_view>

namespace cairn::gs1 {

/// The GTIN-12 of eight digits: number system (0 or 1), six digits, check digit.
/// Faults: kLength, kCharset, kNumberSystem, kCheckDigit.
Parsed<std::string> expand_upc_e(std::string_view digits);

}  // namespace cairn::gs1
