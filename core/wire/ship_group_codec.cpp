#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "ship_group_events.pb.h"

#include <array>
#include <set>
#include <utility>

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

template <class Proto>
void put_lines(Proto& proto, const std::vector<domain::LineUnits>& lines) {
  for (const domain::LineUnits& units : lines) {
    v1::LineUnits& out = *proto.add_lines();
    out.set_line(units.line.value());
    out.set_milli(static_cast<std::uint64_t>(units.milli));
  }
}

Bytes encode(const domain::ShipGroupShipped& shipped) {
  v1::ShipGroupShipped proto;
  put_lines(proto, shipped.lines);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LineShorted& shorted) {
  v1::LineShorted proto;
  proto.set_line(shorted.line.value());
  proto.set_milli(static_cast<std::uint64_t>(shorted.milli));
  proto.set_reason(static_cast<std::uint32_t>(shorted.reason));
  proto.set_from(shorted.from.text());
  return proto.SerializeAsString();
}

Bytes encode(const domain::PackageClosed& closed) {
  v1::PackageClosed proto;
  put_lines(proto, closed.lines);
  proto.set_weight_mg(static_cast<std::uint64_t>(closed.weight_mg));
  proto.set_expected_mg(static_cast<std::uint64_t>(closed.expected_mg));
  proto.set_check(static_cast<std::uint32_t>(closed.check));
  proto.set_approved_by(user_bytes(closed.approved_by));
  proto.set_reason(closed.reason);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LabelAssigned& assigned) {
  v1::LabelAssigned proto;
  *proto.mutable_package() = to_proto(assigned.package);
  proto.set_sscc(assigned.sscc);
  proto.set_tracking(assigned.tracking);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LabelPrintStarted& started) {
  v1::LabelPrintStarted proto;
  *proto.mutable_package() = to_proto(started.package);
  proto.set_printer(started.printer);
  if (started.after != EventRef{}) *proto.mutable_after() = to_proto(started.after);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LabelPrintEnded& ended) {
  v1::LabelPrintEnded proto;
  *proto.mutable_start() = to_proto(ended.start);
  proto.set_outcome(static_cast<std::uint32_t>(ended.outcome));
  proto.set_detail(ended.detail);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LabelChecked& checked) {
  v1::LabelChecked proto;
  *proto.mutable_package() = to_proto(checked.package);
  proto.set_came_out(checked.came_out);
  if (checked.print != EventRef{}) *proto.mutable_print() = to_proto(checked.print);
  return proto.SerializeAsString();
}

Bytes encode(const domain::PickupCodeMinted& minted) {
  v1::PickupCodeMinted proto;
  proto.set_salt(minted.salt);
  proto.set_hash(minted.hash);
  return proto.SerializeAsString();
}

Bytes encode(const domain::PickupCodeRefused&) { return {}; }

Bytes encode(const domain::HandedOver& handed) {
  v1::HandedOver proto;
  put_lines(proto, handed.lines);
  proto.set_proof(static_cast<std::uint32_t>(handed.proof));
  proto.set_approved_by(user_bytes(handed.approved_by));
  proto.set_reason(handed.reason);
  return proto.SerializeAsString();
}

Bytes encode(const domain::HandOverUndone& undone) {
  v1::HandOverUndone proto;
  *proto.mutable_hand_over() = to_proto(undone.hand_over);
  return proto.SerializeAsString();
}

Bytes encode(const domain::GroupUnitsCancelled& cancelled) {
  v1::GroupUnitsCancelled proto;
  proto.set_line(cancelled.line.value());
  proto.set_milli(static_cast<std::uint64_t>(cancelled.milli));
  proto.set_reason(static_cast<std::uint32_t>(cancelled.reason));
  proto.set_source(cancelled.source);
  return proto.SerializeAsString();
}

Bytes encode(const domain::PutBackDone& done) {
  v1::PutBackDone proto;
  *proto.mutable_cause() = to_proto(done.cause);
  proto.set_line(done.line.value());
  proto.set_milli(static_cast<std::uint64_t>(done.milli));
  proto.set_to(done.to.text());
  return proto.SerializeAsString();
}

Bytes encode(const domain::UnitsReturned& returned) {
  v1::UnitsReturned proto;
  proto.set_line(returned.line.value());
  proto.set_milli(static_cast<std::uint64_t>(returned.milli));
  *proto.mutable_taken() = to_proto(returned.taken);
  return proto.SerializeAsString();
}

