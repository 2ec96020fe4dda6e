#include "core/program/record_json.h"

#include "core/domain/registry.h"
#include "core/program/shapes.h"
#include "core/wire/event_codec.h"
#include "core/wire/record.h"

#include <fmt/format.h>

namespace cairn::program {
namespace {

/// What the record says, as far as this program understands it.
void set_words(json::Value& object, BytesView octets) {
  const auto record = wire::decode_record(octets);
  const wire::Record& said = record ? *record : wire::Record{};
  const auto type = domain::find_event_type(said.type);
  const bool person = !said.actor.value().is_nil();
  object.set("time", said.hlc.utc().text())
      .set("hlc", fmt::format("{}", said.hlc.value))
      .set("type", said.type);
  set_or_null(object, "event", type ? std::optional(std::string(type->name)) : std::nullopt);
  object.set("site", said.site.text());
  set_or_null(object, "actor", person ? std::optional(said.actor.value().text()) : std::nullopt);
  object.set("key", to_hex(said.key));
}

}  // namespace

json::Value record_json(const storage::LogRow& row) {
  auto object = json::Value::object();
  object.set("node", row.ref.node.value().text())
      .set("inc", hex64(row.ref.inc.value()))
      .set("seq", row.ref.seq);
  set_words(object, row.record);
  if (row.fseq == 0) {
    object.set_null("feed").set_null("fseq");
  } else {
    object.set("feed", row.feed).set("fseq", row.fseq);
  }
  const auto record = wire::decode_record(row.record);
  const auto event = record ? wire::decode_event(record->type, record->sv, record->payload)
                            : Result<domain::Event>(fail(record.error()));
  if (event) {
    object.set("payload", event_json(*event));
  } else {
    object.set_null("payload");
  }
  // The octets of a StaffAssigned hold the hash of a six-digit PIN, which its guesser would find.
  const bool withheld = record && record->type == domain::StaffAssigned::kTypeId;
  set_or_null(object, "record", withheld ? std::nullopt : std::optional(to_hex(row.record)));
  set_or_null(object, "chain", row.chain.empty() ? std::nullopt : std::optional(to_hex(row.chain)));
  return object;
}

}  // namespace cairn::program
