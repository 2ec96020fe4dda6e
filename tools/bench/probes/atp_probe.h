#pragma once

#include <cstdint>
#include <string>

namespace cairn::bench {

/// Asks the stock in memory what can be promised of an article over all its sites, and of one site;
/// in turns with bare rows in memory and with SQLite. `folder`: empty. `cells`: in memory, 200 of
/// each article; SQLite holds three million of them at most.
void atp_probe(const std::string& folder, std::uint64_t rounds, std::uint64_t cells);

}  // namespace cairn::bench
