#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "stock_events.pb.h"

namespace cairn::wire {
namespace {

Bytes encode(const domain::StockMoved& moved) {
  v1::StockMoved proto;
  proto.set_sku(moved.sku.text());
  proto.set_from(moved.from.text());
  proto.set_to(moved.to.text());
  proto.set_milli(static_cast<std::uint64_t>(moved.quantity.milli));
  proto.set_uom(static_cast<std::uint32_t>(moved.quantity.uom));
  proto.set_reason(static_cast<std::uint32_t>(moved.reason));
  if (!moved.ship_group.value().is_nil()) proto.set_ship_group(moved.ship_group.value().bytes());
  if (moved.lease != StockLeaseId{}) proto.set_lease(moved.lease.value().bytes());
  proto.set_approved_by(user_bytes(moved.approved_by));
  return proto.SerializeAsString();
}

Bytes encode(const domain::StockCounted& counted) {
  v1::StockCounted proto;
  proto.set_sku(counted.sku.text());
  proto.set_location(counted.location.text());
  proto.set_milli(counted.quantity.milli);
  proto.set_uom(static_cast<std::uint32_t>(counted.quantity.uom));
  proto.set_source(static_cast<std::uint32_t>(counted.source));
  return proto.SerializeAsString();
}

domain::StockMoved decode_moved(BytesView payload) {
  const auto proto = parse<v1::StockMoved>(payload);
  domain::StockMoved moved;
  moved.sku = require(Sku::parse(proto.sku()));
  moved.from = location_from(proto.from());
  moved.to = location_from(proto.to());
  moved.quantity = {milli_from(proto.milli()), uom_from(proto.uom())};
  moved.reason = enum_from<domain::MovementReason>(proto.reason(), "unknown reason");
  if (!proto.ship_group().empty()) moved.ship_group = id_from<ShipGroupId>(proto.ship_group());
  if (!proto.lease().empty()) moved.lease = id_from<StockLeaseId>(proto.lease());
  moved.approved_by = user_from(proto.approved_by());
  require(validate(moved));
  return moved;
}

domain::StockCounted decode_counted(BytesView payload) {
  const auto proto = parse<v1::StockCounted>(payload);
  domain::StockCounted counted;
  counted.sku = require(Sku::parse(proto.sku()));
  counted.location = require(LocationCode::parse(proto.location()));
  require_that(proto.milli() <= kMaxMilli && proto.milli() >= -kMaxMilli, "quantity out of range");
  counted.quantity = {proto.milli(), uom_from(proto.uom())};
  counted.source = enum_from<domain::CountSource>(proto.source(), "unknown source of a count");
  return counted;
}

}  // namespace

Bytes encode_stock(const domain::StockEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::StockEvent decode_stock(std::uint32_t type, BytesView payload) {
  if (type == domain::StockMoved::kTypeId) return decode_moved(payload);
  return decode_counted(payload);
}

}  // namespace cairn::wire
