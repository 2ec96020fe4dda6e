#pragma once
// An order as Shopify's webhooks tell it (Admin REST resource "Order", topics orders/create and
// orders/cancelled; https://shopify.dev/docs/api/admin-rest/latest/resources/order). Members that
// are not needed are ignored. Reading only; any thread.

#include "central/capture/capture_order.h"

#include <string>
#include <string_view>

namespace cairn::central {

/// The order's number in the shop (`id`); empty: it cannot be read.
std::string shopify_order_number(std::string_view payload);

/// The order says that it was cancelled: `cancelled_at` is there and not null.
bool is_cancelled_shopify_order(std::string_view payload);

/// Discounts are the lines' own: the shop has shared out those of the order already. Postage
/// becomes service lines. Errors: kInvalid "bad_json", "bad_request" with every problem and its
/// path.
Result<CaptureOrder> read_shopify_order(const std::string& channel, std::string_view payload);

}  // namespace cairn::central
