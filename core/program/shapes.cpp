#include "core/program/shapes.h"

#include "core/program/hand_over_note.h"

#include <algorithm>

namespace cairn::program {
namespace {

json::Value gtins_json(const std::vector<Gtin>& gtins) {
  auto list = json::Value::array();
  for (const Gtin& gtin : gtins) list.add(gtin.text());
  return list;
}

/// The members open_milli to returned_milli.
void set_buckets(json::Value& object, const domain::LineBuckets& in) {
  object.set("open_milli", in.open_milli)
      .set("picked_milli", in.picked_milli)
      .set("packed_milli", in.packed_milli)
      .set("shipped_milli", in.shipped_milli)
      .set("handed_over_milli", in.handed_over_milli)
      .set("short_milli", in.short_milli)
      .set("cancelled_milli", in.cancelled_milli)
      .set("returned_milli", in.returned_milli);
}

/// The row of one site among rows by site; zeros if there is none.
template <class Row>
Row of_site(const std::vector<Row>& rows, const SiteId& site) {
  const auto found = std::ranges::find(rows, site, &Row::site);
  return found == rows.end() ? Row{} : *found;
}

/// Null: nobody, or nobody known here.
std::optional<std::string> name_at(storage::Connection& connection, const SiteId& site,
                                   UserId user) {
  const auto member = storage::find_staff(connection, site, user);
  return member ? std::optional(member->name) : std::nullopt;
}

/// The member `hand_over`.
void set_hand_over(json::Value& detail, storage::Connection& connection,
                   const storage::ShipGroupRow& group) {
  const bool given = group.in.handed_over_milli + group.in.returned_milli > 0;
  const bool perhaps = given && group.method == "PICKUP";
  const auto note = perhaps ? hand_over_note(connection, group.id) : std::nullopt;
  if (!note) {
    detail.set_null("hand_over");
    return;
  }
  auto object = json::Value::object();
  object.set("at", note->at.utc().text());
  set_or_null(object, "person", name_at(connection, group.site, note->actor));
  detail.set("hand_over", std::move(object));
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

json::Value delivery_json(const domain::Delivery& delivery) {
  const auto text = [](const std::optional<UtcTime>& at) {
    return at ? std::optional(at->text()) : std::nullopt;
  };
  auto object = json::Value::object();
  object.set("priority", delivery.priority)
      .set("shipping_method", delivery.shipping_method)
      .set("delivery_days", delivery.delivery_days);
  set_or_null(object, "ship_after", text(delivery.ship_after));
  set_or_null(object, "ship_by", text(delivery.ship_by));
  set_or_null(object, "promised_at", text(delivery.promised_at));
  return object.set("country", delivery.country);
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
  auto parts = json::Value::array();
  for (const domain::KitPart& part : product.parts) {
    parts.add(json::Value::object().set("sku", part.sku.text()).set("units", part.units));
  }
  return object.set("active", product.active)
      .set("hazmat", product.hazmat)
      .set("category", product.category)
      .set("parts", std::move(parts));
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
  object.set("line_count", group.line_count).set("ordered_milli", group.ordered_milli);
  set_buckets(object, group.in);
  if (group.method == "PICKUP") {
    auto pickup = json::Value::object();
    pickup.set("code_minted", group.code_minted)
        .set("wrong_codes", group.wrong_codes)
        .set("locked", group.wrong_codes >= domain::Pickup::kWrongCodesMost);
    object.set("pickup", std::move(pickup));
  } else {
    object.set_null("pickup");
  }
  return object;
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
    object.set("uom", name_of(line.ordered.uom)).set("ordered_milli", line.ordered.milli);
    set_buckets(object, line.in);
    lines.add(std::move(object));
  }
  auto detail = ship_group_json(*row);
  detail.set("lines", std::move(lines));
  auto boxes = json::Value::array();
  for (const storage::PackageRow& package : storage::packages(connection, group)) {
    boxes.add(package_json(package));
  }
  detail.set("packages", std::move(boxes));
  set_hand_over(detail, connection, *row);
  return detail;
}

json::Value package_json(const storage::PackageRow& package) {
  auto lines = json::Value::array();
  for (const domain::LineUnits& units : package.lines) lines.add(units_json(units));
  auto object = json::Value::object();
  object.set("package", package.ref.text())
      .set("lines", std::move(lines))
      .set("weight_mg", package.weight_mg)
      .set("expected_mg", package.expected_mg)
      .set("weight_check", package.check);
  set_or_null(object, "sscc", package.sscc.empty() ? std::nullopt : std::optional(package.sscc));
  set_or_null(object, "tracking",
              package.tracking.empty() ? std::nullopt : std::optional(package.tracking));
  return object.set("label", package.label).set("print_detail", package.print_detail);
}

json::Value units_json(const domain::LineUnits& units) {
  return json::Value::object().set("line", units.line.value()).set("milli", units.milli);
}

json::Value return_json(storage::Connection& connection, const storage::ReturnRow& row) {
  auto lines = json::Value::array();
  for (const storage::ReturnLineRow& line : row.lines) {
    lines.add(json::Value::object()
                  .set("line", line.line.value())
                  .set("sku", line.sku.text())
                  .set("name", line.name)
                  .set("milli", line.quantity.milli)
                  .set("uom", name_of(line.quantity.uom))
                  .set("refund_minor", line.refund_minor)
                  .set("condition", line.condition)
                  .set("to_location", line.to.text()));
  }
  auto object = json::Value::object();
  object.set("id", row.id.value().text())
      .set("event", row.ref.text())
      .set("group", row.group.value().text())
      .set("site", row.site.text())
      .set("order_id", row.order.value().text())
      .set("order_reference", row.order_reference)
      .set("refund", money_json(row.refund))
      .set("taken_at", row.taken_at.utc().text());
  const bool person = !row.actor.value().is_nil();
  set_or_null(object, "user", person ? std::optional(row.actor.value().text()) : std::nullopt);
  set_or_null(object, "person", name_at(connection, row.site, row.actor));
  const bool approved = !row.approved_by.value().is_nil();
  set_or_null(object, "approved_by",
              approved ? std::optional(row.approved_by.value().text()) : std::nullopt);
  return object.set("reason", row.reason).set("lines", std::move(lines));
}

json::Value refund_exception_json(const storage::RefundExceptionRow& row) {
  return json::Value::object()
      .set("group", row.group.value().text())
      .set("site", row.site.text())
      .set("order_reference", row.order_reference)
      .set("kind", row.elsewhere ? "REFUNDED_ELSEWHERE" : "REFUNDED_TWICE")
      .set("cause", row.cause.text())
      .set("line", row.line.value())
      .set("milli", row.milli);
}

json::Value put_back_json(const storage::PutBackRow& row) {
  auto object = json::Value::object();
  object.set("group", row.group.value().text())
      .set("order_reference", row.order_reference)
      .set("cause", row.put_back.cause.text())
      .set("line", row.put_back.line.value())
      .set("sku", row.sku.text())
      .set("name", row.name)
      .set("milli", row.put_back.milli)
      .set("done_milli", row.put_back.done_milli)
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
  std::int64_t groups = 0;
  std::int64_t ordered = 0;
  domain::LineBuckets in;
  for (const storage::ShipGroupTotals& totals : storage::ship_group_totals(connection)) {
    if (totals.site != site) continue;
    groups += totals.groups;
    ordered += totals.ordered_milli;
    in += totals.in;
  }
  const auto stock = of_site(storage::stock_totals(connection), site).stock;
  const auto packages = of_site(storage::package_totals(connection), site);
  const auto put_back = of_site(storage::put_back_totals(connection), site);
  const auto returns = of_site(storage::return_totals(connection), site);
  auto object = json::Value::object();
  object.set("site", site.text()).set("groups", groups).set("ordered_milli", ordered);
  set_buckets(object, in);
  object
      .set("scanned_milli", in.picked_milli + in.packed_milli + in.shipped_milli +
                                in.handed_over_milli + in.returned_milli)
      .set("packages", packages.packages)
      .set("in_packages_milli", packages.packed_milli)
      .set("weighed", packages.weighed)
      .set("labelled", packages.labelled)
      .set("put_back_milli", put_back.milli)
      .set("put_back_done_milli", put_back.done_milli)
      .set("returns", returns.returns)
      .set("returned_here_milli", returns.returned_milli)
      .set("refund_minor", returns.refund_minor)
      .set("on_hand_milli", stock.on_hand_milli)
      .set("held_milli", stock.unavailable_milli);
  return object;
}

}  // namespace cairn::program
