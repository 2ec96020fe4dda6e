#pragma once
// Domain event <-> payload octets. One codec per aggregate; older payload versions are lifted here.

#include "core/base/bytes.h"
#include "core/domain/event.h"

#include <cstdint>

namespace cairn::wire {

Bytes encode_payload(const domain::Event& event);

/// Errors: kNotFound "unknown_event_type" or "unknown_event_version" (written by a newer program:
/// park it); kCorrupt "bad_payload".
Result<domain::Event> decode_event(std::uint32_t type, std::uint32_t sv, BytesView payload);

}  // namespace cairn::wire
