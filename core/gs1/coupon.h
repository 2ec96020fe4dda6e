#pragma once
// North American coupon codes: AI (8110) ("North American Coupon Application Guideline Using GS1
// DataBar Expanded Symbols") and AI (8112) (positive offer file). Most fields are told their
// length by a digit before them. Pure. Any thread.

#include "core/gs1/fault.h"

#include <optional>
#include <string_view>

namespace cairn::gs1 {

/// `value` of AI (8110). Faults: kCharset, kCoupon; nullopt: it is well formed.
std::optional<Fault> check_coupon(std::string_view value);

/// `value` of AI (8112). Faults: kCharset, kCoupon.
std::optional<Fault> check_positive_offer(std::string_view value);

}  // namespace cairn::gs1
