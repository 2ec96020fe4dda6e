#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "order_events.pb.h"

namespace cairn::wire {
namespace {

void put_delivery(const domain::Delivery& delivery, v1::OrderPlaced& proto) {
  if (delivery == domain::Delivery{}) return;
  v1::OrderDelivery& out = *proto.mutable_delivery();
  out.set_priority(static_cast<std::uint32_t>(delivery.priority));
  out.set_shipping_method(delivery.shipping_method);
  out.set_delivery_days(static_cast<std::uint32_t>(delivery.delivery_days));
  if (delivery.ship_after) out.set_ship_after_us(delivery.ship_after->us);
  if (delivery.ship_by) out.set_ship_by_us(delivery.ship_by->us);
  if (delivery.promised_at) out.set_promised_at_us(delivery.promised_at->us);
  out.set_country(delivery.country);
}

void encode_kit(const domain::SoldKit& kit, v1::SoldKit& out) {
  out.set_line(kit.line.value());
  out.set_sku(kit.sku.text());
  out.set_name(kit.name);
  out.set_milli(static_cast<std::uint64_t>(kit.milli));
  *out.mutable_unit_price() = to_proto(kit.unit_price);
  out.set_discount_minor(static_cast<std::uint64_t>(kit.discount_minor));
  out.set_tax_minor(static_cast<std::uint64_t>(kit.tax_minor));
}

void encode_line(const domain::OrderLine& line, v1::OrderLine& out) {
  out.set_line(line.line.value());
  out.set_sku(line.sku.text());
  out.set_name(line.name);
  out.set_milli(static_cast<std::uint64_t>(line.ordered.milli));
  out.set_uom(static_cast<std::uint32_t>(line.ordered.uom));
  *out.mutable_unit_price() = to_proto(line.unit_price);
  out.set_service(line.service);
  out.set_discount_minor(static_cast<std::uint64_t>(line.discount_minor));
  out.set_order_discount_minor(static_cast<std::uint64_t>(line.order_discount_minor));
  out.set_tax_minor(static_cast<std::uint64_t>(line.tax_minor));
  out.set_together(line.together);
  if (line.kit) encode_kit(*line.kit, *out.mutable_kit());
}

Bytes encode(const domain::OrderPlaced& placed) {
  v1::OrderPlaced proto;
  proto.set_order(placed.order.value().bytes());
  proto.set_channel(placed.channel);
  proto.set_external_id(placed.external_id);
  proto.set_placed_at_us(placed.placed_at.us);
  proto.set_customer(placed.customer);
  *proto.mutable_destination() = to_proto(placed.destination);
  for (const domain::OrderLine& line : placed.lines) encode_line(line, *proto.add_lines());
  if (placed.method != domain::FulfilmentMethod::kShip) {
    proto.set_method(static_cast<std::uint32_t>(placed.method));
    proto.set_pickup_site(placed.pickup_site.text());
  }
  if (placed.sale) proto.set_sale(static_cast<std::uint32_t>(*placed.sale));
  proto.set_tax_added(placed.tax_added);
  for (const domain::OrderDiscount& discount : placed.discounts) {
    v1::OrderDiscount& out = *proto.add_discounts();
    out.set_code(discount.code);
    out.set_minor(static_cast<std::uint64_t>(discount.minor));
    out.set_promotion(discount.promotion);
    out.set_title(discount.title);
    out.set_coupon(discount.coupon);
    for (const domain::OrderDiscount::Share& share : discount.shares) {
      v1::DiscountShare& part = *out.add_shares();
      part.set_line(share.line.value());
      part.set_minor(static_cast<std::uint64_t>(share.minor));
    }
  }
  put_delivery(placed.delivery, proto);
  return proto.SerializeAsString();
}

Bytes encode(const domain::OrderUnitsCancelled& cancelled) {
  v1::OrderUnitsCancelled proto;
  proto.set_line(cancelled.line.value());
  proto.set_milli(static_cast<std::uint64_t>(cancelled.milli));
  proto.set_reason(static_cast<std::uint32_t>(cancelled.reason));
  proto.set_source(cancelled.source);
  return proto.SerializeAsString();
}

Bytes encode(const domain::PickupConverted& converted) {
  v1::PickupConverted proto;
  proto.set_line(converted.line.value());
  proto.set_milli(static_cast<std::uint64_t>(converted.milli));
  return proto.SerializeAsString();
}

Bytes encode(const domain::CancellationUnmatched& unmatched) {
  v1::CancellationUnmatched proto;
  proto.set_customer(unmatched.customer);
  proto.set_sku(unmatched.sku.text());
  proto.set_milli(static_cast<std::uint64_t>(unmatched.milli));
  proto.set_source(unmatched.source);
  return proto.SerializeAsString();
}

Bytes encode(const domain::OrderParked& parked) {
  v1::OrderParked proto;
  if (parked.queue) proto.set_queue(static_cast<std::uint32_t>(*parked.queue));
  if (parked.auto_cancel_at) proto.set_auto_cancel_at_us(parked.auto_cancel_at->us);
  return proto.SerializeAsString();
}

Bytes encode(const domain::OrderHeld& held) {
  v1::OrderHeld proto;
  proto.set_reason(static_cast<std::uint32_t>(held.reason));
  proto.set_note(held.note);
  return proto.SerializeAsString();
}

Bytes encode(const domain::OrderHoldReleased& released) {
  v1::OrderHoldReleased proto;
  proto.set_note(released.note);
  return proto.SerializeAsString();
}

Bytes encode(const domain::OrderLineAdded& added) {
  v1::OrderLineAdded proto;
  encode_line(added.line, *proto.mutable_line());
  proto.set_raises(added.raises.value());
  proto.set_note(added.note);
  return proto.SerializeAsString();
}

void encode_delivery(const domain::DeliveryPlace& delivery, v1::DeliveryPlace& out) {
  out.set_method(static_cast<std::uint32_t>(delivery.method));
  out.set_pickup_site(delivery.pickup_site.text());
  *out.mutable_destination() = to_proto(delivery.destination);
}

Bytes encode(const domain::OrderDeliveryChanged& changed) {
  v1::OrderDeliveryChanged proto;
  encode_delivery(changed.before, *proto.mutable_before());
  encode_delivery(changed.after, *proto.mutable_after());
  proto.set_note(changed.note);
  return proto.SerializeAsString();
}

Bytes encode(const domain::CouponsGivenBack&) { return v1::CouponsGivenBack().SerializeAsString(); }

Bytes encode(const domain::OrderRejected& rejected) {
  v1::OrderRejected proto;
  proto.set_note(rejected.note);
  return proto.SerializeAsString();
}

std::int64_t order_minor_from(std::uint64_t minor) {
  require_that(minor <= static_cast<std::uint64_t>(kMaxMinor), "amount out of range");
  return static_cast<std::int64_t>(minor);
}

domain::SoldKit decode_kit(const v1::SoldKit& proto) {
  require_that(proto.has_unit_price(), "no price of a kit");
  return {line_from(proto.line()),
          require(Sku::parse(proto.sku())),
          proto.name(),
          some_milli_from(proto.milli()),
          from_proto(proto.unit_price()),
          order_minor_from(proto.discount_minor()),
          order_minor_from(proto.tax_minor())};
}

domain::OrderLine decode_line(const v1::OrderLine& proto) {
  return {LineNo(proto.line()),
          require(Sku::parse(proto.sku())),
          proto.name(),
          {milli_from(proto.milli()), uom_from(proto.uom())},
          from_proto(proto.unit_price()),
          proto.service(),
          order_minor_from(proto.discount_minor()),
          order_minor_from(proto.order_discount_minor()),
          order_minor_from(proto.tax_minor()),
          proto.together(),
          proto.has_kit() ? std::optional(decode_kit(proto.kit())) : std::nullopt};
}

std::optional<UtcTime> told_time(std::int64_t us) {
  return us == 0 ? std::nullopt : std::optional(time_from(us));
}

/// Absent in orders from before it could be told.
domain::Delivery decode_delivery(const v1::OrderDelivery& proto) {
  return {proto.priority(),
          proto.shipping_method(),
          proto.delivery_days(),
          told_time(proto.ship_after_us()),
          told_time(proto.ship_by_us()),
          told_time(proto.promised_at_us()),
          proto.country()};
}

domain::OrderPlaced decode_placed(BytesView payload) {
  const auto proto = parse<v1::OrderPlaced>(payload);
  domain::OrderPlaced placed;
  placed.order = id_from<OrderId>(proto.order());
  placed.channel = proto.channel();
  placed.external_id = proto.external_id();
  placed.placed_at = UtcTime{proto.placed_at_us()};
  placed.customer = proto.customer();
  require_that(proto.has_destination(), "no destination");
  placed.destination = from_proto(proto.destination());
  for (const auto& line : proto.lines()) placed.lines.push_back(decode_line(line));
  if (proto.method() != 0) {  // absent in orders from before there were pickups
    placed.method = enum_from<domain::FulfilmentMethod>(proto.method(), "unknown method");
  }
  if (!proto.pickup_site().empty())
    placed.pickup_site = require(SiteId::parse(proto.pickup_site()));
  if (proto.sale() != 0) placed.sale = enum_from<domain::SaleKind>(proto.sale(), "unknown sale");
  placed.tax_added = proto.tax_added();
  for (const auto& discount : proto.discounts()) {
    placed.discounts.push_back({discount.code(),
                                order_minor_from(discount.minor()),
                                discount.promotion(),
                                discount.title(),
                                discount.coupon(),
                                {}});
    for (const auto& share : discount.shares()) {
      placed.discounts.back().shares.push_back(
          {line_from(share.line()), order_minor_from(share.minor())});
    }
  }
  placed.delivery = decode_delivery(proto.delivery());
  return require(decide(domain::PlaceOrder{std::move(placed)}));
}

domain::OrderLineAdded decode_added(BytesView payload) {
  const auto proto = parse<v1::OrderLineAdded>(payload);
  require_that(proto.has_line(), "no line");
  require(domain::check_note(proto.note()));
  domain::OrderLineAdded added{decode_line(proto.line()), LineNo(proto.raises()), proto.note()};
  require(domain::check_lines({added.line}));
  require_that(added.line.order_discount_minor == 0, "a share of the order's discounts");
  return added;
}

domain::DeliveryPlace decode_delivery(const v1::DeliveryPlace& proto) {
  domain::DeliveryPlace delivery;
  delivery.method = enum_from<domain::FulfilmentMethod>(proto.method(), "unknown method");
  if (!proto.pickup_site().empty()) {
    delivery.pickup_site = require(SiteId::parse(proto.pickup_site()));
  }
  require_that(proto.has_destination(), "no destination");
  delivery.destination = from_proto(proto.destination());
  require(domain::check_delivery(delivery));
  return delivery;
}

domain::OrderDeliveryChanged decode_delivery_changed(BytesView payload) {
  const auto proto = parse<v1::OrderDeliveryChanged>(payload);
  require_that(proto.has_before() && proto.has_after(), "no delivery");
  require(domain::check_note(proto.note()));
  return {decode_delivery(proto.before()), decode_delivery(proto.after()), proto.note()};
}

domain::OrderUnitsCancelled decode_cancelled(BytesView payload) {
  const auto proto = parse<v1::OrderUnitsCancelled>(payload);
  return {line_from(proto.line()), some_milli_from(proto.milli()),
          enum_from<domain::CancelReason>(proto.reason(), "unknown reason"), proto.source()};
}

domain::CancellationUnmatched decode_unmatched(BytesView payload) {
  const auto proto = parse<v1::CancellationUnmatched>(payload);
  domain::CancellationUnmatched unmatched{proto.customer(), require(Sku::parse(proto.sku())),
                                          some_milli_from(proto.milli()), proto.source()};
  require_that(validate(unmatched).has_value(), "bad text");
  return unmatched;
}

domain::OrderParked decode_parked(BytesView payload) {
  const auto proto = parse<v1::OrderParked>(payload);
  domain::OrderParked parked;
  if (proto.queue() != 0) {
    parked.queue = enum_from<domain::ParkingQueue>(proto.queue(), "unknown queue");
  }
  if (proto.auto_cancel_at_us() != 0) {
    parked.auto_cancel_at = time_from(proto.auto_cancel_at_us());
  }
  return parked;
}

domain::OrderHeld decode_held(BytesView payload) {
  const auto proto = parse<v1::OrderHeld>(payload);
  require(domain::check_note(proto.note()));
  return {enum_from<domain::HoldReason>(proto.reason(), "unknown reason"), proto.note()};
}

domain::OrderHoldReleased decode_released(BytesView payload) {
  const auto proto = parse<v1::OrderHoldReleased>(payload);
  require(domain::check_note(proto.note()));
  return {proto.note()};
}

domain::OrderRejected decode_rejected(BytesView payload) {
  const auto proto = parse<v1::OrderRejected>(payload);
  require(domain::check_note(proto.note()));
  return {proto.note()};
}

}  // namespace

Bytes encode_order(const domain::OrderEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::OrderEvent decode_order(std::uint32_t type, BytesView payload) {
  if (type == domain::OrderPlaced::kTypeId) return decode_placed(payload);
  if (type == domain::OrderUnitsCancelled::kTypeId) return decode_cancelled(payload);
  if (type == domain::CancellationUnmatched::kTypeId) return decode_unmatched(payload);
  if (type == domain::OrderParked::kTypeId) return decode_parked(payload);
  if (type == domain::OrderHeld::kTypeId) return decode_held(payload);
  if (type == domain::OrderHoldReleased::kTypeId) return decode_released(payload);
  if (type == domain::OrderRejected::kTypeId) return decode_rejected(payload);
  if (type == domain::OrderLineAdded::kTypeId) return decode_added(payload);
  if (type == domain::OrderDeliveryChanged::kTypeId) return decode_delivery_changed(payload);
  if (type == domain::CouponsGivenBack::kTypeId) {
    parse<v1::CouponsGivenBack>(payload);
    return domain::CouponsGivenBack{};
  }
  const auto proto = parse<v1::PickupConverted>(payload);
  return domain::PickupConverted{line_from(proto.line()), some_milli_from(proto.milli())};
}

}  // namespace cairn::wire
