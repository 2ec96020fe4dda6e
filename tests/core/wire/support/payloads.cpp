#include "tests/core/wire/support/payloads.h"

#include "core/wire/event_codec.h"
#include "tests/core/wire/support/samples.h"
#include "tests/support/catch.h"

#include <utility>

namespace cairn::wire::test {
namespace {

ProtoFields payload_of(const std::string& name) {
  return ProtoFields(encode_payload(sample(name).event));
}

Result<domain::Event> decode(const std::string& name, const ProtoFields& fields) {
  return decode_event(type_of(sample(name).event), 1, fields.bytes());
}

}  // namespace

Change without(std::uint32_t number) {
  return [number](const ProtoFields& fields) { return fields.without(number); };
}

Change number(std::uint32_t number, std::uint64_t value) {
  return [number, value](const ProtoFields& fields) { return fields.with_varint(number, value); };
}

Change octets(std::uint32_t number, Bytes content) {
  return [number, content = std::move(content)](const ProtoFields& fields) {
    return fields.with_octets(number, content);
  };
}

Change inside(std::uint32_t number, Change change) {
  return [number, change = std::move(change)](const ProtoFields& fields) {
    return fields.with_octets(number, change(fields.nested(number)).bytes());
  };
}

void check_refused(const std::string& name, const std::vector<Wrong>& all) {
  for (const Wrong& wrong : all) {
    CAPTURE(name, wrong.what);
    const ProtoFields changed = wrong.change(payload_of(name));
    REQUIRE_NOTHROW(decode(name, changed));
    const auto event = decode(name, changed);
    CHECK_FALSE(event);
    if (event) continue;
    CHECK(event.error().code == ErrorCode::kCorrupt);
    CHECK(event.error().reason == "bad_payload");
    CHECK_THAT(event.error().message, Catch::StartsWith(name + ": "));
  }
}

void check_optional(const std::string& name, const std::vector<std::uint32_t>& fields) {
  for (const std::uint32_t number : fields) {
    CAPTURE(name, number);
    CHECK(decode(name, payload_of(name).without(number)).has_value());
  }
}

}  // namespace cairn::wire::test