Bytes encode(const domain::PickUndone& undone) {
  v1::PickUndone proto;
  *proto.mutable_pick() = to_proto(undone.pick);
  proto.set_line(undone.line.value());
  proto.set_milli(static_cast<std::uint64_t>(undone.milli));
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
  std::set<LineNo> lines;
  for (const auto& line : proto.lines()) {
    allocated.lines.push_back(decode_line(line));
    require_that(lines.insert(allocated.lines.back().line).second, "a line stands twice");
  }
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

template <class Proto>
std::vector<domain::LineUnits> lines_from(const Proto& proto) {
  require_that(proto.lines_size() > 0, "no units");
  std::vector<domain::LineUnits> lines;
  for (const auto& line : proto.lines()) {
    lines.push_back({line_from(line.line()), some_milli_from(line.milli())});
  }
  return lines;
}

domain::LineShorted decode_shorted(BytesView payload) {
  const auto proto = parse<v1::LineShorted>(payload);
  return {line_from(proto.line()), some_milli_from(proto.milli()),
          enum_from<domain::ShortReason>(proto.reason(), "unknown reason"),
          location_from(proto.from())};
}

domain::PackageClosed decode_closed(BytesView payload) {
  const auto proto = parse<v1::PackageClosed>(payload);
  return {lines_from(proto),
          some_milli_from(proto.weight_mg()),
          milli_from(proto.expected_mg()),
          enum_from<domain::WeightCheck>(proto.check(), "unknown check"),
          user_from(proto.approved_by()),
          proto.reason()};
}

domain::LabelAssigned decode_assigned(BytesView payload) {
  const auto proto = parse<v1::LabelAssigned>(payload);
  require_that(domain::is_sscc(proto.sscc()), "no SSCC");
  require_that(!proto.tracking().empty() && proto.tracking().size() <= 40, "no tracking number");
  return {ref_from(proto.package()), proto.sscc(), proto.tracking()};
}

domain::LabelPrintStarted decode_print_started(BytesView payload) {
  const auto proto = parse<v1::LabelPrintStarted>(payload);
  return {ref_from(proto.package()), proto.printer(),
          proto.has_after() ? ref_from(proto.after()) : EventRef{}};
}

domain::LabelPrintEnded decode_print_ended(BytesView payload) {
  const auto proto = parse<v1::LabelPrintEnded>(payload);
  return {ref_from(proto.start()),
          enum_from<domain::PrintOutcome>(proto.outcome(), "unknown outcome"), proto.detail()};
}

domain::LabelChecked decode_checked(BytesView payload) {
  const auto proto = parse<v1::LabelChecked>(payload);
  return {ref_from(proto.package()), proto.came_out(),
          proto.has_print() ? ref_from(proto.print()) : EventRef{}};
}

domain::PickupCodeMinted decode_minted(BytesView payload) {
  const auto proto = parse<v1::PickupCodeMinted>(payload);
  require_that(proto.salt().size() == 16 && proto.hash().size() == 16, "no salted hash");
  return {proto.salt(), proto.hash()};
}

domain::HandedOver decode_handed_over(BytesView payload) {
  const auto proto = parse<v1::HandedOver>(payload);
  return {lines_from(proto), enum_from<domain::HandOverProof>(proto.proof(), "unknown proof"),
          user_from(proto.approved_by()), proto.reason()};
}

domain::GroupUnitsCancelled decode_cancelled(BytesView payload) {
  const auto proto = parse<v1::GroupUnitsCancelled>(payload);
  return {line_from(proto.line()), some_milli_from(proto.milli()),
          enum_from<domain::CancelReason>(proto.reason(), "unknown reason"), proto.source()};
}

domain::PutBackDone decode_put_back(BytesView payload) {
  const auto proto = parse<v1::PutBackDone>(payload);
  return {ref_from(proto.cause()), line_from(proto.line()), some_milli_from(proto.milli()),
          require(LocationCode::parse(proto.to()))};
}

domain::UnitsReturned decode_returned(BytesView payload) {
  const auto proto = parse<v1::UnitsReturned>(payload);
  return {line_from(proto.line()), some_milli_from(proto.milli()), ref_from(proto.taken())};
}

domain::PickUndone decode_pick_undone(BytesView payload) {
  const auto proto = parse<v1::PickUndone>(payload);
  return {ref_from(proto.pick()), line_from(proto.line()), some_milli_from(proto.milli())};
}

using Decode = domain::ShipGroupEvent (*)(BytesView);

/// Event -> its decoder.
template <class E, E (*decode)(BytesView)>
constexpr std::pair<std::uint32_t, Decode> entry() {
  return {E::kTypeId, [](BytesView payload) -> domain::ShipGroupEvent { return decode(payload); }};
}

domain::TaskReleased decode_released(BytesView payload) {
  return {ref_from(parse<v1::TaskReleased>(payload).claim())};
}

domain::ShipGroupShipped decode_shipped(BytesView payload) {
  return {lines_from(parse<v1::ShipGroupShipped>(payload))};
}

domain::PickupCodeRefused decode_code_refused(BytesView payload) {
  parse<v1::PickupCodeRefused>(payload);
  return {};
}

domain::HandOverUndone decode_undone(BytesView payload) {
  return {ref_from(parse<v1::HandOverUndone>(payload).hand_over())};
}

constexpr std::array<std::pair<std::uint32_t, Decode>, 19> kDecoders = {
    entry<domain::ShipGroupAllocated, decode_allocated>(),
    entry<domain::TaskClaimed, decode_claimed>(),
    entry<domain::TaskReleased, decode_released>(),
    entry<domain::LinePicked, decode_picked>(),
    entry<domain::ShipGroupShipped, decode_shipped>(),
    entry<domain::LineShorted, decode_shorted>(),
    entry<domain::PackageClosed, decode_closed>(),
    entry<domain::LabelAssigned, decode_assigned>(),
    entry<domain::LabelPrintStarted, decode_print_started>(),
    entry<domain::LabelPrintEnded, decode_print_ended>(),
    entry<domain::LabelChecked, decode_checked>(),
    entry<domain::PickupCodeMinted, decode_minted>(),
    entry<domain::PickupCodeRefused, decode_code_refused>(),
    entry<domain::HandedOver, decode_handed_over>(),
    entry<domain::HandOverUndone, decode_undone>(),
    entry<domain::GroupUnitsCancelled, decode_cancelled>(),
    entry<domain::PutBackDone, decode_put_back>(),
    entry<domain::UnitsReturned, decode_returned>(),
    entry<domain::PickUndone, decode_pick_undone>(),
};
static_assert(kDecoders.size() == std::variant_size_v<domain::ShipGroupEvent>);

}  // namespace

Bytes encode_ship_group(const domain::ShipGroupEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::ShipGroupEvent decode_ship_group(std::uint32_t type, BytesView payload) {
  for (const auto& [id, decode] : kDecoders) {
    if (id == type) return decode(payload);
  }
  throw BadField{"not an event of a ship group"};
}

}  // namespace cairn::wire
