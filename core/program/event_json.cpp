// Each event's own words as JSON, for the log. Hashes of PINs and codes are secrets and stay out.

#include "core/program/shapes.h"

namespace cairn::program {
namespace {

using json::Value;

/// A user's id, empty for nobody.
std::string reference(const EventRef& ref) { return ref == EventRef{} ? "" : ref.text(); }

std::string person(UserId user) { return user.value().is_nil() ? "" : user.value().text(); }

Value words(const domain::ProductDefined& e) { return product_json(e.product); }

Value words(const domain::FacilityDefined& e) {
  return Value::object()
      .set("site", e.facility.site.text())
      .set("name", e.facility.name)
      .set("kind", name_of(e.facility.kind))
      .set("latitude_udeg", e.facility.position.latitude_udeg)
      .set("longitude_udeg", e.facility.position.longitude_udeg)
      .set("active", e.facility.active);
}

Value words(const domain::LocationDefined& e) {
  return Value::object()
      .set("code", e.location.code.text())
      .set("type", name_of(e.location.type))
      .set("pick_sequence", e.location.pick_sequence);
}

Value words(const domain::StaffAssigned& e) {
  return Value::object()
      .set("user", e.member.user.value().text())
      .set("name", e.member.name)
      .set("role", name_of(e.member.role))
      .set("active", e.member.active);
}

Value words(const domain::NodeRegistered& e) {
  return Value::object()
      .set("node", e.node.id.value().text())
      .set("site", e.node.site.text())
      .set("name", e.node.name)
      .set("active", e.node.active);
}

Value words(const domain::LabelBlockGranted& e) {
  return Value::object()
      .set("node", e.node.value().text())
      .set("inc", hex64(e.inc.value()))
      .set("gs1_prefix", e.prefix.text())
      .set("first", e.block.first)
      .set("count", e.block.count);
}

Value words(const domain::StockMoved& e) {
  auto object = Value::object();
  object.set("sku", e.sku.text())
      .set("from", e.from.text())
      .set("to", e.to.text())
      .set("milli", e.quantity.milli)
      .set("uom", name_of(e.quantity.uom))
      .set("reason", name_of(e.reason));
  const bool group = !e.ship_group.value().is_nil();
  set_or_null(object, "ship_group",
              group ? std::optional(e.ship_group.value().text()) : std::nullopt);
  const bool leased = e.lease != StockLeaseId{};
  set_or_null(object, "lease", leased ? std::optional(e.lease.value().text()) : std::nullopt);
  object.set("approved_by", person(e.approved_by));
  return object;
}

Value words(const domain::StockCounted& e) {
  return Value::object()
      .set("sku", e.sku.text())
      .set("location", e.location.text())
      .set("milli", e.quantity.milli)
      .set("uom", name_of(e.quantity.uom))
      .set("source", name_of(e.source));
}

Value order_line_words(const domain::OrderLine& line) {
  return Value::object()
      .set("line", line.line.value())
      .set("sku", line.sku.text())
      .set("name", line.name)
      .set("ordered_milli", line.ordered.milli)
      .set("uom", name_of(line.ordered.uom))
      .set("unit_price", money_json(line.unit_price))
      .set("service", line.service)
      .set("discount_minor", line.discount_minor)
      .set("order_discount_minor", line.order_discount_minor)
      .set("tax_minor", line.tax_minor)
      .set("together", line.together);
}

Value words(const domain::OrderPlaced& e) {
  auto lines = Value::array();
  for (const domain::OrderLine& line : e.lines) {
    lines.add(order_line_words(line));
  }
  auto discounts = Value::array();
  for (const domain::OrderDiscount& discount : e.discounts) {
    discounts.add(Value::object()
                      .set("code", discount.code)
                      .set("minor", discount.minor)
                      .set("promotion", discount.promotion)
                      .set("title", discount.title)
                      .set("coupon", discount.coupon));
  }
  return Value::object()
      .set("order", e.order.value().text())
      .set("channel", e.channel)
      .set("external_id", e.external_id)
      .set("placed_at", e.placed_at.text())
      .set("customer", e.customer)
      .set("latitude_udeg", e.destination.latitude_udeg)
      .set("longitude_udeg", e.destination.longitude_udeg)
      .set("method", name_of(e.method))
      .set("pickup_site", e.pickup_site.text())
      .set("sale", e.sale ? name_of(*e.sale) : std::string_view())
      .set("tax_added", e.tax_added)
      .set("discounts", std::move(discounts))
      .set("delivery", delivery_json(e.delivery))
      .set("lines", std::move(lines));
}

Value words(const domain::OrderHeld& e) {
  return Value::object().set("reason", name_of(e.reason)).set("note", e.note);
}

Value words(const domain::OrderHoldReleased& e) { return Value::object().set("note", e.note); }

Value words(const domain::OrderRejected& e) { return Value::object().set("note", e.note); }

Value words(const domain::OrderLineAdded& e) {
  return Value::object()
      .set("line", order_line_words(e.line))
      .set("raises", e.raises.value())
      .set("note", e.note);
}

Value delivery_words(const domain::DeliveryPlace& delivery) {
  return Value::object()
      .set("method", name_of(delivery.method))
      .set("pickup_site", delivery.pickup_site.text())
      .set("latitude_udeg", delivery.destination.latitude_udeg)
      .set("longitude_udeg", delivery.destination.longitude_udeg);
}

Value words(const domain::OrderDeliveryChanged& e) {
  return Value::object()
      .set("before", delivery_words(e.before))
      .set("after", delivery_words(e.after))
      .set("note", e.note);
}

Value words(const domain::CouponsGivenBack&) { return Value::object(); }

Value words(const domain::PromotionDefined& e) { return promotion_json(e.promotion); }

Value words(const domain::OrderUnitsCancelled& e) {
  return Value::object()
      .set("line", e.line.value())
      .set("milli", e.milli)
      .set("reason", name_of(e.reason))
      .set("source", e.source);
}

Value words(const domain::PickupConverted& e) {
  return Value::object().set("line", e.line.value()).set("milli", e.milli);
}

Value words(const domain::CancellationUnmatched& e) {
  return Value::object()
      .set("customer", e.customer)
      .set("sku", e.sku.text())
      .set("milli", e.milli)
      .set("source", e.source);
}

Value words(const domain::OrderParked& e) {
  auto object = Value::object();
  const auto queue = e.queue ? std::optional(std::string(name_of(*e.queue))) : std::nullopt;
  set_or_null(object, "queue", queue);
  set_or_null(object, "auto_cancel_at",
              e.auto_cancel_at ? std::optional(e.auto_cancel_at->text()) : std::nullopt);
  return object;
}

Value words(const domain::RoutingRulesDefined& e) {
  return Value::object()
      .set("rule_set", e.name)
      .set("version", e.version)
      .set("active", e.active)
      .set("definition", json::parse(e.definition).value_or(Value()));
}

Value words(const domain::PaymentOpened& e) {
  return Value::object()
      .set("payment", e.payment.value().text())
      .set("order", e.order.value().text())
      .set("tender", name_of(e.tender))
      .set("amount", money_json(e.amount))
      .set("token", e.token)
      .set("offline", e.offline);
}

Value words(const domain::PaymentAsked& e) {
  auto object = Value::object();
  object.set("number", e.no)
      .set("action", name_of(e.action))
      .set("amount", money_json(e.amount))
      .set("last", e.last)
      .set("reason", e.reason)
      .set("authorization", e.authorization)
      .set("capture", e.capture)
      .set("rest_minor", e.rest_minor);
  const bool group = !e.group.value().is_nil();
  set_or_null(object, "ship_group", group ? std::optional(e.group.value().text()) : std::nullopt);
  return object;
}

Value words(const domain::PaymentAnswered& e) {
  auto object = Value::object();
  object.set("number", e.no)
      .set("outcome", name_of(e.outcome))
      .set("reference", e.reference)
      .set("detail", e.detail);
  set_or_null(object, "expires", e.expires ? std::optional(e.expires->text()) : std::nullopt);
  return object;
}

Value words(const domain::AuthorizationExpired&) { return Value::object(); }

Value words(const domain::StoredValueOpened& e) {
  return Value::object()
      .set("id", e.id.value().text())
      .set("kind", name_of(e.kind))
      .set("currency", e.currency.text())
      .set("holder", e.holder)
      .set("hint", e.hint);
}

Value words(const domain::StoredValueCredited& e) {
  return Value::object()
      .set("amount", money_json(e.amount))
      .set("reason", name_of(e.reason))
      .set("payment", e.payment.value().is_nil() ? std::string() : e.payment.value().text())
      .set("number", e.no);
}

Value words(const domain::StoredValueDebited& e) {
  return Value::object()
      .set("amount", money_json(e.amount))
      .set("payment", e.payment.value().text())
      .set("number", e.no);
}

Value words(const domain::EscrowGranted& e) {
  return Value::object()
      .set("number", e.no)
      .set("site", e.site.text())
      .set("amount", money_json(e.amount));
}

Value words(const domain::EscrowClosed& e) {
  return Value::object().set("number", e.no).set("spent", money_json(e.spent));
}

Value words(const domain::ShipGroupAllocated& e) {
  auto lines = Value::array();
  for (const domain::ShipGroupLine& line : e.lines) {
    lines.add(Value::object()
                  .set("line", line.line.value())
                  .set("sku", line.sku.text())
                  .set("name", line.name)
                  .set("ordered_milli", line.ordered.milli)
                  .set("uom", name_of(line.ordered.uom)));
  }
  return Value::object()
      .set("group", e.group.value().text())
      .set("order", e.order.value().text())
      .set("order_reference", e.order_reference)
      .set("method", name_of(e.method))
      .set("lines", std::move(lines));
}

Value words(const domain::TaskClaimed& e) { return Value::object().set("station", e.station); }

Value words(const domain::TaskReleased& e) { return Value::object().set("claim", e.claim.text()); }

Value words(const domain::LinePicked& e) {
  return Value::object()
      .set("line", e.line.value())
      .set("milli", e.milli)
      .set("from", e.from.text());
}

Value units(const std::vector<domain::LineUnits>& lines) {
  auto list = Value::array();
  for (const domain::LineUnits& units : lines) list.add(units_json(units));
  return list;
}

Value words(const domain::ShipGroupShipped& e) {
  return Value::object().set("lines", units(e.lines));
}

Value words(const domain::LineShorted& e) {
  return Value::object()
      .set("line", e.line.value())
      .set("milli", e.milli)
      .set("reason", name_of(e.reason))
      .set("from", e.from.text());
}

Value words(const domain::PackageClosed& e) {
  return Value::object()
      .set("lines", units(e.lines))
      .set("weight_mg", e.weight_mg)
      .set("expected_mg", e.expected_mg)
      .set("check", name_of(e.check))
      .set("approved_by", person(e.approved_by))
      .set("reason", e.reason);
}

Value words(const domain::LabelAssigned& e) {
  return Value::object()
      .set("package", e.package.text())
      .set("sscc", e.sscc)
      .set("tracking", e.tracking);
}

Value words(const domain::LabelPrintStarted& e) {
  return Value::object()
      .set("package", e.package.text())
      .set("printer", e.printer)
      .set("after", reference(e.after));
}

Value words(const domain::LabelPrintEnded& e) {
  return Value::object()
      .set("start", e.start.text())
      .set("outcome", name_of(e.outcome))
      .set("detail", e.detail);
}

Value words(const domain::LabelChecked& e) {
  return Value::object()
      .set("package", e.package.text())
      .set("came_out", e.came_out)
      .set("print", reference(e.print));
}

/// The hash of a code is a secret: a million tries find the code.
Value words(const domain::PickupCodeMinted&) { return Value::object(); }

Value words(const domain::PickupCodeRefused&) { return Value::object(); }

Value words(const domain::HandedOver& e) {
  return Value::object()
      .set("lines", units(e.lines))
      .set("proof", name_of(e.proof))
      .set("approved_by", person(e.approved_by))
      .set("reason", e.reason);
}

Value words(const domain::HandOverUndone& e) {
  return Value::object().set("hand_over", e.hand_over.text());
}

Value words(const domain::GroupUnitsCancelled& e) {
  return Value::object()
      .set("line", e.line.value())
      .set("milli", e.milli)
      .set("reason", name_of(e.reason))
      .set("source", e.source);
}

Value words(const domain::PutBackDone& e) {
  return Value::object()
      .set("cause", e.cause.text())
      .set("line", e.line.value())
      .set("milli", e.milli)
      .set("to", e.to.text());
}

Value words(const domain::UnitsReturned& e) {
  return Value::object()
      .set("line", e.line.value())
      .set("milli", e.milli)
      .set("taken", e.taken.text());
}

Value words(const domain::PickUndone& e) {
  return Value::object()
      .set("pick", e.pick.text())
      .set("line", e.line.value())
      .set("milli", e.milli);
}

Value words(const domain::ReturnTaken& e) {
  auto lines = Value::array();
  for (const domain::ReturnedLine& line : e.lines) {
    lines.add(Value::object()
                  .set("line", line.line.value())
                  .set("sku", line.sku.text())
                  .set("milli", line.quantity.milli)
                  .set("sold_milli", line.sold_milli)
                  .set("unit_price", money_json(line.unit_price))
                  .set("refund", money_json(line.refund))
                  .set("condition", name_of(line.condition))
                  .set("to", line.to.text()));
  }
  return Value::object()
      .set("id", e.id.value().text())
      .set("group", e.group.value().text())
      .set("order", e.order.value().text())
      .set("order_reference", e.order_reference)
      .set("refund", money_json(e.refund))
      .set("approved_by", person(e.approved_by))
      .set("reason", e.reason)
      .set("lines", std::move(lines));
}

Value words(const domain::NodeCommandIssued& e) {
  auto object = Value::object();
  object.set("command", e.command.id.value().text())
      .set("verb", name_of(e.command.verb))
      .set("argument", e.command.argument)
      .set("not_before", e.command.not_before.text())
      .set("expires_at", e.command.expires.text());
  if (e.command.if_config) {
    object.set("if_config", *e.command.if_config);
  } else {
    object.set_null("if_config");
  }
  return object.set("requires_online", e.command.requires_online);
}

Value words(const domain::NodeCommandEnded& e) {
  return Value::object()
      .set("command", e.command.value().text())
      .set("outcome", name_of(e.outcome))
      .set("detail", e.detail);
}

Value words(const domain::NodeConfigDesired& e) {
  return Value::object().set("version", e.version).set("values", e.values);
}

Value words(const domain::NodeConfigReported& e) {
  return Value::object()
      .set("version", e.version)
      .set("outcome", name_of(e.outcome))
      .set("error", e.error)
      .set("in_force", e.in_force)
      .set("hash", to_hex(e.hash));
}

Value words(const domain::SafetyStockRuleDefined& e) { return safety_stock_json(e.rule); }

Value words(const domain::SellingChannelDefined& e) { return selling_channel_json(e.channel); }

Value words(const domain::SupplyExpected& e) { return expected_supply_json(e.supply); }

Value words(const domain::StockReserved& e) {
  auto object = Value::object();
  object.set("reservation", e.reservation.value().text())
      .set("channel", e.channel)
      .set("sku", e.sku.text())
      .set("milli", e.milli)
      .set("pickup_site", e.pickup_site.text())
      .set("expires_at", e.expires_at.text());
  return object.set("reference", e.reference);
}

Value words(const domain::ReservationEnded& e) {
  return Value::object().set("end", name_of(e.end));
}

Value words(const domain::StockLeased& e) {
  return Value::object()
      .set("lease", e.lease.value().text())
      .set("node", e.node.value().text())
      .set("inc", hex64(e.inc.value()))
      .set("sku", e.sku.text())
      .set("milli", e.milli)
      .set("expires_at", e.expires_at.text())
      .set("grace_s", e.grace_s);
}

Value words(const domain::LeaseRecalled&) { return Value::object(); }

Value words(const domain::LeaseReturned& e) { return Value::object().set("milli", e.milli); }

Value words(const domain::LeaseClosed& e) { return Value::object().set("why", name_of(e.why)); }

Value words(const domain::LeasePolicyDefined& e) { return lease_policy_json(e.policy); }

Value words(const domain::RefundContested& e) {
  return Value::object()
      .set("taken", e.taken.text())
      .set("line", e.line.value())
      .set("milli", e.milli);
}

}  // namespace

Value event_json(const domain::Event& event) {
  return std::visit(
      [](const auto& family) { return std::visit([](const auto& e) { return words(e); }, family); },
      event);
}

}  // namespace cairn::program
