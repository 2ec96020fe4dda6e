#pragma once
// Which of the 64 lanes carries a node's uplink; ingest workers own lanes. Any thread.

#include "core/base/ids.h"

#include <cstdint>

namespace cairn::wire {

inline constexpr std::uint32_t kLanes = 64;

/// XXH3-64 of the node's 16 octets, modulo kLanes.
std::uint32_t lane_of(NodeId node);

}  // namespace cairn::wire
