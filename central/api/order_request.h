#pragma once
// Reads an order as POST /api/v1/orders takes it. Any thread.

#include "central/capture/capture_order.h"
#include "central/capture/change_order.h"
#include "core/domain/notification/contact.h"

#include <optional>
#include <string_view>

namespace cairn::central {

struct OrderRequest {
  CaptureOrder wanted;
  std::optional<domain::OrderContact> contact{};  ///< whom to tell of it; in no event
};

/// Postage becomes a service line SHIPPING behind the others. Errors: kInvalid "bad_json",
/// "bad_request" with every problem and its path.
Result<OrderRequest> read_order_request(std::string_view text);

/// What of an order says what it costs: an order that is not placed, without number and time.
/// Errors: as above.
Result<CaptureOrder> read_basket_request(std::string_view text);

/// What POST /api/v1/orders/{order}/changes takes, without the order. Errors: as above.
Result<OrderChange> read_change_request(std::string_view text);

}  // namespace cairn::central
