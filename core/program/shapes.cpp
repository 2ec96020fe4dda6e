#include "core/program/shapes.h"

#include <algorithm>

namespace cairn::program {
namespace {

json::Value gtins_json(const std::vector<Gtin>& gtins) {
  auto list = json::Value::array();
  for (const Gtin& gtin : gtins) list.add(gtin.text());
  return list;
}

}  // namespace

void set_or_null(json::Value& object, std::string_view name,
                 const std::optional<std::string>& text) {
  if (text) {
    object.set(name, *text);
  } else {
    object.set_null(name);
  }
}

json::Value money_json(const Money& money) {
  auto object = json::Value::object();
  object.set("minor", money.minor).set("currency", money.currency.text());
  return object;
}

json::Value product_json(const domain::Product& product) {
  auto object = json::Value::object();
  object.set("sku", product.sku.text())
      .set("name", product.name)
      .set("gtins", gtins_json(product.gtins))
      .set("uom", name_of(product.uom))
      .set("unit_weight_mg", product.unit_weight_mg);
  if (product.price) {
    object.set("price", money_json(*product.price));
  } else {
    object.set_null("price");
  }
  return object.set("active", product.active);
}

json::Value stock_cell_json(const storage::StockCell& cell) {
  auto object = json::Value::object();
  object.set("site", cell.site.text())
      .set("sku", cell.sku.text())
      .set("location", cell.location.text())
      .set("uom", name_of(cell.on_hand.uom))
      .set("on_hand_milli", cell.on_hand.milli);
  return object;
}

json::Value ship_group_json(const storage::ShipGroupRow& group) {
  auto object = json::Value::object();
  object.set("id", group.id.value().text())
      .set("site", group.site.text())
      .set("order_id", group.order.value().text())
      .set("order_reference", group.order_reference)
      .set("method", group.method)
      .set("status", group.status)
      .set("allocated_at", group.allocated_at.utc().text());
  if (group.claim_node) {
    auto claim = json::Value::object();
    claim.set("station", group.claim_station).set("node", group.claim_node->value().text());
    const bool person = group.claim_actor && !group.claim_actor->value().is_nil();
    set_or_null(claim, "user",
                person ? std::optional(group.claim_actor->value().text()) : std::nullopt);
    object.set("claim", std::move(claim));
  } else {
    object.set_null("claim");
  }
  return object.set("line_count", group.line_count)
      .set("ordered_milli", group.ordered_milli)
      .set("open_milli", group.open_milli)
      .set("picked_milli", group.picked_milli)
      .set("shipped_milli", group.shipped_milli);
}

std::optional<json::Value> ship_group_detail_json(storage::Connection& connection,
                                                  ShipGroupId group) {
  const auto row = storage::ship_group_row(connection, group);
  if (!row) return std::nullopt;
  auto lines = json::Value::array();
  for (const storage::ShipGroupLineRow& line : storage::ship_group_lines(connection, group)) {
    const auto product = storage::find_product(connection, line.sku);
    const auto bin = storage::pick_location(connection, row->site, line.sku);
    auto object = json::Value::object();
    object.set("line", line.line.value())
        .set("sku", line.sku.text())
        .set("name", line.name)
        .set("gtins", gtins_json(product ? product->gtins : std::vector<Gtin>{}));
    set_or_null(object, "location", bin ? std::optional(bin->text()) : std::nullopt);
    object.set("uom", name_of(line.ordered.uom))
        .set("ordered_milli", line.ordered.milli)
        .set("open_milli", line.open_milli)
        .set("picked_milli", line.picked_milli)
        .set("shipped_milli", line.shipped_milli);
    lines.add(std::move(object));
  }
  auto detail = ship_group_json(*row);
  detail.set("lines", std::move(lines));
  return detail;
}

json::Value put_back_json(const storage::PutBackRow& row) {
  auto object = json::Value::object();
  object.set("group", row.group.value().text())
      .set("order_reference", row.order_reference)
      .set("cause", row.put_back.cause.text())
      .set("line", row.put_back.line.value())
      .set("sku", row.sku.text())
      .set("milli", row.put_back.milli)
      .set("to_location", row.put_back.to.text());
  return object;
}

json::Value exception_json(const storage::ShipGroupExceptionRow& row) {
  auto object = json::Value::object();
  object.set("group", row.group.value().text())
      .set("site", row.site.text())
      .set("order_reference", row.order_reference)
      .set("kind", row.kind)
      .set("cause", row.cause.text())
      .set("line", row.line.value())
      .set("milli", row.milli);
  return object;
}

json::Value site_totals_json(storage::Connection& connection, const SiteId& site) {
  storage::ShipGroupTotals sum;
  for (const storage::ShipGroupTotals& totals : storage::ship_group_totals(connection)) {
    if (totals.site != site) continue;
    sum.groups += totals.groups;
    sum.ordered_milli += totals.ordered_milli;
    sum.picked_milli += totals.picked_milli;
    sum.shipped_milli += totals.shipped_milli;
  }
  std::int64_t on_hand = 0;
  for (const storage::SiteStock& stock : storage::stock_totals(connection)) {
    if (stock.site == site) on_hand = stock.on_hand_milli;
  }
  std::int64_t put_back = 0;
  for (const storage::PutBackRow& row : storage::put_backs(connection, site)) {
    put_back += row.put_back.milli;
  }
  auto object = json::Value::object();
  object.set("site", site.text())
      .set("groups", sum.groups)
      .set("ordered_milli", sum.ordered_milli)
      .set("open_milli", sum.ordered_milli - sum.picked_milli - sum.shipped_milli)
      .set("picked_milli", sum.picked_milli)
      .set("shipped_milli", sum.shipped_milli)
      .set("scanned_milli", sum.picked_milli + sum.shipped_milli)
      .set("on_hand_milli", on_hand)
      .set("put_back_milli", put_back);
  return object;
}

}  // namespace cairn::program
