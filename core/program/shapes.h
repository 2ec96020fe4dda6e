#pragma once
// The JSON shapes that hub and agent share, as docs/api/*.openapi.yaml defines them. Any thread.

#include "core/domain/event.h"
#include "core/json/value.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/returns.h"
#include "core/storage/projections/ship_groups.h"
#include "core/storage/projections/stock_on_hand.h"

#include <optional>
#include <string>

namespace cairn::program {

/// Sets the member to the text, or to null.
void set_or_null(json::Value& object, std::string_view name,
                 const std::optional<std::string>& text);

json::Value money_json(const Money& money);
json::Value delivery_json(const domain::Delivery& delivery);
json::Value product_json(const domain::Product& product);
json::Value safety_stock_json(const domain::SafetyStockRule& rule);
json::Value selling_channel_json(const domain::SellingChannel& channel);
json::Value expected_supply_json(const domain::ExpectedSupply& supply);
json::Value stock_lease_json(const domain::StockLease& lease);
json::Value lease_policy_json(const domain::LeasePolicy& policy);
json::Value promotion_json(const domain::Promotion& promotion);
json::Value order_discount_json(const domain::OrderDiscount& discount);
json::Value stock_cell_json(const storage::StockCell& cell);
json::Value ship_group_json(const storage::ShipGroupRow& group);
/// The group with its lines; each line with the bin to go to. Nothing if it is not known here.
std::optional<json::Value> ship_group_detail_json(storage::Connection& connection,
                                                  ShipGroupId group);
json::Value package_json(const storage::PackageRow& package);
json::Value units_json(const domain::LineUnits& units);
json::Value return_json(storage::Connection& connection, const storage::ReturnRow& row);
json::Value refund_exception_json(const storage::RefundExceptionRow& row);
json::Value put_back_json(const storage::PutBackRow& row);
json::Value exception_json(const storage::ShipGroupExceptionRow& row);

/// Sums over a site's ship groups and stock.
json::Value site_totals_json(storage::Connection& connection, const SiteId& site);

/// An event's own words, as the log shows them.
json::Value event_json(const domain::Event& event);

}  // namespace cairn::program
