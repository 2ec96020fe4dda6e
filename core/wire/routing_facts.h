#pragma once
// Routing facts as octets, for the store of decisions at the hub. Any thread.

#include "core/base/bytes.h"
#include "core/domain/routing/routing_facts.h"

namespace cairn::wire {

/// Largest facts anybody reads, in octets.
inline constexpr std::size_t kMaxRoutingFacts = 8U << 20U;

/// Every site has as many lines as the order has needs, and so has `facts.units`.
/// Errors: kInvalid "facts_too_large".
Result<Bytes> encode(const domain::RoutingFacts& facts);

/// Errors: kCorrupt "bad_routing_facts".
Result<domain::RoutingFacts> decode_routing_facts(BytesView octets);

}  // namespace cairn::wire
