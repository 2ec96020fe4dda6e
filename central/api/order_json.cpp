#include "central/api/order_json.h"

#include "central/orders/order_holds.h"
#include "central/routing/routing_run.h"
#include "core/domain/order/order_amounts.h"
#include "core/program/shapes.h"
#include "core/storage/projections/order_queues.h"
#include "core/storage/projections/ship_groups.h"
#include "core/storage/site_load.h"

#include <map>

namespace cairn::central {
namespace {

/// What the customer pays; null for one from before amounts were looked at that is beyond all sums.
void set_total(json::Value& object, const storage::OrderRow& order,
               const std::vector<storage::OrderLineRow>& rows) {
  std::vector<domain::OrderLine> lines;
  lines.reserve(rows.size());
  for (const storage::OrderLineRow& row : rows) lines.push_back(row.line);
  const auto total = domain::total_of(lines, order.tax_added);
  if (total) object.set("total", program::money_json(*total));
  if (!total) object.set_null("total");
}

json::Value line_json(const storage::OrderLineRow& row,
                      const std::map<LineNo, std::int64_t>& rejecting) {
  const auto sites = rejecting.find(row.progress.line);
  auto object = json::Value::object();
  object.set("line", row.progress.line.value())
      .set("sku", row.line.sku.text())
      .set("name", row.line.name)
      .set("service", row.progress.service)
      .set("uom", name_of(row.line.ordered.uom))
      .set("unit_price", program::money_json(row.line.unit_price))
      .set("discount_minor", row.line.discount_minor)
      .set("order_discount_minor", row.line.order_discount_minor)
      .set("tax_minor", row.line.tax_minor)
      .set("together", row.line.together)
      .set("ordered_milli", row.progress.ordered_milli)
      .set("cancelled_milli", row.progress.cancelled_milli)
      .set("routed_milli", row.progress.routed_milli)
      .set("waiting_milli", row.progress.waiting_milli())
      .set("parked_milli", row.progress.parked_milli())
      .set("rejecting_sites", sites == rejecting.end() ? 0 : sites->second)
      .set("picked_milli", row.progress.picked_milli)
      .set("shipped_milli", row.progress.shipped_milli)
      .set("returned_milli", row.progress.returned_milli);
  set_kit(object, row.line);
  return object;
}

}  // namespace

void set_kit(json::Value& object, const domain::OrderLine& line) {
  if (!line.kit) {
    object.set_null("kit");
    return;
  }
  const domain::SoldKit& kit = *line.kit;
  object.set("kit", json::Value::object()
                        .set("line", kit.line.value())
                        .set("sku", kit.sku.text())
                        .set("name", kit.name)
                        .set("quantity_milli", kit.milli)
                        .set("unit_price", program::money_json(kit.unit_price))
                        .set("discount_minor", kit.discount_minor)
                        .set("tax_minor", kit.tax_minor));
}

json::Value order_json(storage::Connection& connection, const storage::OrderRow& order,
                       const std::vector<storage::OrderLineRow>& lines) {
  domain::LineProgress sum;
  std::int64_t waiting = 0;
  std::int64_t parked = 0;
  for (const storage::OrderLineRow& line : lines) {
    if (line.progress.service) continue;
    sum.ordered_milli += line.progress.ordered_milli;
    sum.cancelled_milli += line.progress.cancelled_milli;
    sum.shipped_milli += line.progress.shipped_milli;
    sum.returned_milli += line.progress.returned_milli;
    waiting += line.progress.waiting_milli();
    parked += line.progress.parked_milli();
  }
  auto object = json::Value::object();
  object.set("id", order.id.value().text())
      .set("channel", order.channel)
      .set("external_id", order.external_id)
      .set("placed_at", order.placed_at.text())
      .set("customer", order.customer)
      .set("method", name_of(order.method));
  program::set_or_null(
      object, "sale", order.sale ? std::optional(std::string(name_of(*order.sale))) : std::nullopt);
  program::set_or_null(
      object, "pickup_site",
      order.pickup_site.empty() ? std::nullopt : std::optional(order.pickup_site.text()));
  object.set("status", name_of(status_of(order, lines)))
      .set("line_count", lines.size())
      .set("ordered_milli", sum.ordered_milli)
      .set("cancelled_milli", sum.cancelled_milli)
      .set("waiting_milli", waiting)
      .set("parked_milli", parked)
      .set("shipped_milli", sum.shipped_milli)
      .set("returned_milli", sum.returned_milli);
  const auto& hold = order.standing.hold;
  program::set_or_null(object, "hold",
                       hold ? std::optional(std::string(name_of(*hold))) : std::nullopt);
  object.set("note", order.note);
  set_total(object, order, lines);
  using Text = std::optional<std::string>;
  const auto queue = storage::queue_of(connection, order.id);
  const bool timed = queue && queue->auto_cancel_at;
  program::set_or_null(object, "queue", queue ? Text(name_of(queue->queue)) : Text());
  program::set_or_null(object, "auto_cancel_at",
                       timed ? Text(queue->auto_cancel_at->text()) : Text());
  return object;
}

std::optional<json::Value> order_detail_json(storage::Connection& connection, OrderId id) {
  const auto order = storage::find_order(connection, id);
  if (!order) return std::nullopt;
  const auto rows = storage::order_lines(connection, id);
  auto lines = json::Value::array();
  const auto rejecting = storage::rejecting_sites(connection, id);
  for (const storage::OrderLineRow& row : rows) lines.add(line_json(row, rejecting));
  auto groups = json::Value::array();
  storage::ShipGroupFilter filter;
  filter.order = id;
  filter.limit = 1000;
  for (const auto& group : storage::ship_groups(connection, filter)) {
    groups.add(program::ship_group_json(group));
  }
  auto shortages = json::Value::array();
  for (const auto& shortage : shortages_of(connection, id)) {
    shortages.add(json::Value::object()
                      .set("sku", shortage.sku.text())
                      .set("wanted_milli", shortage.wanted_milli)
                      .set("available_milli", shortage.available_milli));
  }
  auto detail = order_json(connection, *order, rows);
  auto discounts = json::Value::array();
  for (const domain::OrderDiscount& discount : storage::order_discounts(connection, id)) {
    discounts.add(program::order_discount_json(discount));
  }
  detail.set("tax_included", !order->tax_added)
      .set("discounts", std::move(discounts))
      .set("delivery", program::delivery_json(order->delivery))
      .set("lines", std::move(lines))
      .set("ship_groups", std::move(groups))
      .set("shortages", std::move(shortages));
  return detail;
}

}  // namespace cairn::central
