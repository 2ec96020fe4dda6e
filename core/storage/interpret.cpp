#include "core/storage/interpret.h"

#include "core/domain/registry.h"
#include "core/wire/event_codec.h"

namespace cairn::storage {
namespace {

Interpretation parked(Interpretation so_far, std::string reason) {
  so_far.kind = Interpretation::Kind::kParked;
  so_far.reason = std::move(reason);
  return so_far;
}

Interpretation inadmissible(Interpretation so_far, std::string reason) {
  so_far.kind = Interpretation::Kind::kInadmissible;
  so_far.reason = std::move(reason);
  return so_far;
}

/// Rows of an aggregate are written under what its events name: that must be what the key says.
bool names_its_aggregate(const wire::Record& record, const domain::Event& event) {
  if (const auto* const returned = std::get_if<domain::ReturnEvent>(&event)) {
    const auto* const taken = std::get_if<domain::ReturnTaken>(returned);
    const ShipGroupId group = taken != nullptr ? taken->group : domain::group_of_key(record.key);
    return record.key == domain::return_ledger_key(group, record.site).bytes();
  }
  if (const auto* const group = std::get_if<domain::ShipGroupEvent>(&event)) {
    const auto* const allocated = std::get_if<domain::ShipGroupAllocated>(group);
    return allocated == nullptr || record.key == domain::ship_group_key(allocated->group).bytes();
  }
  if (const auto* const payment = std::get_if<domain::PaymentEvent>(&event)) {
    const auto* const opened = std::get_if<domain::PaymentOpened>(payment);
    return opened == nullptr || record.key == domain::payment_key(opened->payment).bytes();
  }
  if (const auto* const value = std::get_if<domain::StoredValueEvent>(&event)) {
    const auto* const opened = std::get_if<domain::StoredValueOpened>(value);
    return opened == nullptr || record.key == domain::stored_value_key(opened->id).bytes();
  }
  if (const auto* const lease = std::get_if<domain::LeaseEvent>(&event)) {
    const auto* const leased = std::get_if<domain::StockLeased>(lease);
    if (leased != nullptr) return record.key == domain::stock_lease_key(leased->lease).bytes();
    const auto* const defined = std::get_if<domain::LeasePolicyDefined>(lease);
    return defined == nullptr ||
           record.key == domain::lease_policy_key(defined->policy.name).bytes();
  }
  return true;
}

}  // namespace

Interpretation interpret(const Provenance& from, BytesView octets) {
  Interpretation found;
  found.meta.ref = from.ref;
  auto record = wire::decode_record(octets);
  if (!record) return parked(std::move(found), record.error().message);
  found.record = *std::move(record);
  found.meta = {from.ref, found.record.hlc, found.record.actor, found.record.site};
  if (!from.by_hub && found.record.site != from.site) {
    return inadmissible(std::move(found), "speaks for another site");
  }
  const auto type = domain::find_event_type(found.record.type);
  if (!type) return parked(std::move(found), "unknown event type");
  if (!domain::may_write(*type, from.by_hub)) {
    return inadmissible(std::move(found),
                        std::string(type->name) + " is not this author's to write");
  }
  const auto kind = static_cast<char>(type->aggregate);
  const bool keyed = type->aggregate == domain::AggregateKind::kNone
                         ? found.record.key.empty()
                         : domain::is_key(found.record.key) && found.record.key.front() == kind;
  if (!keyed) return inadmissible(std::move(found), "the key does not fit the event");
  if (!from.by_hub && type->aggregate == domain::AggregateKind::kNode &&
      found.record.key != domain::node_key(from.ref.node).bytes()) {
    return inadmissible(std::move(found), "speaks for another device");
  }
  auto event = wire::decode_event(found.record.type, found.record.sv, found.record.payload);
  if (!event) return parked(std::move(found), event.error().message);
  if (!names_its_aggregate(found.record, *event)) {
    return inadmissible(std::move(found), "the key names another aggregate than the event");
  }
  found.kind = Interpretation::Kind::kUnderstood;
  found.event = *std::move(event);
  return found;
}

}  // namespace cairn::storage
