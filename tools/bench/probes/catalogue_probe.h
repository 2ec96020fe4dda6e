#pragma once

#include <cstdint>
#include <string>

namespace cairn::bench {

/// Writes the rows of a catalogue by the barest means, as many articles in a transaction as a feed
/// frame has. `folder`: empty, on the disk to be measured.
void catalogue_probe(const std::string& folder, std::uint64_t rounds, std::uint64_t articles);

/// Opens a database with nothing around it, says so, and waits for the end of input.
void floor_probe(const std::string& folder);

}  // namespace cairn::bench
