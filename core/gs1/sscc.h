#pragma once
// Serial Shipping Container Codes (GS1 General Specifications 3.2.1). Pure: which serials were used
// already is known to whoever gives them out (central/labels gives blocks of them to devices).

#include "core/gs1/fault.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::gs1 {

/// Serials that one company prefix of 4 to 12 digits and one extension digit can make: from 0 to
/// this less one. 0: it is no prefix.
std::uint64_t sscc_serials(std::string_view company_prefix);

/// 18 digits: extension digit (0 to 9, without a meaning), company prefix, serial filled up with
/// zeros, check digit. Faults: kCompanyPrefix; kLength: the extension has more than one digit or
/// the serial is too large for the prefix.
Parsed<std::string> make_sscc(int extension, std::string_view company_prefix, std::uint64_t serial);

}  // namespace cairn::gs1
