#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "return_events.pb.h"

namespace cairn::wire {
namespace {

Bytes encode(const domain::ReturnTaken& taken) {
  v1::ReturnTaken proto;
  proto.set_id(taken.id.value().bytes());
  proto.set_group(taken.group.value().bytes());
  proto.set_order(taken.order.value().bytes());
  proto.set_order_reference(taken.order_reference);
  for (const domain::ReturnedLine& line : taken.lines) {
    v1::ReturnedLine& out = *proto.add_lines();
    out.set_line(line.line.value());
    out.set_sku(line.sku.text());
    out.set_name(line.name);
    out.set_milli(static_cast<std::uint64_t>(line.quantity.milli));
    out.set_uom(static_cast<std::uint32_t>(line.quantity.uom));
    out.set_sold_milli(static_cast<std::uint64_t>(line.sold_milli));
    *out.mutable_unit_price() = to_proto(line.unit_price);
    *out.mutable_refund() = to_proto(line.refund);
    out.set_condition(static_cast<std::uint32_t>(line.condition));
    out.set_to(line.to.text());
  }
  *proto.mutable_refund() = to_proto(taken.refund);
  proto.set_approved_by(user_bytes(taken.approved_by));
  proto.set_reason(taken.reason);
  proto.set_group_untold(taken.group_untold);
  return proto.SerializeAsString();
}

Bytes encode(const domain::RefundContested& contested) {
  v1::RefundContested proto;
  *proto.mutable_taken() = to_proto(contested.taken);
  proto.set_line(contested.line.value());
  proto.set_milli(static_cast<std::uint64_t>(contested.milli));
  return proto.SerializeAsString();
}

domain::ReturnedLine decode_line(const v1::ReturnedLine& proto) {
  domain::ReturnedLine line;
  line.line = line_from(proto.line());
  line.sku = require(Sku::parse(proto.sku()));
  line.name = proto.name();
  line.quantity = {some_milli_from(proto.milli()), uom_from(proto.uom())};
  line.sold_milli = some_milli_from(proto.sold_milli());
  line.unit_price = from_proto(proto.unit_price());
  line.refund = from_proto(proto.refund());
  require_that(line.refund.minor >= 0, "a refund is not negative");
  line.condition = enum_from<domain::ReturnCondition>(proto.condition(), "unknown condition");
  line.to = require(LocationCode::parse(proto.to()));
  return line;
}

domain::ReturnTaken decode_taken(BytesView payload) {
  const auto proto = parse<v1::ReturnTaken>(payload);
  require_that(proto.lines_size() > 0, "nothing came back");
  domain::ReturnTaken taken;
  taken.id = id_from<ReturnId>(proto.id());
  taken.group = id_from<ShipGroupId>(proto.group());
  taken.order = id_from<OrderId>(proto.order());
  taken.order_reference = proto.order_reference();
  for (const auto& line : proto.lines()) taken.lines.push_back(decode_line(line));
  taken.refund = from_proto(proto.refund());
  Money sum{0, taken.refund.currency};
  for (const domain::ReturnedLine& line : taken.lines) sum = require(sum.plus(line.refund));
  require_that(sum == taken.refund, "the refund is not the sum of the lines'");
  require_that(sum.minor <= kMaxMinor, "refund out of range");
  taken.approved_by = user_from(proto.approved_by());
  taken.reason = proto.reason();
  taken.group_untold = proto.group_untold();
  return taken;
}

}  // namespace

Bytes encode_return(const domain::ReturnEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::ReturnEvent decode_return(std::uint32_t type, BytesView payload) {
  if (type == domain::ReturnTaken::kTypeId) return decode_taken(payload);
  const auto proto = parse<v1::RefundContested>(payload);
  return domain::RefundContested{ref_from(proto.taken()), line_from(proto.line()),
                                 some_milli_from(proto.milli())};
}

}  // namespace cairn::wire
