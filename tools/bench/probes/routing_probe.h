#pragma once

#include <cstdint>

namespace cairn::bench {

/// Orders routed at the least cost, in turns with the bare search and, where it is there, with CBC;
/// every cost is compared with theirs.
void routing_probe(std::uint64_t rounds, std::uint64_t orders);

}  // namespace cairn::bench
