#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "ship_group_events.pb.h"

namespace cairn::wire {
namespace {

Bytes encode(const domain::ShipGroupAllocated& allocated) {
  v1::ShipGroupAllocated proto;
  proto.set_group(allocated.group.value().bytes());
  proto.set_order(allocated.order.value().bytes());
  proto.set_order_reference(allocated.order_reference);
  proto.set_method(static_cast<std::uint32_t>(allocated.method));
  for (const domain::ShipGroupLine& line : allocated.lines) {
    v1::ShipGroupLine& out = *proto.add_lines();
    out.set_line(line.line.value());
    out.set_sku(line.sku.text());
    out.set_name(line.name);
    for (const Gtin& gtin : line.gtins) out.add_gtins(gtin.number());
    out.set_unit_weight_mg(static_cast<std::uint64_t>(line.unit_weight_mg));
    *out.mutable_unit_price() = to_proto(line.unit_price);
    out.set_milli(static_cast<std::uint64_t>(line.ordered.milli));
    out.set_uom(static_cast<std::uint32_t>(line.ordered.uom));
  }
  return proto.SerializeAsString();
}

Bytes encode(const domain::TaskClaimed& claimed) {
  v1::TaskClaimed proto;
  proto.set_station(claimed.station);
  return proto.SerializeAsString();
}

Bytes encode(const domain::TaskReleased& released) {
  v1::TaskReleased proto;
  *proto.mutable_claim() = to_proto(released.claim);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LinePicked& picked) {
  v1::LinePicked proto;
  proto.set_line(picked.line.value());
  proto.set_milli(static_cast<std::uint64_t>(picked.milli));
  proto.set_from(picked.from.text());
  return proto.SerializeAsString();
}

Bytes encode(const domain::ShipGroupShipped& shipped) {
  v1::ShipGroupShipped proto;
  for (const domain::ShippedLine& line : shipped.lines) {
    v1::ShippedLine& out = *proto.add_lines();
    out.set_line(line.line.value());
    out.set_milli(static_cast<std::uint64_t>(line.milli));
  }
  return proto.SerializeAsString();
}

domain::ShipGroupLine decode_line(const v1::ShipGroupLine& proto) {
  domain::ShipGroupLine line;
  line.line = line_from(proto.line());
  line.sku = require(Sku::parse(proto.sku()));
  line.name = proto.name();
  for (const std::uint64_t gtin : proto.gtins()) {
    line.gtins.push_back(require(Gtin::from_number(gtin)));
  }
  line.unit_weight_mg = milli_from(proto.unit_weight_mg());
  line.unit_price = from_proto(proto.unit_price());
  line.ordered = {some_milli_from(proto.milli()), uom_from(proto.uom())};
  return line;
}

domain::ShipGroupAllocated decode_allocated(BytesView payload) {
  const auto proto = parse<v1::ShipGroupAllocated>(payload);
  require_that(proto.lines_size() > 0, "a ship group without lines");
  domain::ShipGroupAllocated allocated;
  allocated.group = id_from<ShipGroupId>(proto.group());
  allocated.order = id_from<OrderId>(proto.order());
  allocated.order_reference = proto.order_reference();
  allocated.method =
      enum_from<domain::FulfilmentMethod>(proto.method(), "unknown fulfilment method");
  for (const auto& line : proto.lines()) allocated.lines.push_back(decode_line(line));
  return allocated;
}

domain::TaskClaimed decode_claimed(BytesView payload) {
  const auto proto = parse<v1::TaskClaimed>(payload);
  require_that(!proto.station().empty(), "no station");
  return {proto.station()};
}

domain::LinePicked decode_picked(BytesView payload) {
  const auto proto = parse<v1::LinePicked>(payload);
  return {line_from(proto.line()), some_milli_from(proto.milli()), location_from(proto.from())};
}

domain::ShipGroupShipped decode_shipped(BytesView payload) {
  const auto proto = parse<v1::ShipGroupShipped>(payload);
  require_that(proto.lines_size() > 0, "nothing left the site");
  domain::ShipGroupShipped shipped;
  for (const auto& line : proto.lines()) {
    shipped.lines.push_back({line_from(line.line()), some_milli_from(line.milli())});
  }
  return shipped;
}

}  // namespace

Bytes encode_ship_group(const domain::ShipGroupEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::ShipGroupEvent decode_ship_group(std::uint32_t type, BytesView payload) {
  switch (type) {
    case domain::ShipGroupAllocated::kTypeId:
      return decode_allocated(payload);
    case domain::TaskClaimed::kTypeId:
      return decode_claimed(payload);
    case domain::TaskReleased::kTypeId:
      return domain::TaskReleased{require(from_proto(parse<v1::TaskReleased>(payload).claim()))};
    case domain::LinePicked::kTypeId:
      return decode_picked(payload);
    case domain::ShipGroupShipped::kTypeId:
      return decode_shipped(payload);
    default:
      throw BadField{"not an event of a ship group"};
  }
}

}  // namespace cairn::wire
