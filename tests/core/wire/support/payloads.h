#pragma once
// Payloads with one field missing or wrong, and what decoding says about them.

#include "tests/core/wire/support/proto_fields.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cairn::wire::test {

using Change = std::function<ProtoFields(const ProtoFields&)>;

Change without(std::uint32_t number);
Change number(std::uint32_t number, std::uint64_t value);
Change octets(std::uint32_t number, Bytes content);
/// Changes the message inside the first field of that number.
Change inside(std::uint32_t number, Change change);

struct Wrong {
  std::string what;
  Change change;
};

/// Decodes the sample of that name after each change: each is refused as kCorrupt "bad_payload",
/// and nothing is thrown.
void check_refused(const std::string& name, const std::vector<Wrong>& all);
/// Decodes the sample without one field after the other: each is accepted, these may be absent.
void check_optional(const std::string& name, const std::vector<std::uint32_t>& fields);

}  // namespace cairn::wire::test
