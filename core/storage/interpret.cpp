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
                         : !found.record.key.empty() && found.record.key.front() == kind;
  if (!keyed) return inadmissible(std::move(found), "the key does not fit the event");
  auto event = wire::decode_event(found.record.type, found.record.sv, found.record.payload);
  if (!event) return parked(std::move(found), event.error().message);
  found.kind = Interpretation::Kind::kUnderstood;
  found.event = *std::move(event);
  return found;
}

}  // namespace cairn::storage
