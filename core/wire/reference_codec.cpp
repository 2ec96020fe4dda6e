#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "reference_events.pb.h"

namespace cairn::wire {
namespace {

Bytes encode(const domain::ProductDefined& event) {
  const domain::Product& product = event.product;
  v1::ProductDefined proto;
  proto.set_sku(product.sku.text());
  proto.set_name(product.name);
  for (const Gtin& gtin : product.gtins) proto.add_gtins(gtin.number());
  proto.set_uom(static_cast<std::uint32_t>(product.uom));
  proto.set_unit_weight_mg(static_cast<std::uint64_t>(product.unit_weight_mg));
  if (product.price) *proto.mutable_price() = to_proto(*product.price);
  proto.set_inactive(!product.active);
  proto.set_hazmat(product.hazmat);
  proto.set_category(product.category);
  for (const domain::KitPart& part : product.parts) {
    v1::KitPart& out = *proto.add_parts();
    out.set_sku(part.sku.text());
    out.set_units(static_cast<std::uint32_t>(part.units));
  }
  return proto.SerializeAsString();
}

Bytes encode(const domain::FacilityDefined& event) {
  const domain::Facility& facility = event.facility;
  v1::FacilityDefined proto;
  proto.set_site(facility.site.text());
  proto.set_name(facility.name);
  proto.set_kind(static_cast<std::uint32_t>(facility.kind));
  *proto.mutable_position() = to_proto(facility.position);
  proto.set_inactive(!facility.active);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LocationDefined& event) {
  v1::LocationDefined proto;
  proto.set_code(event.location.code.text());
  proto.set_type(static_cast<std::uint32_t>(event.location.type));
  proto.set_pick_sequence(event.location.pick_sequence);
  return proto.SerializeAsString();
}

Bytes encode(const domain::StaffAssigned& event) {
  const domain::StaffMember& member = event.member;
  v1::StaffAssigned proto;
  proto.set_user(member.user.value().bytes());
  proto.set_name(member.name);
  proto.set_role(static_cast<std::uint32_t>(member.role));
  proto.set_pin_hash(member.pin_hash);
  proto.set_inactive(!member.active);
  return proto.SerializeAsString();
}

Bytes encode(const domain::NodeRegistered& event) {
  v1::NodeRegistered proto;
  proto.set_node(event.node.id.value().bytes());
  proto.set_site(event.node.site.text());
  proto.set_name(event.node.name);
  proto.set_inactive(!event.node.active);
  return proto.SerializeAsString();
}

Bytes encode(const domain::LabelBlockGranted& event) {
  v1::LabelBlockGranted proto;
  proto.set_node(event.node.value().bytes());
  proto.set_inc(event.inc.value());
  proto.set_gs1_prefix(event.prefix.text());
  proto.set_first(event.block.first);
  proto.set_count(event.block.count);
  return proto.SerializeAsString();
}

domain::ProductDefined decode_product(BytesView payload) {
  const auto proto = parse<v1::ProductDefined>(payload);
  domain::Product product;
  product.sku = require(Sku::parse(proto.sku()));
  product.name = proto.name();
  for (const std::uint64_t gtin : proto.gtins()) {
    product.gtins.push_back(require(Gtin::from_number(gtin)));
  }
  product.uom = uom_from(proto.uom());
  product.unit_weight_mg = milli_from(proto.unit_weight_mg());
  if (proto.has_price()) product.price = from_proto(proto.price());
  product.active = !proto.inactive();
  product.hazmat = proto.hazmat();
  product.category = proto.category();
  for (const auto& part : proto.parts()) {
    product.parts.push_back({require(Sku::parse(part.sku())), part.units()});
  }
  require(validate(product));
  return {std::move(product)};
}

domain::FacilityDefined decode_facility(BytesView payload) {
  const auto proto = parse<v1::FacilityDefined>(payload);
  domain::Facility facility;
  facility.site = require(SiteId::parse(proto.site()));
  facility.name = proto.name();
  facility.kind = enum_from<domain::FacilityKind>(proto.kind(), "unknown kind of facility");
  require_that(proto.has_position(), "no position");
  facility.position = from_proto(proto.position());
  facility.active = !proto.inactive();
  require(validate(facility));
  return {std::move(facility)};
}

domain::LocationDefined decode_location(BytesView payload) {
  const auto proto = parse<v1::LocationDefined>(payload);
  const auto type = enum_from<domain::LocationType>(proto.type(), "unknown type of location");
  return {{require(LocationCode::parse(proto.code())), type, proto.pick_sequence()}};
}

domain::StaffAssigned decode_staff(BytesView payload) {
  const auto proto = parse<v1::StaffAssigned>(payload);
  const auto role = enum_from<domain::Role>(proto.role(), "unknown role");
  require_that(!proto.name().empty(), "no name");
  require_that(!proto.pin_hash().empty(), "no PIN hash");
  return {{id_from<UserId>(proto.user()), proto.name(), role, proto.pin_hash(), !proto.inactive()}};
}

domain::NodeRegistered decode_node(BytesView payload) {
  const auto proto = parse<v1::NodeRegistered>(payload);
  require_that(!proto.name().empty(), "no name");
  return {{id_from<NodeId>(proto.node()), require(SiteId::parse(proto.site())), proto.name(),
           !proto.inactive()}};
}

domain::LabelBlockGranted decode_label_block(BytesView payload) {
  const auto proto = parse<v1::LabelBlockGranted>(payload);
  domain::LabelBlockGranted granted{id_from<NodeId>(proto.node()),
                                    Incarnation(proto.inc()),
                                    require(domain::Gs1Prefix::parse(proto.gs1_prefix())),
                                    {proto.first(), proto.count()}};
  const std::uint64_t serials = granted.prefix.serials();
  require_that(
      proto.count() > 0 && proto.count() <= serials && proto.first() <= serials - proto.count(),
      "serials out of range");
  return granted;
}

}  // namespace

Bytes encode_reference(const domain::ReferenceEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::ReferenceEvent decode_reference(std::uint32_t type, BytesView payload) {
  switch (type) {
    case domain::ProductDefined::kTypeId:
      return decode_product(payload);
    case domain::FacilityDefined::kTypeId:
      return decode_facility(payload);
    case domain::LocationDefined::kTypeId:
      return decode_location(payload);
    case domain::StaffAssigned::kTypeId:
      return decode_staff(payload);
    case domain::NodeRegistered::kTypeId:
      return decode_node(payload);
    case domain::LabelBlockGranted::kTypeId:
      return decode_label_block(payload);
    default:
      throw BadField{"not reference data"};
  }
}

}  // namespace cairn::wire
