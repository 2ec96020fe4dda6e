#pragma once

#include <cstdint>
#include <string>

namespace cairn::bench {

/// Eight nodes send a hub what has gathered; in turns with the same rows written by the barest
/// means, as many in a transaction. `folder`: empty, on the disk to be measured.
void ingest_probe(const std::string& folder, std::uint64_t rounds, std::uint64_t events);

}  // namespace cairn::bench
