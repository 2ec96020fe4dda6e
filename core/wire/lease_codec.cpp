#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "lease_events.pb.h"

namespace cairn::wire {
namespace {

Bytes encode(const domain::StockLeased& event) {
  v1::StockLeased proto;
  proto.set_lease(event.lease.value().bytes());
  proto.set_node(event.node.value().bytes());
  proto.set_inc(event.inc.value());
  proto.set_sku(event.sku.text());
  proto.set_milli(static_cast<std::uint64_t>(event.milli));
  proto.set_expires_at_us(event.expires_at.us);
  proto.set_grace_s(static_cast<std::uint32_t>(event.grace_s));
  return proto.SerializeAsString();
}

Bytes encode(const domain::LeaseRecalled&) { return v1::LeaseRecalled().SerializeAsString(); }

Bytes encode(const domain::LeaseReturned& event) {
  v1::LeaseReturned proto;
  proto.set_milli(static_cast<std::uint64_t>(event.milli));
  return proto.SerializeAsString();
}

Bytes encode(const domain::LeaseClosed& event) {
  v1::LeaseClosed proto;
  proto.set_why(static_cast<std::uint32_t>(event.why));
  return proto.SerializeAsString();
}

Bytes encode(const domain::LeasePolicyDefined& event) {
  const domain::LeasePolicy& policy = event.policy;
  v1::LeasePolicyDefined proto;
  proto.set_name(policy.name);
  for (const Sku& sku : policy.skus) proto.add_skus(sku.text());
  proto.set_beyond(static_cast<std::uint32_t>(policy.beyond));
  proto.set_inactive(!policy.active);
  return proto.SerializeAsString();
}

domain::StockLeased decode_leased(BytesView payload) {
  const auto proto = parse<v1::StockLeased>(payload);
  // Incarnations are stored as signed integers.
  require_that(proto.inc() <= static_cast<std::uint64_t>(INT64_MAX), "incarnation out of range");
  domain::StockLeased leased;
  leased.lease = id_from<StockLeaseId>(proto.lease());
  leased.node = id_from<NodeId>(proto.node());
  leased.inc = Incarnation(proto.inc());
  leased.sku = require(Sku::parse(proto.sku()));
  leased.milli = some_milli_from(proto.milli());
  leased.expires_at = time_from(proto.expires_at_us());
  leased.grace_s = proto.grace_s();
  require(validate(leased));
  return leased;
}

domain::LeasePolicyDefined decode_policy(BytesView payload) {
  const auto proto = parse<v1::LeasePolicyDefined>(payload);
  domain::LeasePolicy policy;
  policy.name = proto.name();
  for (const std::string& sku : proto.skus()) policy.skus.push_back(require(Sku::parse(sku)));
  policy.beyond = enum_from<domain::BeyondLease>(proto.beyond(), "unknown word about a lease");
  policy.active = !proto.inactive();
  require(validate(policy));
  return {std::move(policy)};
}

}  // namespace

Bytes encode_lease(const domain::LeaseEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::LeaseEvent decode_lease(std::uint32_t type, BytesView payload) {
  switch (type) {
    case domain::StockLeased::kTypeId:
      return decode_leased(payload);
    case domain::LeaseRecalled::kTypeId:
      static_cast<void>(parse<v1::LeaseRecalled>(payload));
      return domain::LeaseRecalled{};
    case domain::LeaseReturned::kTypeId:
      return domain::LeaseReturned{milli_from(parse<v1::LeaseReturned>(payload).milli())};
    case domain::LeaseClosed::kTypeId:
      return domain::LeaseClosed{enum_from<domain::LeaseClose>(
          parse<v1::LeaseClosed>(payload).why(), "unknown end of a lease")};
    default:
      return decode_policy(payload);
  }
}

}  // namespace cairn::wire
