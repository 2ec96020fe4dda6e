// Records, and the events in them: what decodes encodes to the same, and can be shown to people.

#include "core/wire/record.h"

#include "core/domain/event_refs.h"
#include "core/domain/registry.h"
#include "core/json/value.h"
#include "core/program/event_sentence.h"
#include "core/program/shapes.h"
#include "core/storage/interpret.h"
#include "core/wire/event_codec.h"
#include "tests/fuzzing/target.h"

namespace cairn::fuzz {
namespace {

void check_event(std::uint32_t type, std::uint32_t sv, BytesView octets) {
  const auto event = wire::decode_event(type, sv, octets);
  if (!event) {
    const ErrorCode code = event.error().code;
    hold(code == ErrorCode::kCorrupt || code == ErrorCode::kNotFound,
         "a bad payload is corrupt, an unknown one is not found");
    return;
  }
  hold(domain::type_of(*event) == type, "an event is of the type it was decoded as");
  const Bytes again = wire::encode_payload(*event);
  const auto same = wire::decode_event(type, domain::find_event_type(type)->version, again);
  hold(same && *same == *event, "encoding and decoding an event gives the event");
  hold(wire::encode_payload(*same) == again, "what we encode is canonical");
  const std::string shown = program::event_json(*event).dump();
  const auto parsed = cairn::json::parse(shown);
  hold(parsed && parsed->dump() == shown, "an event is shown as JSON");
  hold(!program::event_sentence(*event, {}, {}).empty(), "an event is told as a sentence");
  domain::Event renamed = *event;
  domain::each_ref(renamed, [](EventRef& ref) { ref.seq = 1; });
}

}  // namespace

void record(BytesView input) {
  for (const bool by_hub : {false, true}) {
    const auto found = storage::interpret({{}, by_hub, {}}, input);
    hold((found.kind == storage::Interpretation::Kind::kUnderstood) == found.event.has_value(),
         "what is understood has an event");
  }
  const auto record = wire::decode_record(input);
  if (!record) {
    hold(record.error().code == ErrorCode::kCorrupt, "a bad record is corrupt and nothing else");
    return;
  }
  const auto again = wire::encode_record(*record);
  if (!again) {
    hold(again.error().reason == "record_too_large", "a record is refused for its size only");
    return;
  }
  const auto same = wire::decode_record(*again);
  hold(same && *same == *record, "encoding and decoding a record gives the record");
  hold(wire::encode_record(*same).value() == *again, "what we encode is canonical");
  check_event(record->type, record->sv, record->payload);
}

void payload(BytesView input) {
  if (input.empty()) return;
  const auto& types = domain::event_types();
  const auto& type = types.at(static_cast<unsigned char>(input.front()) % types.size());
  check_event(type.id, type.version, input.substr(1));
}

}  // namespace cairn::fuzz
