#pragma once
// A routing trace as octets: one form for each trace, so that its hash names the decision and two
// machines that decided alike have the same octets. Any thread.

#include "core/base/bytes.h"
#include "core/crypto/hash.h"
#include "core/domain/routing/routing_trace.h"

namespace cairn::wire {

/// Largest trace anybody reads, in octets.
inline constexpr std::size_t kMaxRoutingTrace = 8U << 20U;

/// `trace.candidates` has as many offers as sites times needs.
/// Errors: kInvalid "trace_too_large".
Result<Bytes> encode(const domain::RoutingTrace& trace);

/// BLAKE2b-128 of the octets.
crypto::Hash128 routing_trace_hash(BytesView octets);

/// Errors: kCorrupt "bad_routing_trace": not what encode() wrote, of this or an earlier release.
Result<domain::RoutingTrace> decode_routing_trace(BytesView octets);

}  // namespace cairn::wire
