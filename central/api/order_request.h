#pragma once
// Reads an order as POST /api/v1/orders takes it. Any thread.

#include "central/capture/capture_order.h"

#include <string_view>

namespace cairn::central {

/// Postage becomes a service line SHIPPING behind the others. Errors: kInvalid "bad_json",
/// "bad_request" with every problem and its path.
Result<CaptureOrder> read_order_request(std::string_view text);

}  // namespace cairn::central
